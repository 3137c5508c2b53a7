"""When the program is started again, and when it is taken for frozen. Pure; times are monotonic
seconds.

| seen                                             | then                                         |
|--------------------------------------------------|----------------------------------------------|
| no beat for 10 s after the first one             | ended, and started again                     |
| no first beat within 60 s of its start           | ended, and started again                     |
| it ended                                         | started again after half a second            |
| it ended within 2 min of its start, three times  | in trouble: started again after 10 s, then   |
| in a row                                         | 20, 40, … at most 5 min, with a notice on    |
|                                                  | the screen meanwhile                         |
| 5 min of a version on trial, not confirmed       | ended; the launcher starts what is next      |
| it lasted longer, or somebody asked for the end  | out of trouble                               |
"""

from __future__ import annotations

from dataclasses import dataclass, replace

FROZEN_S, FIRST_S = 10.0, 60.0
SOON_S, LATER_S, LONGEST_S = 0.5, 10.0, 300.0
OFTEN, STEADY_S = 3, 120.0
TRIAL_S = 300.0


@dataclass(frozen=True)
class Watched:
    """`started_at` of the program that runs or ran last, `beat_at` of its last beat; `short` counts
    those in a row that ended soon."""

    started_at: float
    beat_at: float | None = None
    short: int = 0

    @property
    def came_up(self) -> bool:
        return self.beat_at is not None

    @property
    def in_trouble(self) -> bool:
        return self.short >= OFTEN


def started(before: Watched | None, now: float) -> Watched:
    """Another program runs since `now`."""
    return Watched(now, None, 0 if before is None else before.short)


def beaten(watched: Watched, now: float) -> Watched:
    return replace(watched, beat_at=now)


def ended(watched: Watched, now: float, *, asked: bool) -> Watched:
    """It ended at `now`, or was ended; `asked` where somebody wanted that."""
    lasted = asked or now - watched.started_at >= STEADY_S
    return replace(watched, short=0 if lasted else watched.short + 1)


def is_frozen(watched: Watched, now: float) -> bool:
    """Whether it must be ended."""
    if watched.beat_at is None:
        return now - watched.started_at > FIRST_S
    return now - watched.beat_at > FROZEN_S


def is_trial_over(watched: Watched, now: float) -> bool:
    """Whether a version on trial must have confirmed itself by now."""
    return now - watched.started_at > TRIAL_S


def pause_before(watched: Watched) -> float:
    """How long to wait before it is started once more."""
    if not watched.in_trouble:
        return SOON_S
    return min(LONGEST_S, LATER_S * float(2 ** min(watched.short - OFTEN, 16)))
