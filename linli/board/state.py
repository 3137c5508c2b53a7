"""What the board shows, as plain values: `picture.py` makes them, windows and pages draw them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Tab(StrEnum):
    """What the large part of the board shows; the values are those of `BoardPage.page`."""

    RESIDENT = "resident"
    CADRE = "cadre"
    UNIT = "unit"
    BUILDING = "building"
    DEEDS = "deeds"
    NOTICE = "notice"
    TOMORROW = "tomorrow"
    STORY = "story"
    STANDARD = "standard"
    SHOP = "shop"


KINDS = (Tab.RESIDENT, Tab.CADRE, Tab.UNIT)
RANKINGS = (*KINDS, Tab.BUILDING)


@dataclass(frozen=True)
class Rank:
    """One line of the ranking: `posted` is drawn solid, `pending` hatched and lighter. `people` is
    how many a building has; there `account` is the building."""

    account: str
    rank: int
    name: str
    building: str
    posted: int
    pending: int
    people: int = 0


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
class Altered:
    """What one item brings from a day on: `old` is None for a new one, `new` for one that ends."""

    code: str
    name: str
    old: int | None
    new: int | None


@dataclass(frozen=True)
class Alterations:
    """Some changes of the standard: `part` of `parts`, 1 the first."""

    since: dt.date
    items: tuple[Altered, ...]
    part: int
    parts: int


@dataclass(frozen=True)
class Sold:
    """Something to redeem. `left` is None where it is not counted; `merchant` is "" for what the
    centre itself gives."""

    id: str
    kind: str
    name: str
    points: int
    left: int | None
    merchant: str


@dataclass(frozen=True)
class Shop:
    """Some of what there is to redeem while the window is open, which is until `closes`."""

    closes: dt.datetime
    items: tuple[Sold, ...]
    part: int
    parts: int


@dataclass(frozen=True)
class Urgent:
    """What is over everything else, until when."""

    text: str
    until: dt.datetime


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
    per: str = "month"
    """The ranking's period: week, month or year."""
    deeds: tuple[Latest, ...] = ()
    tomorrow: tuple[Coming, ...] = ()
    first: tuple[Rank, ...] = ()
    """The first of the residents' month, beside a page that tells of deeds itself."""
    alterations: Alterations | None = None
    shop: Shop | None = None
    urgent: Urgent | None = None
    offline_since: dt.datetime | None = None
    darkness: float = 0.0
