"""What the board shows, as plain values. `board/picture.py` makes them, `board/window.py` draws."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Tab(StrEnum):
    """What the large part of the board shows: one of the rankings, the month on notice, a story."""

    RESIDENT = "resident"
    CADRE = "cadre"
    UNIT = "unit"
    NOTICE = "notice"
    STORY = "story"


RANKINGS = (Tab.RESIDENT, Tab.CADRE, Tab.UNIT)


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
class Placed:
    """One of the first of a month on notice."""

    tab: Tab
    rank: int
    name: str
    points: int


@dataclass(frozen=True)
class Noticed:
    """The month on notice. `closes` is the last day on which somebody may object, by `ways`;
    `root` is how the record's fingerprint begins, "" without a record."""

    month: str
    opens: dt.date
    closes: dt.date
    is_sealed: bool
    deeds: int
    points: int
    people: int
    units: int
    top: tuple[Placed, ...]
    ways: tuple[str, ...]
    root: str
    leaves: int


@dataclass(frozen=True)
class Tale:
    """A story. `name` is "" where it is about nobody in particular, `honour` without one."""

    id: str
    title: str
    text: str
    name: str
    honour: str
    year: str


@dataclass(frozen=True)
class BoardState:
    """One whole picture. `coming_is_today` says whether `coming` lists what is left of today or,
    with nothing left, tomorrow's. `record` is the feed's last number (0: nothing yet). `notice` is
    there while a month hangs and shortly after it, whatever the tab; `tale` on its own tab only."""

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
    notice: Noticed | None = None
    tale: Tale | None = None
