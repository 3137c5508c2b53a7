"""View states of the news: what is new in the community.

Like those of `visit_views.py`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class NewsKind(StrEnum):
    NOTICE = "notice"
    RANKING = "ranking"
    STORY = "story"


@dataclass(frozen=True)
class NewsRow:
    kind: NewsKind
    id: str
    title: str
    day: dt.date | None
    note: str = ""


@dataclass(frozen=True)
class News:
    """What is new in the community, the newest first."""

    place: str
    rows: tuple[NewsRow, ...]


@dataclass(frozen=True)
class Article:
    """A page of a story."""

    title: str
    text: str
    by: str
    page: int
    pages: int


@dataclass(frozen=True)
class NoticeSheet:
    """A month on notice, in its sums."""

    month: dt.date
    opens: dt.date
    closes: dt.date
    sealed: bool
    deeds: int
    points: int
    people: int
    first: tuple[tuple[str, int], ...]
    root: str


@dataclass(frozen=True)
class Ranking:
    """The first of this month, of one kind: rank, name, points."""

    place: str
    kind: str
    month: dt.date
    rows: tuple[tuple[int, str, int], ...]
