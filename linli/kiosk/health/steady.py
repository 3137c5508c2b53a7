"""When a part counts as failed or as working again. Pure.

A reader that is gone for two seconds while its cable is moved has not failed; one that comes and
goes must not be said each time. So a part has to stand as it is for a while, and for longer each
time it has changed lately.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

SETTLES_S, LONGEST_S = 5.0, 300.0
LATELY_S = 900.0


@dataclass(frozen=True, slots=True)
class Stand:
    """`works` is what counts; `seen` what was seen last, since `since`. `changes` are those that
    counted lately, the last at `changed_at`."""

    works: bool
    seen: bool
    since: float
    changes: int = 0
    changed_at: float = 0.0


Stands = Mapping[str, Stand]


def looked(before: Stands, seen: Mapping[str, bool], now: float) -> dict[str, Stand]:
    """After another look at all parts, at `now` in monotonic seconds. One that was just started is
    given its time as well."""
    return {part: _after(before.get(part), works, now) for part, works in seen.items()}


def _after(before: Stand | None, works: bool, now: float) -> Stand:
    if before is None:
        return Stand(True, works, now)
    stand = before if before.seen is works else replace(before, seen=works, since=now)
    if stand.seen is stand.works or now - stand.since < _needed(stand, now):
        return stand
    changes = stand.changes + 1 if now - stand.changed_at < LATELY_S else 1
    return replace(stand, works=stand.seen, changes=changes, changed_at=now)


def _needed(stand: Stand, now: float) -> float:
    if now - stand.changed_at >= LATELY_S:
        return SETTLES_S
    return min(LONGEST_S, SETTLES_S * float(2 ** min(stand.changes, 8)))
