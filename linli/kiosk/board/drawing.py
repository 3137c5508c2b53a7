"""The board's picture: one page, what just happened, what comes; or what is over everything.
`board/window.py` shows it."""

from __future__ import annotations

from typing import TypeVar

from kivy.graphics import Color, PopMatrix, PushMatrix, Rectangle, Translate

from linli.board.state import RANKINGS, BoardState
from linli.kiosk.board.layout import Room, eased, room
from linli.kiosk.board.list_pages import DeedsPage, StandardPage, TomorrowPage
from linli.kiosk.board.notice_page import NoticePage
from linli.kiosk.board.ranking_page import RankingPage
from linli.kiosk.board.rows import Gliding
from linli.kiosk.board.shop_page import ShopPage
from linli.kiosk.board.side import Foot, Header
from linli.kiosk.board.side_column import SideColumn
from linli.kiosk.board.story_page import StoryPage
from linli.kiosk.board.urgent_page import UrgentPage
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import GLIDE_S, TURN_S
from linli.kiosk.theme.words import Words

P = TypeVar("P", bound=Part)
TURN = 40
"""How far a new page comes from the right, in pixels of the window."""


class BoardView(Part):
    """`put` says what is to be seen; `glide` moves what is on its way, `settle` ends that. `shift`
    moves all of it a little, against burning in. It stands on paper, which the window is cleared
    to: to fill it once more would cost a third of a frame."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        with self.canvas.before:
            PushMatrix()
            self._away = Translate()
        with self.canvas.after:
            PopMatrix()
            self._night_colour = Color(0, 0, 0, 0)
            self._night = Rectangle()
        self._header = Header(words)
        self._foot = Foot(words)
        self._side = SideColumn(words)
        self._frame = Gliding()
        self._ranking = RankingPage(words)
        self._words = words
        self._page: Part | None = None
        """The page that is shown, where that is no ranking: its pictures are large, and the next
        one's take their place."""
        self._moving: list[Gliding] = []
        self._shown: object = None

    def put(
        self, rect: Rect, state: BoardState, *, animated: bool = False, clock: bool = True
    ) -> float:
        """For how many seconds something is on its way and wants `glide`; 0 for nothing. A page
        alone is quick: to draw it on its way is most of what an idle board costs."""
        self.box(rect)
        self.settle()
        self._put_night(rect, state.darkness)
        if state.urgent is not None:
            page = self._page_of(UrgentPage)
            self._moving += page.put(rect, state, animated=animated)
            self.only([page])
            self._shown = None
            self.glide(0.0)
            return GLIDE_S if self._moving else 0.0
        places = room(rect)
        self._header.put(places.header, places.scale, state, clock=clock)
        self._put_page(places, state, animated=animated)
        self._moving += self._side.put(places, state, animated=animated)
        self._foot.put(places.foot, places.scale, state)
        self.only([self._frame, self._side, self._foot, self._header])
        self.glide(0.0)
        if not self._moving:
            return 0.0
        return TURN_S if self._moving == [self._frame] else GLIDE_S

    def glide(self, progress: float) -> None:
        for row in self._moving:
            row.glide(eased(progress))

    def settle(self) -> None:
        self.glide(1.0)
        self._moving = []

    def shift(self, by: tuple[float, float]) -> None:
        self._away.xy = by

    def _put_night(self, rect: Rect, darkness: float) -> None:
        self._night_colour.rgba = (0, 0, 0, darkness)
        self._night.pos, self._night.size = rect.corner, (rect.w, rect.h if darkness else 0)

    def _put_page(self, places: Room, state: BoardState, *, animated: bool) -> None:
        shown = (state.tab, state.per, state.tale, state.alterations, state.shop)
        turned = animated and shown != self._shown
        self._shown = shown
        self._frame.box(places.page)
        if turned:
            self._frame.start_from(TURN, 0)
            self._moving.append(self._frame)
        rect, scale = places.page, places.scale
        if state.tab in RANKINGS:
            self._page = None
            self._frame.only([self._ranking])
            glides = animated and not turned
            self._moving += self._ranking.put(rect, scale, state, animated=glides)
        else:
            self._frame.only([self._put_other(rect, scale, state)])

    def _put_other(self, rect: Rect, scale: float, state: BoardState) -> Part:
        today = state.now.date()
        if state.tale is not None:
            story = self._page_of(StoryPage)
            story.put(rect, scale, state.tale)
            return story
        if state.alterations is not None:
            standard = self._page_of(StandardPage)
            standard.put(rect, scale, state.alterations, today)
            return standard
        if state.shop is not None:
            shop = self._page_of(ShopPage)
            shop.put(rect, scale, state.shop)
            return shop
        if state.deeds:
            deeds = self._page_of(DeedsPage)
            deeds.put(rect, scale, state)
            return deeds
        if state.tomorrow:
            tomorrow = self._page_of(TomorrowPage)
            tomorrow.put(rect, scale, state)
            return tomorrow
        notice = self._page_of(NoticePage)
        if state.notice is not None:
            notice.put(rect, scale, state.notice, today)
        return notice

    def _page_of(self, kind: type[P]) -> P:
        """The page that is shown already, or a new one in its place."""
        if not isinstance(self._page, kind):
            self._page = kind(self._words)
        return self._page
