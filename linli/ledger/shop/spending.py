"""What a spend takes from a lease. Pure.

Spends come in any order and more than once. What all of a lease's spends take together is the
smaller of their sum and of what was leased, so that their order makes no difference even where a
terminal says that it spent more than it had; what each one lacked is recorded as a conflict.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a terminal's word."""

    APPLIED = "applied"
    OVERSPENT = "overspent"
    """The lease had less left: that was taken, the rest is recorded as a conflict."""
    AFTER_END = "after-end"
    """The lease had ended before, by the terminal's own word or by staff: nothing was taken,
    and a spend is recorded as a conflict."""
    OTHER_CONTENT = "other-content"
    """The ledger has something else under this number already: for parking."""
    UNKNOWN_LEASE = "unknown-lease"
    """This terminal has no such lease: for parking, until there is one."""


RECORDED = frozenset({Outcome.APPLIED, Outcome.OVERSPENT, Outcome.AFTER_END})


@dataclass(frozen=True, slots=True)
class Held:
    """What is left of a lease. A terminal that gave it back in its event `closed_seq` spent
    nothing of it from then on; one that staff retired spends nothing any more."""

    left: int
    closed_seq: int | None
    by_staff: bool


def decide(held: Held, seq: int, points: int) -> tuple[int, Outcome]:
    """How many points a spend takes, and what that makes of it."""
    if held.by_staff or (held.closed_seq is not None and seq >= held.closed_seq):
        return 0, Outcome.AFTER_END
    taken = min(points, held.left)
    return taken, Outcome.APPLIED if taken == points else Outcome.OVERSPENT


def digest_of(lease: str, points: int, what: str, ware: str | None, pieces: int) -> str:
    """A mark of all that a spend says: the same number with another one is another spend."""
    of_ware = () if ware is None else (ware, str(pieces))
    said = "\0".join((lease, str(points), what, *of_ware))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
