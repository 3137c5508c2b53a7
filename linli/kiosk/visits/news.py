"""What is new in the community, as the replica knows it: the month's notice, this month's ranking,
stories."""

from __future__ import annotations

import datetime as dt
import re

from linli.kiosk.flows.news_views import Article, News, NewsKind, NewsRow, NoticeSheet, Ranking
from linli.kiosk.visits.pages import NewsItemPage
from linli.sync.messages import Kind, NoticeRow, StoryRow
from linli.sync.periods import SHANGHAI, business_day, period_key
from linli.sync.replica import Replica

STORIES, FIRST_OF_RANKING = 20, 10
PAGE = 150
"""Characters of a story on one page."""
SENTENCE = re.compile(r"[^。！？；.!?;]{1,150}[。！？；.!?;”’」』)）]*")
RANKED = (Kind.RESIDENT, Kind.CADRE, Kind.UNIT)


class CommunityNews:
    """`place` is the community's name."""

    def __init__(self, replica: Replica, place: str) -> None:
        self._replica = replica
        self._place = place

    def rows(self, now: dt.datetime) -> News:
        """Notices that hang first, rankings, then stories with the newest first."""
        month = period_key(business_day(now), "month")
        notices = [
            NewsRow(NewsKind.NOTICE, f"notice:{notice.month}", "", _first_day(notice.month))
            for notice in self._replica.notices(1)
        ]
        rankings = [
            NewsRow(NewsKind.RANKING, f"ranking:{kind.value}", kind.value, None)
            for kind in RANKED
            if self._replica.count(month, kind)
        ]
        stories = [
            NewsRow(NewsKind.STORY, f"story:{story.id}", story.title, _day(story), story.name)
            for story in self._replica.stories(STORIES)
        ]
        return News(self._place, (*notices, *rankings, *stories))

    def item(self, page: NewsItemPage, now: dt.datetime) -> NoticeSheet | Ranking | Article | None:
        """What a row stands for; None where it is gone meanwhile."""
        kind, _, id_ = page.id.partition(":")
        if kind == NewsKind.NOTICE:
            found = (n for n in self._replica.notices(STORIES) if n.month == id_)
            notice = next(found, None)
            return None if notice is None else _sheet(notice)
        if kind == NewsKind.RANKING:
            return self._ranking(Kind(id_), business_day(now))
        stories = (s for s in self._replica.stories(STORIES) if s.id == id_)
        story = next(stories, None)
        return None if story is None else _article(story, page.page)

    def _ranking(self, kind: Kind, today: dt.date) -> Ranking:
        top = self._replica.top(period_key(today, "month"), kind, FIRST_OF_RANKING)
        rows = tuple((rank, row.name, row.pending + row.posted) for rank, row in top)
        return Ranking(self._place, kind.value, today.replace(day=1), rows)


def _sheet(notice: NoticeRow) -> NoticeSheet:
    return NoticeSheet(
        month=_first_day(notice.month),
        opens=notice.opens,
        closes=notice.closes,
        sealed=notice.sealed_at is not None,
        deeds=notice.deeds,
        points=notice.points,
        people=notice.people,
        first=tuple((place.name, place.points) for place in notice.top if place.rank == 1),
        root=notice.root,
    )


def _article(story: StoryRow, page: int) -> Article:
    pages = pages_of(story.text)
    page = min(max(page, 0), len(pages) - 1)
    return Article(story.title, pages[page], story.name, page, len(pages))


def pages_of(text: str) -> list[str]:
    """A story cut into pages, between paragraphs or sentences, for the largest type."""
    pages, page = list[str](), ""
    for paragraph in filter(None, map(str.strip, text.splitlines())):
        page += "\n" if page else ""
        for sentence in SENTENCE.findall(paragraph):
            if page.strip() and len(page) + len(sentence) > PAGE:
                pages.append(page.strip())
                page = ""
            page += sentence
    return [*pages, page.strip()] if page.strip() or not pages else pages


def _first_day(month: str) -> dt.date:
    return dt.date.fromisoformat(f"{month}-01")


def _day(story: StoryRow) -> dt.date:
    return story.at.astimezone(SHANGHAI).date()
