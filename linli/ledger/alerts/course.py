"""The course of one alert, from the first sign of a fault to its end. Pure.

| state   | the fault is there                     | it is not                    | not known |
|---------|----------------------------------------|------------------------------|-----------|
| nothing | pending; open at once where `hold` is 0 | nothing                      | nothing   |
| pending | open once it was there for `hold`       | nothing                      | pending   |
| open    | open                                   | ended once it is so for `calm` | open    |

So a part that flaps within `hold` is no alert, and one that flaps within `calm` is one alert.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum


class Turn(StrEnum):
    """What a step changed for whoever is told."""

    BEGAN = "began"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Course:
    """`since` is when the fault was first seen, `began` when it became an alert, `gone` since when
    an open alert's fault is not there any more."""

    since: dt.datetime
    began: dt.datetime | None = None
    gone: dt.datetime | None = None


def step(
    course: Course | None,
    met: bool | None,
    now: dt.datetime,
    hold: dt.timedelta,
    calm: dt.timedelta,
) -> tuple[Course | None, Turn | None]:
    """What becomes of it when the fault is there (`met`), is not, or None: nobody can tell."""
    if met is None:
        return course, None
    if course is None or course.began is None:
        return _before(course, met, now, hold)
    if met:
        return replace(course, gone=None), None
    gone = _not_later(course.gone or now, now)
    if now - gone >= calm:
        return None, Turn.ENDED
    return replace(course, gone=gone), None


def _before(
    course: Course | None, met: bool, now: dt.datetime, hold: dt.timedelta
) -> tuple[Course | None, Turn | None]:
    if not met:
        return None, None
    since = _not_later(course.since, now) if course else now
    if now - since >= hold:
        return Course(since, began=now), Turn.BEGAN
    return Course(since), None


def _not_later(moment: dt.datetime, now: dt.datetime) -> dt.datetime:
    """A clock that was put back must not keep an alert waiting."""
    return min(moment, now)
