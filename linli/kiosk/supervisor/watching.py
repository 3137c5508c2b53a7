"""When the program is started again, and when it is taken for frozen. Pure; times are monotonic
seconds.

| seen                                             | then                                         |
|--------------------------------------------------|----------------------------------------------|
| no beat for 10 s after the first one             | killed, and started again                    |
| no first beat within 60 s of its start           | killed, and started again                    |
| it ended                                         | started again after half a second            |
| it was started five times within a minute        | after ten seconds instead                    |
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

FROZEN_S, FIRST_S = 10.0, 60.0
SOON_S, LATER_S = 0.5, 10.0
OFTEN, WITHIN_S = 5, 60.0


@dataclass(frozen=True)
class Watched:
    """`started_at` of the program that runs, `beat_at` of its last beat, `starts` of late."""

    started_at: float
    beat_at: float | None = None
    starts: tuple[float, ...] = field(default=())

    @property
    def came_up(self) -> bool:
        return self.beat_at is not None


def started(before: Watched | None, now: float) -> Watched:
    """Another program runs since `now`."""
    earlier = () if before is None else before.starts
    recent = tuple(at for at in earlier if now - at < WITHIN_S)
    return Watched(now, None, (*recent, now))


def beaten(watched: Watched, now: float) -> Watched:
    return replace(watched, beat_at=now)


def is_frozen(watched: Watched, now: float) -> bool:
    """Whether it must be killed."""
    if watched.beat_at is None:
        return now - watched.started_at > FIRST_S
    return now - watched.beat_at > FROZEN_S


def pause_before(watched: Watched, now: float) -> float:
    """How long to wait before it is started once more."""
    recent = [at for at in watched.starts if now - at < WITHIN_S]
    return LATER_S if len(recent) >= OFTEN else SOON_S
