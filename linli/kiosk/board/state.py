"""What the board shows, as plain values. `board/picture.py` makes them, `board/window.py` draws."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Tab(StrEnum):
    RESIDENT = "resident"
    CADRE = "cadre"
    UNIT = "unit"


@dataclass(frozen=True)
class Rank:
    """One line of the ranking: `posted` is drawn solid, `pending` hatched and lighter."""

    account: str
    rank: int
    name: str
    building: str
    posted: int
    pending: int


@dataclass(frozen=True)
class Latest:
    """A line of 刚刚: points None means checked in, still to sign out."""

    id: str
    name: str
    title: str
    points: int | None
    at: dt.datetime


@dataclass(frozen=True)
class Coming:
    """An activity of the right-hand column."""

    title: str
    starts_at: dt.datetime
    place: str
    points: int


@dataclass(frozen=True)
class BoardState:
    """One whole picture. `coming_is_today` says whether `coming` lists what is left of today or,
    with nothing left, tomorrow's. `record` is the feed's last number (0: nothing yet)."""

    place: str
    now: dt.datetime
    tab: Tab
    month: str
    ranks: tuple[Rank, ...]
    latest: tuple[Latest, ...]
    coming: tuple[Coming, ...]
    coming_is_today: bool
    updated_at: dt.datetime | None
    offline: bool
    record: int
    participants: int
    """People of this tab's kind with points this month."""
