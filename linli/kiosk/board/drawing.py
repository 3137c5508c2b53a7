"""The board's picture: one page, what just happened, what comes; or what is over everything.
`board/window.py` shows it."""

from __future__ import annotations

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
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import PAPER
from linli.kiosk.theme.widgets import Ground, Part
from linli.kiosk.theme.words import Words

TURN = 40
"""How far a new page comes from the right, in pixels of the window."""


class BoardView(Part):
    """`put` says what is to be seen; `glide` moves what is on its way, `settle` ends that. `shift`
    moves all of it a little, against burning in."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        with self.canvas.before:
            PushMatrix()
            self._away = Translate()
        with self.canvas.after:
            PopMatrix()
            self._night_colour = Color(0, 0, 0, 0)
            self._night = Rectangle()
        self._ground = Ground(PAPER)
        self._header = Header(words)
        self._foot = Foot(words)
        self._side = SideColumn(words)
        self._frame = Gliding()
        self._ranking = RankingPage(words)
        self._deeds = DeedsPage(words)
        self._notice = NoticePage(words)
        self._tomorrow = TomorrowPage(words)
        self._story = StoryPage(words)
        self._standard = StandardPage(words)
        self._shop = ShopPage(words)
        self._urgent = UrgentPage(words)
        self._moving: list[Gliding] = []
        self._shown: object = None

    def put(self, rect: Rect, state: BoardState, *, animated: bool = False) -> bool:
        """True when something is on its way and wants `glide`."""
        self.box(rect)
        self.settle()
        self._put_night(rect, state.darkness)
        if state.urgent is not None:
            self._urgent.put(rect, state)
            self.only([self._urgent])
            self._shown = None
            return False
        places = room(rect)
        self._ground.put(rect)
        self._header.put(places.header, places.scale, state)
        self._put_page(places, state, animated=animated)
        self._moving += self._side.put(places, state, animated=animated)
        self._foot.put(places.foot, places.scale, state)
        self.only([self._ground, self._frame, self._side, self._foot, self._header])
        self.glide(0.0)
        return bool(self._moving)

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
            self._frame.only([self._ranking])
            glides = animated and not turned
            self._moving += self._ranking.put(rect, scale, state, animated=glides)
            return
        page: Part
        if state.tale is not None:
            page = self._story
            self._story.put(rect, scale, state.tale)
        elif state.alterations is not None:
            page = self._standard
            self._standard.put(rect, scale, state.alterations, state.now.date())
        elif state.shop is not None:
            page = self._shop
            self._shop.put(rect, scale, state.shop)
        elif state.deeds:
            page = self._deeds
            self._deeds.put(rect, scale, state)
        elif state.tomorrow:
            page = self._tomorrow
            self._tomorrow.put(rect, scale, state)
        else:
            page = self._notice
            if state.notice is not None:
                self._notice.put(rect, scale, state.notice, state.now.date())
        self._frame.only([page])
