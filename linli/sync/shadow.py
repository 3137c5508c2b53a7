"""Settings by shadow: the pure state machine of one terminal.

| state   | kept                    | in force | next                                              |
|---------|-------------------------|----------|---------------------------------------------------|
| resting | `trial` none            | good     | `offered`: another wish that fits → chosen        |
| chosen  | `trial.starts` is 0     | good     | `started` → trying                                |
| trying  | `trial.starts` 1 to 2   | trial    | `proven` → resting, the trial is good             |
|         |                         |          | `failed` → resting, good as it was                |
|         |                         |          | `started` (a power cut, a crash) → trying once    |
|         |                         |          | more, and then resting, as `interrupted`          |
| any     |                         |          | `offered`: another wish takes the trial's place   |

The caller keeps each state on disk before it acts on it: `chosen` before the program is started
anew, `trying` before the settings are used, `resting` before it reports. Whatever instant the power
goes, the next start reads the state before or after; either has the old settings or the new ones
in force, whole. Only `proven` ever changes what is good.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from linli.sync.shadow_messages import ShadowFault, ShadowState

PROBATION_S = 60.0
STARTS = 2
"""How often one trial is started: a power cut alone does not condemn it, a second one does."""

Document = dict[str, Any]


class Wish(Struct, frozen=True):
    """A `desired` that was read. Two are the same only with the same document: a ledger that was
    put back to an older state uses its versions again."""

    version: int
    doc: Document


class Trial(Struct, frozen=True):
    wish: Wish
    starts: int = 0


class Answer(Struct, frozen=True):
    """What is said of a wish."""

    wish: Wish
    state: ShadowState
    error: ShadowFault | None = None
    detail: str = ""


NOTHING = Wish(0, {})


class Shadow(Struct, frozen=True):
    """What is kept. `good` is the last wish that stood its probation, at first the terminal's own
    file alone; `answer` is the last word about any."""

    good: Wish = NOTHING
    trial: Trial | None = None
    answer: Answer | None = None


def in_force(shadow: Shadow) -> Document:
    """The settings to run by. A chosen trial is not in force before its start is counted."""
    if shadow.trial is not None and shadow.trial.starts:
        return shadow.trial.wish.doc
    return shadow.good.doc


def on_trial(shadow: Shadow) -> bool:
    """Whether a probation runs, or is to begin with the next start."""
    return shadow.trial is not None


def offered(
    shadow: Shadow, wish: Wish, fault: ShadowFault | None = None, detail: str = ""
) -> Shadow:
    """The ledger wants this; `fault` is what is wrong with it by itself. The same wish again, as
    with each reconnect, changes nothing: what failed is not tried in circles.

    Start the program anew where the trial has changed: also where a bad wish ended one, as that
    trial's settings are in force no more."""
    before = shadow.answer
    again = before is not None and before.wish == wish
    now_fits = again and fault is None and _refused(before)
    if again and not now_fits:
        return shadow
    if fault is not None:
        answer = Answer(wish, ShadowState.REFUSED, fault, detail)
        return replace(shadow, trial=None, answer=answer)
    if wish.doc == shadow.good.doc:
        good = Answer(wish, ShadowState.APPLIED)
        return Shadow(good=wish, trial=None, answer=good)
    return replace(shadow, trial=Trial(wish), answer=Answer(wish, ShadowState.TRYING))


def started(shadow: Shadow) -> Shadow:
    """At each start of the program, before settings are used."""
    if shadow.trial is None:
        return shadow
    if shadow.trial.starts >= STARTS:
        return failed(shadow, ShadowFault.INTERRUPTED)
    return replace(shadow, trial=replace(shadow.trial, starts=shadow.trial.starts + 1))


def proven(shadow: Shadow) -> Shadow:
    """The trial stood its probation; without one that was started nothing changes."""
    if shadow.trial is None or not shadow.trial.starts:
        return shadow
    wish = shadow.trial.wish
    return Shadow(good=wish, trial=None, answer=Answer(wish, ShadowState.APPLIED))


def failed(shadow: Shadow, fault: ShadowFault, detail: str = "") -> Shadow:
    """The trial did not stand; the last known good is in force from the next start on."""
    if shadow.trial is None:
        return shadow
    answer = Answer(shadow.trial.wish, ShadowState.FAILED, fault, detail)
    return replace(shadow, trial=None, answer=answer)


def _refused(answer: Answer | None) -> bool:
    return answer is not None and answer.state is ShadowState.REFUSED


class Evidence(Struct, frozen=True):
    """What a probation has seen so far."""

    drawn: bool = False
    database: bool = False
    display: bool = True
    linked: bool = False


def verdict(
    evidence: Evidence, elapsed_s: float, connection_changed: bool
) -> ShadowFault | bool | None:
    """True: it stands. A fault: it does not. None: not decided yet.

    A terminal without a network still proves its loudness or its colours: the broker is asked
    for only where the way to it was changed. Nothing passes before the time is up, as what fails
    may fail late."""
    if elapsed_s < PROBATION_S:
        return None
    for seen, fault in (
        (evidence.drawn, ShadowFault.NOT_DRAWN),
        (evidence.database, ShadowFault.NO_DATABASE),
        (evidence.display, ShadowFault.NO_DISPLAY),
        (evidence.linked or not connection_changed, ShadowFault.NO_BROKER),
    ):
        if not seen:
            return fault
    return True
