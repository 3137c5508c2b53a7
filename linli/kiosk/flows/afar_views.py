"""View states of what is shown because somebody wants it from afar, and what a touch there means.

Plain values, no words.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """Words on the resting screen before `until`; `en` may be empty."""

    zh: str
    en: str
    until: dt.datetime


@dataclass(frozen=True)
class OutOfService:
    """The terminal is being looked after, and serves nobody. It rests as the resting screen does.
    `call` says who looks after it, where the settings tell."""

    centre: str
    call: str = ""


@dataclass(frozen=True)
class AskPicture:
    """Whether whoever stands here agrees that a maintainer sees their screen as it is. `shown_s` is
    how long they are asked: no answer is a no."""

    shown_s: int


AfarView = OutOfService | AskPicture


@dataclass(frozen=True)
class AnswerPicture:
    agreed: bool


AfarAction = AnswerPicture
