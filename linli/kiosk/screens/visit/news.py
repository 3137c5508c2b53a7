"""The community's news: a list, and what its rows stand for."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.actions import ShowNews, TurnPage
from linli.kiosk.flows.news_views import Article, News, NoticeSheet, Ranking
from linli.kiosk.screens.visit import news_phrases as phrases
from linli.kiosk.screens.visit.buttons import Offer, OnAct, RowButton, tile_places
from linli.kiosk.screens.visit.foot import VisitFoot
from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import CARD, GAP, GOLD, INK, PAPER, RADIUS_CARD, RED, SOFT, Look
from linli.kiosk.theme.widgets import Panel
from linli.kiosk.theme.words import Words

MOST_ROWS, MOST_RANKS, MOST_LINES = 8, 10, 14


class NewsScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._title = Text(INK, PAPER, bold=True)
        self._rows = [RowButton(on_act) for _ in range(MOST_ROWS)]
        self._empty = Text(SOFT, PAPER, align="center", max_lines=2)
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: News, seconds: int | None) -> None:
        self.box(rect)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        head, body = body.cut_top(look.px(90), look.px(12))
        self._title.put(head, phrases.title(view, self._words), look.type("title", "heading"))
        rows = view.rows[:MOST_ROWS]
        used = self._rows[: len(rows)]
        places = tile_places(body, max(len(rows), 4), look, look.px(150))
        for button, row, place in zip(used, rows, places, strict=False):
            drawing, title, note = phrases.row(row, self._words)
            button.put_row(place, look, title, note, ShowNews(row.id), drawing=drawing)
        shown: list[Part] = [self._title, *used]
        if not rows:
            said = self._words("No news yet. They appear once there is a network.")
            self._empty.put(body, said, look.type("heading", "strong", "body"))
            shown.append(self._empty)
        self.foot.put(foot, look, seconds, back=False)
        self.only([*shown, self.foot])


class ArticleScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._title = Text(INK, PAPER, bold=True, max_lines=2)
        self._by = Text(SOFT, PAPER)
        self._ground = Panel()
        self._text = Text(INK, CARD, max_lines=MOST_LINES, valign="top")
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: Article, seconds: int | None) -> None:
        self.box(rect)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        head, body = body.cut_top(look.px(130), look.px(4))
        by, body = body.cut_top(line_height(look.type("body")[0]), look.px(16))
        self._title.put(head, view.title, look.type("title", "heading", "strong"))
        self._by.put(by, phrases.article_by(view, self._words), look.type("body", "small"))
        self._ground.put(body, look.px(RADIUS_CARD))
        inner = body.inset(look.px(32), look.px(24))
        self._text.put(inner, view.text, look.type("strong", "body", "small"))
        offers = []
        if view.page > 0:
            offers.append(Offer(self._words("Page before"), TurnPage(-1)))
        if view.page + 1 < view.pages:
            offers.append(Offer(self._words("Next page"), TurnPage(1)))
        self.foot.put(foot, look, seconds, tuple(offers))
        self.only([self._title, self._by, self._ground, self._text, self.foot])


class NoticeScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._title = Text(INK, PAPER, bold=True)
        self._state = Text(INK, PAPER, max_lines=2, strong=RED)
        self._cards = [Panel() for _ in range(3)]
        self._numbers = [Text(INK, CARD, bold=True, align="center") for _ in range(3)]
        self._units = [Text(SOFT, CARD, align="center") for _ in range(3)]
        self._first_title = Text(SOFT, PAPER)
        self._first = Text(INK, PAPER, bold=True, max_lines=2)
        self._root = Text(SOFT, PAPER)
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: NoticeSheet, seconds: int | None) -> None:
        self.box(rect)
        said = phrases.notice(view, self._words)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        head, body = body.cut_top(look.px(90), look.px(4))
        line = line_height(look.type("body")[0])
        state, body = body.cut_top((2 if look.portrait else 1) * line, look.px(16))
        cards, body = body.cut_top(look.px(240 if look.portrait else 160), look.px(16))
        self._title.put(head, said.title, look.type("title", "heading"))
        self._state.put(state, said.state, look.type("body", "small"))
        self._put_figures(cards, look, said)
        first_title, body = body.cut_top(line)
        first, body = body.cut_top((2 if look.portrait else 1.3) * line, look.px(8))
        self._first_title.put(first_title, self._words("First of the month"), look.type("body"))
        self._first.put(first, said.first, look.type("strong", "body", "small"))
        shown: list[Part] = [self._title, self._state, *self._cards, *self._numbers, *self._units]
        if said.first:
            shown += [self._first_title, self._first]
        if said.root and body.h >= line:
            self._root.put(body.cut_top(line)[0], said.root, look.type("body", "small"))
            shown.append(self._root)
        self.foot.put(foot, look, seconds)
        self.only([*shown, self.foot])

    def _put_figures(self, rect: Rect, look: Look, said: phrases.NoticeWords) -> None:
        places = rect.columns(3, look.px(GAP))
        for panel, number, unit, place, (figure, what) in zip(
            self._cards, self._numbers, self._units, places, said.figures, strict=True
        ):
            panel.put(place, look.px(RADIUS_CARD))
            inner = place.inset(look.px(14), look.px(16))
            low, high = inner.cut_bottom(line_height(look.type("body")[0]))
            number.put(high, figure, look.type("display", "hero", "title", "heading"))
            unit.put(low, what, look.type("body", "small"))


class RankingScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._title = Text(INK, PAPER, bold=True)
        self._grounds = [Panel() for _ in range(MOST_RANKS)]
        self._ranks = [Text(SOFT, CARD, bold=True) for _ in range(MOST_RANKS)]
        self._names = [Text(INK, CARD) for _ in range(MOST_RANKS)]
        self._points = [Text(GOLD, CARD, bold=True, align="right") for _ in range(MOST_RANKS)]
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: Ranking, seconds: int | None) -> None:
        self.box(rect)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        head, body = body.cut_top(look.px(90), look.px(12))
        self._title.put(
            head, phrases.ranking_title(view, self._words), look.type("title", "heading", "strong")
        )
        shown: list[Part] = [self._title]
        places = _by_column(body, look)
        for number, ((rank, name, points), place) in enumerate(
            zip(view.rows, places, strict=False)
        ):
            self._put_row(number, place, look, rank, name, points)
            shown += [
                self._grounds[number],
                self._ranks[number],
                self._names[number],
                self._points[number],
            ]
        self.foot.put(foot, look, seconds)
        self.only([*shown, self.foot])

    def _put_row(
        self, number: int, place: Rect, look: Look, rank: int, name: str, points: int
    ) -> None:
        self._grounds[number].put(place, look.px(RADIUS_CARD))
        inner = place.inset(look.px(24), look.px(6))
        sizes = look.type("strong", "body", "small")
        left, rest = inner.cut_left(look.px(70), look.px(8))
        right, middle = rest.cut_right(look.px(130), look.px(8))
        self._ranks[number].put(left, str(rank), sizes)
        self._names[number].put(middle, name, sizes)
        self._points[number].put(right, str(points), sizes)


def _by_column(rect: Rect, look: Look) -> list[Rect]:
    """Downwards, then the next column."""
    gap = look.px(14)
    if look.portrait:
        return rect.rows(MOST_RANKS, gap, look.px(96))
    half = MOST_RANKS // 2
    return [
        place
        for column in rect.columns(2, look.px(GAP))
        for place in column.rows(half, gap, look.px(96))
    ]
