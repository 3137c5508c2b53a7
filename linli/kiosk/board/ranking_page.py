"""The live ranking: its lines glide to where they belong."""

from __future__ import annotations

from linli.board import phrases
from linli.board.state import BoardState
from linli.kiosk.board.layout import Scaled, slots
from linli.kiosk.board.rows import Gliding, RankRow
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import INK, PAPER, SOFT
from linli.kiosk.theme.words import Words


class RankingPage(Part):
    """Lines are kept by account: one that is known glides, a new one comes from below."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._ranks: dict[str, RankRow] = {}
        self._spare: list[RankRow] = []
        self._room_note = Text(SOFT, PAPER)
        self._empty = Text(INK, PAPER, bold=True, align="center", max_lines=2)
        self._empty_mark = Drawing("card-paper")

    def put(self, rect: Rect, scale: float, state: BoardState, *, animated: bool) -> list[Gliding]:
        """Returns the lines that are on their way."""
        self.box(rect)
        if not state.ranks:
            self._ranks = {}
            self.only(self._put_empty(rect, scale, state))
            return []
        moving: list[Gliding] = []
        best = max(rank.posted + rank.pending for rank in state.ranks)
        before, self._ranks = self._ranks, {}
        accounts = {rank.account for rank in state.ranks}
        pool = [row for account, row in before.items() if account not in accounts]
        places = slots(rect, scale)
        for rank, place in zip(state.ranks, places, strict=False):
            row = before.get(rank.account)
            known = row is not None
            if row is None:
                row = pool.pop() if pool else self._spare.pop() if self._spare else RankRow()
            was = row.rect
            beside = phrases.where_from(rank, self._words)
            row.put(place, scale, state.tab, rank, best, beside)
            self._ranks[rank.account] = row
            if animated and not (known and was == place and not row.grows):
                row.start_from(0, was.y - place.y if known else rect.y - place.top)
                if not known:
                    row.start_empty()
                moving.append(row)
        self._spare += pool
        self.only([*self._ranks.values(), *self._put_room(places, scale, len(state.ranks))])
        return moving

    def _put_room(self, places: list[Rect], scale: float, taken: int) -> list[Part]:
        """Fewer than ten: the next line is free."""
        if taken >= len(places):
            return []
        px = Scaled(scale)
        said = self._words("There is room for you here.")
        self._room_note.put(places[taken].cut_left(px(102))[1], said, px.sizes(38, 34))
        return [self._room_note]

    def _put_empty(self, rect: Rect, scale: float, state: BoardState) -> list[Part]:
        px = Scaled(scale)
        block = rect.centred(rect.w, px(520))
        mark, text = block.cut_top(px(320), px(40))
        self._empty_mark.put(mark)
        said = self._words("Nobody has points yet. Come today!")
        self._empty.put(text, said, px.sizes(72, 64, 56))
        return [self._empty_mark, self._empty]
