"""The board's picture: a ranking, notice or story, what just happened, what comes.
`board/window.py` shows it."""

from __future__ import annotations

from linli.board import phrases
from linli.board.state import BoardState, Tab
from linli.kiosk.board.layout import Scaled, eased, room, side_places, slots
from linli.kiosk.board.notice_page import NoticePage
from linli.kiosk.board.rows import ComingRow, LatestRow, RankRow
from linli.kiosk.board.side import Card, Foot, Header, NoticeCard
from linli.kiosk.board.story_page import StoryPage
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import (
    CARD,
    GOLD_LINE,
    GOLD_SOFT,
    INK,
    LINE,
    PAPER,
    SOFT,
)
from linli.kiosk.theme.widgets import Ground, Part, Text
from linli.kiosk.theme.words import Words, time_of

LATEST, COMING = 3, 3


class BoardView(Part):
    """`put` says what is to be seen; `glide` moves what is on its way, `settle` ends that."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._ground = Ground(PAPER)
        self._header = Header(words)
        self._foot = Foot(words)
        self._latest_card = Card(GOLD_SOFT, GOLD_LINE)
        self._coming_card = Card(CARD, LINE)
        self._notice_card = NoticeCard(words)
        self._notice_page = NoticePage(words)
        self._story_page = StoryPage(words)
        self._ranks: dict[str, RankRow] = {}
        self._latest: dict[str, LatestRow] = {}
        self._coming = [ComingRow(CARD) for _ in range(COMING)]
        self._spare: list[RankRow] = []
        self._room_note = Text(SOFT, PAPER)
        self._empty = Text(INK, PAPER, bold=True, align="center", max_lines=2)
        self._empty_mark = Drawing("card-paper")
        self._moving: list[RankRow | LatestRow] = []
        self._tab: object = None

    def put(self, rect: Rect, state: BoardState, *, animated: bool = False) -> bool:
        """True when something is on its way and wants `glide`."""
        self.box(rect)
        self.settle()
        places = room(rect)
        self._ground.put(rect)
        self._header.put(places.header, places.scale, state)
        shown: list[Part] = [
            self._ground,
            *self._put_page(places.ranks, places.scale, state, animated=animated),
        ]
        shown += self._put_side(places.side, places.scale, state, animated=animated)
        self._foot.put(places.foot, places.scale, state)
        self.only([*shown, self._foot, self._header])
        self.glide(0.0)
        return bool(self._moving)

    def glide(self, progress: float) -> None:
        for row in self._moving:
            row.glide(eased(progress))

    def settle(self) -> None:
        self.glide(1.0)
        self._moving = []

    def _put_page(
        self, rect: Rect, scale: float, state: BoardState, *, animated: bool
    ) -> list[Part]:
        if state.tab is Tab.NOTICE and state.notice is not None:
            self._tab = state.tab
            self._notice_page.put(rect, scale, state.notice, state.now.date())
            return [self._notice_page]
        if state.tab is Tab.STORY and state.tale is not None:
            self._tab = state.tab
            self._story_page.put(rect, scale, state.tale)
            return [self._story_page]
        return self._put_ranks(rect, scale, state, animated=animated)

    # --- the ranking -------------------------------------------------------------------------

    def _put_ranks(
        self, rect: Rect, scale: float, state: BoardState, *, animated: bool
    ) -> list[Part]:
        if not state.ranks:
            self._ranks, self._tab = {}, state.tab
            return self._put_empty(rect, scale)
        animated = animated and state.tab is self._tab
        best = max(rank.posted + rank.pending for rank in state.ranks)
        before, self._ranks, self._tab = self._ranks, {}, state.tab
        pool = [row for account, row in before.items() if account not in _accounts(state)]
        places = slots(rect, scale)
        for rank, place in zip(state.ranks, places, strict=False):
            row = before.get(rank.account)
            known = row is not None
            if row is None:
                row = pool.pop() if pool else self._spare.pop() if self._spare else RankRow()
            was = row.rect
            row.put(place, scale, state.tab, rank, best)
            self._ranks[rank.account] = row
            if animated:
                row.start_from(0, was.y - place.y if known else rect.y - place.top)
                if not known:
                    row.start_empty()
                self._moving.append(row)
        self._spare += pool
        return [*self._ranks.values(), *self._put_room(places, scale, len(state.ranks))]

    def _put_room(self, places: list[Rect], scale: float, taken: int) -> list[Part]:
        """Fewer than ten: the next line is free."""
        if taken >= len(places):
            return []
        px = Scaled(scale)
        said = self._words("There is room for you here.")
        self._room_note.put(places[taken].cut_left(px(102))[1], said, px.sizes(38, 34))
        return [self._room_note]

    def _put_empty(self, rect: Rect, scale: float) -> list[Part]:
        px = Scaled(scale)
        block = rect.centred(rect.w, px(520))
        mark, text = block.cut_top(px(320), px(40))
        self._empty_mark.put(mark)
        said = self._words("Nobody has points yet. Come today!")
        self._empty.put(text, said, px.sizes(72, 64, 56))
        return [self._empty_mark, self._empty]

    # --- the right-hand column ---------------------------------------------------------------

    def _put_side(
        self, rect: Rect, scale: float, state: BoardState, *, animated: bool
    ) -> list[Part]:
        places = side_places(rect, scale, notice=state.notice is not None)
        title = self._words("Just now")
        inner = self._latest_card.put_titled(
            places.latest, scale, title, "" if state.latest else self._words("Nobody yet today")
        )
        latest = self._put_latest(inner, scale, state, animated=animated)
        empty = self._words("Nothing planned yet")
        inner = self._coming_card.put_titled(
            places.coming,
            scale,
            phrases.coming_title(state, self._words),
            "" if state.coming else empty,
        )
        used = self._coming[: min(len(state.coming), places.coming_lines)]
        lines = inner.rows(places.coming_lines, Scaled(scale)(4))
        for row, coming, place in zip(used, state.coming, lines, strict=False):
            row.put(place, scale, time_of(coming.starts_at), coming.title, f"+{coming.points}")
        cards: list[Part] = [self._latest_card, self._coming_card]
        if state.notice is not None and places.notice is not None:
            self._notice_card.put_notice(places.notice, scale, state.notice, state.now.date())
            cards.append(self._notice_card)
        return [*cards, *latest, *used]

    def _put_latest(
        self, rect: Rect, scale: float, state: BoardState, *, animated: bool
    ) -> list[Part]:
        before, self._latest = self._latest, {}
        gone = [row for id_, row in before.items() if id_ not in {m.id for m in state.latest}]
        places = rect.rows(LATEST, Scaled(scale)(18))
        for latest, place in zip(state.latest, places, strict=False):
            row = before.get(latest.id)
            known = row is not None
            if row is None:
                row = gone.pop() if gone else LatestRow(self._words)
            was = row.rect
            row.put(place, scale, latest, state.now)
            self._latest[latest.id] = row
            if animated and not (known and was == place):
                row.start_from(*((0, was.y - place.y) if known else (self.rect.right - place.x, 0)))
                self._moving.append(row)
        return list(self._latest.values())


def _accounts(state: BoardState) -> set[str]:
    return {rank.account for rank in state.ranks}
