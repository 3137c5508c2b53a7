"""What stands beside every page: what just happened, what comes, and the month on notice."""

from __future__ import annotations

from linli.board import phrases
from linli.board.state import BoardState
from linli.kiosk.board.layout import Room, Scaled, side_places
from linli.kiosk.board.rows import ComingRow, Gliding, LatestRow
from linli.kiosk.board.side import Card, NoticeCard
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import CARD, GOLD_LINE, GOLD_SOFT, LINE
from linli.kiosk.theme.words import Words, time_of

LATEST, COMING, FIRST = 3, 4, 3


class SideColumn(Part):
    """A new moment comes in from the right and moves the others down. Beside the page of deeds,
    which tells of them itself, stand the first of the ranking instead."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._latest_card = Card(GOLD_SOFT, GOLD_LINE)
        self._first_card = Card(GOLD_SOFT, GOLD_LINE)
        self._coming_card = Card(CARD, LINE)
        self._notice_card = NoticeCard(words)
        self._latest: dict[str, LatestRow] = {}
        self._first = [ComingRow(GOLD_SOFT) for _ in range(FIRST)]
        self._coming = [ComingRow(CARD) for _ in range(COMING)]

    def put(self, places: Room, state: BoardState, *, animated: bool) -> list[Gliding]:
        """Returns the lines that are on their way."""
        self.box(places.side)
        moving: list[Gliding] = []
        scale = places.scale
        has_notice = state.notice is not None
        at = side_places(places.side, scale, notice=has_notice, tall=places.tall)
        if state.deeds:
            shown = self._put_first(at.latest, scale, state)
        else:
            shown = self._put_latest(at.latest, scale, state, moving, animated=animated)
        shown += self._put_coming(at.coming, scale, state, at.coming_lines)
        if state.notice is not None and at.notice is not None:
            self._notice_card.put_notice(at.notice, scale, state.notice, state.now.date())
            shown.append(self._notice_card)
        self.only(shown)
        return moving

    def _put_first(self, rect: Rect, scale: float, state: BoardState) -> list[Part]:
        px = Scaled(scale)
        title = self._words("First this month")
        inner = self._first_card.put_titled(rect, scale, title, "")
        used = self._first[: len(state.first)]
        for row, rank, place in zip(used, state.first, inner.rows(FIRST, px(4)), strict=False):
            points = f"{rank.posted + rank.pending:,}"
            row.put(place, scale, str(rank.rank), rank.name, points)
        return [self._first_card, *used]

    def _put_coming(self, rect: Rect, scale: float, state: BoardState, most: int) -> list[Part]:
        empty = self._words("Nothing planned yet")
        title = phrases.coming_title(state, self._words)
        inner = self._coming_card.put_titled(rect, scale, title, "" if state.coming else empty)
        used = self._coming[: min(len(state.coming), most)]
        for row, coming, place in zip(
            used, state.coming, inner.rows(most, Scaled(scale)(4)), strict=False
        ):
            row.put(place, scale, time_of(coming.starts_at), coming.title, f"+{coming.points}")
        return [self._coming_card, *used]

    def _put_latest(
        self,
        rect: Rect,
        scale: float,
        state: BoardState,
        moving: list[Gliding],
        *,
        animated: bool,
    ) -> list[Part]:
        title = phrases.latest_title(state, self._words)
        note = "" if state.latest else self._words("Nobody yet today")
        inner = self._latest_card.put_titled(rect, scale, title, note)
        inner = inner.cut_top(Scaled(scale)(8))[1]
        before, self._latest = self._latest, {}
        gone = [row for id_, row in before.items() if id_ not in {m.id for m in state.latest}]
        places = inner.rows(LATEST, Scaled(scale)(18 if inner.h > Scaled(scale)(260) else 4))
        for latest, place in zip(state.latest, places, strict=False):
            row = before.get(latest.id)
            known = row is not None
            if row is None:
                row = gone.pop() if gone else LatestRow(self._words)
            was = row.rect
            row.put(place, scale, latest, state.now)
            self._latest[latest.id] = row
            if animated and not (known and was == place):
                away = (0, was.y - place.y) if known else (self.rect.right - place.x, 0)
                row.start_from(*away)
                moving.append(row)
        return [self._latest_card, *self._latest.values()]
