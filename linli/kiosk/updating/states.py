"""How far an update has come, and which version starts next. Pure.

| step       | then                                                                            |
|------------|---------------------------------------------------------------------------------|
| downloaded | the bundle is whole on the disk; its slot is emptied and filled again            |
| unpacked   | every wheel is installed; it must say its version                               |
| verified   | it may be switched to, at a moment that suits                                   |
| switched   | the next start is the new version                                               |
| probation  | it was started; confirmed by itself, or rolled back at the start after the third |

A version that was rolled back twice is refused from then on: the loop ends there, until somebody
publishes another one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

STARTS = 3
"""A power cut in a probation is not the version's fault, so one failed start proves nothing."""
ROLLED_BACK_MOST = 2
SLOTS = ("a", "b")


class Step(StrEnum):
    DOWNLOADED = "downloaded"
    UNPACKED = "unpacked"
    VERIFIED = "verified"
    SWITCHED = "switched"
    PROBATION = "probation"


class UpdateRefusedError(Exception):
    """What was asked does not follow from where the update stands; the text says why."""


@dataclass(frozen=True)
class Candidate:
    """A version on its way; `starts` counts those of its probation."""

    version: str
    slot: str
    step: Step = Step.DOWNLOADED
    starts: int = 0


@dataclass(frozen=True)
class Standing:
    """`slot` is where the confirmed version lies, None for the one of the package; `rolled_back`
    counts by version."""

    slot: str | None = None
    version: str | None = None
    candidate: Candidate | None = None
    rolled_back: dict[str, int] = field(default_factory=dict)

    @property
    def starts_from(self) -> str | None:
        """The slot that the next start takes; None for the package's own version."""
        on_trial = self.candidate
        if on_trial is not None and on_trial.step in (Step.SWITCHED, Step.PROBATION):
            return on_trial.slot
        return self.slot


def downloaded(standing: Standing, version: str) -> Standing:
    """Begin with this version, in the slot that nothing starts from.

    Raises UpdateRefusedError for a version that was rolled back too often, is there already, or
    comes while another is on trial. One that was not switched to yet is given up for it."""
    if standing.rolled_back.get(version, 0) >= ROLLED_BACK_MOST:
        raise UpdateRefusedError(
            f"{version} was rolled back {ROLLED_BACK_MOST} times here: publish another version"
        )
    if version == standing.version:
        raise UpdateRefusedError(f"{version} runs here already")
    before = standing.candidate
    if before is not None and before.step in (Step.SWITCHED, Step.PROBATION):
        raise UpdateRefusedError(f"{before.version} is on trial: wait until that is decided")
    free = next(slot for slot in SLOTS if slot != standing.slot)
    return replace(standing, candidate=Candidate(version, free))


def unpacked(standing: Standing) -> Standing:
    return _step(standing, Step.DOWNLOADED, Step.UNPACKED)


def verified(standing: Standing) -> Standing:
    return _step(standing, Step.UNPACKED, Step.VERIFIED)


def switched(standing: Standing) -> Standing:
    return _step(standing, Step.VERIFIED, Step.SWITCHED)


def given_up(standing: Standing) -> Standing:
    """It could not be unpacked or verified. It counts like a roll-back: a bundle that is broken
    here stays broken."""
    candidate = _candidate(standing)
    if candidate.step in (Step.SWITCHED, Step.PROBATION):
        raise UpdateRefusedError(
            f"{candidate.version} is on trial: it is rolled back, not given up"
        )
    return _failed(standing, candidate)


def starting(standing: Standing) -> Standing:
    """The program is about to be started: the one of `starts_from` of what is returned."""
    candidate = standing.candidate
    if candidate is None or candidate.step not in (Step.SWITCHED, Step.PROBATION):
        return standing
    if candidate.starts >= STARTS:
        return _failed(standing, candidate)
    on_trial = replace(candidate, step=Step.PROBATION, starts=candidate.starts + 1)
    return replace(standing, candidate=on_trial)


def confirmed(standing: Standing) -> Standing:
    """It stood its probation. Raises UpdateRefusedError where none is on probation."""
    candidate = _candidate(standing)
    if candidate.step is not Step.PROBATION:
        raise UpdateRefusedError(f"{candidate.version} is not on probation")
    return replace(standing, slot=candidate.slot, version=candidate.version, candidate=None)


def _step(standing: Standing, before: Step, after: Step) -> Standing:
    candidate = _candidate(standing)
    if candidate.step is not before:
        raise UpdateRefusedError(f"{candidate.version} is {candidate.step}, not {before}")
    return replace(standing, candidate=replace(candidate, step=after))


def _failed(standing: Standing, candidate: Candidate) -> Standing:
    times = standing.rolled_back.get(candidate.version, 0) + 1
    counted = {**standing.rolled_back, candidate.version: times}
    return replace(standing, candidate=None, rolled_back=counted)


def _candidate(standing: Standing) -> Candidate:
    if standing.candidate is None:
        raise UpdateRefusedError("no update is under way")
    return standing.candidate
