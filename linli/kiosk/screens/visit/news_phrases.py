"""What is said of the community's news."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from linli.kiosk.flows.news_views import Article, News, NewsKind, NewsRow, NoticeSheet, Ranking
from linli.kiosk.theme.words import Words


def title(view: News, words: Words) -> str:
    return words("News of {place}", place=view.place)


def row(of: NewsRow, words: Words) -> tuple[str, str, str]:
    """Drawing, title and note of a row."""
    match of.kind:
        case NewsKind.NOTICE:
            month = words.month(of.day) if of.day else ""
            note = words("What the panel confirmed, for everybody to check")
            return "calendar", words("Notice of {month}", month=month), note
        case NewsKind.RANKING:
            return "star", words("Ranking: {kind}", kind=kind(of.title, words)), words("This month")
        case NewsKind.STORY:
            day = _day(of.day, words) if of.day else ""
            return "talk", of.title, words.listed(of.note, day)


def kind(which: str, words: Words) -> str:
    return {
        "resident": words("Residents"),
        "cadre": words("Cadres"),
        "unit": words("Units"),
    }[which]


@dataclass(frozen=True)
class NoticeWords:
    title: str
    state: str
    figures: tuple[tuple[str, str], tuple[str, str], tuple[str, str]]
    first: str
    root: str


def notice(view: NoticeSheet, words: Words) -> NoticeWords:
    until = _day(view.closes, words)
    if view.sealed:
        state = words("The notice is over: the points may be spent at the shop.")
    else:
        state = words("Until ⟦{day}⟧ you may object: tap your card, choose the deed.", day=until)
    return NoticeWords(
        title=words("Notice of {month}", month=words.month(view.month)),
        state=state,
        figures=(
            (f"{view.deeds:,}", words("deeds")),
            (f"{view.points:,}", words("points given")),
            (f"{view.people:,}", words("people")),
        ),
        first=words.listed(*(f"{name} {points}" for name, points in view.first)),
        root=words("Record {root}", root=view.root) if view.root else "",
    )


def ranking_title(view: Ranking, words: Words) -> str:
    of = kind(view.kind, words)
    return words.listed(view.place, of, words.month(view.month))


def article_by(view: Article, words: Words) -> str:
    pages = words("Page {page} of {pages}", page=view.page + 1, pages=view.pages)
    return words.listed(view.by, pages if view.pages > 1 else "")


def _day(day: dt.date, words: Words) -> str:
    return words("{day} {month}", day=day.day, month=words.month(day))
