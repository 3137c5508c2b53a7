"""All screens of a visit, each made when it is first shown. Making one takes some milliseconds,
keeping it up to three megabytes of pictures of its words: the ones shown lately are kept, while
somebody is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from linli.kiosk.flows.afar_views import AfarView
from linli.kiosk.flows.maintenance_views import MaintenanceView
from linli.kiosk.flows.news_views import Article, News, NoticeSheet, Ranking
from linli.kiosk.flows.shop_views import Confirm, Redeemed, Redeeming, Shop, Vouchers
from linli.kiosk.flows.visit_views import (
    AskCard,
    AskConsent,
    DeedDetail,
    Hindered,
    Object,
    Pad,
    Points,
    Services,
    Told,
    VisitView,
    Waiting,
)
from linli.kiosk.screens.afar import AFAR
from linli.kiosk.screens.maintenance.screens import MAINTENANCE
from linli.kiosk.screens.visit.buttons import OnAct
from linli.kiosk.screens.visit.choices import ChoicesScreen
from linli.kiosk.screens.visit.deed import DeedScreen
from linli.kiosk.screens.visit.foot import VisitFoot
from linli.kiosk.screens.visit.news import ArticleScreen, NewsScreen, NoticeScreen, RankingScreen
from linli.kiosk.screens.visit.pad import PadScreen
from linli.kiosk.screens.visit.points import PointsScreen
from linli.kiosk.screens.visit.redeeming import RedeemedScreen, RedeemingScreen
from linli.kiosk.screens.visit.shop import ShopScreen
from linli.kiosk.screens.visit.telling import TellingScreen
from linli.kiosk.screens.visit.vouchers import VouchersScreen
from linli.kiosk.screens.visit.ware import WareScreen
from linli.kiosk.screens.visit.ware_picture import forget_photos
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import Look
from linli.kiosk.theme.words import Words

SCREENS: dict[type[VisitView | MaintenanceView | AfarView], type[Part]] = {
    Points: PointsScreen,
    DeedDetail: DeedScreen,
    Object: ChoicesScreen,
    Services: ChoicesScreen,
    AskConsent: ChoicesScreen,
    Pad: PadScreen,
    AskCard: TellingScreen,
    Told: TellingScreen,
    Hindered: TellingScreen,
    Waiting: TellingScreen,
    Shop: ShopScreen,
    Confirm: WareScreen,
    Redeemed: RedeemedScreen,
    Vouchers: VouchersScreen,
    News: NewsScreen,
    Article: ArticleScreen,
    NoticeSheet: NoticeScreen,
    Ranking: RankingScreen,
    **MAINTENANCE,
    **AFAR,
}
MOST_KEPT = 6


class VisitScreens:
    """`foot` is that of the screen shown last, None where it has none."""

    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        self._words, self._on_act, self._on_home = words, on_act, on_home
        self._made: dict[type[Part], Any] = {}
        """The one shown last comes last."""
        self._redeeming: RedeemingScreen | None = None
        self.foot: VisitFoot | None = None

    def put(
        self,
        body: Rect,
        look: Look,
        view: VisitView | MaintenanceView | AfarView,
        seconds: int | None,
    ) -> Part:
        if isinstance(view, Redeeming):
            self.foot = None
            self._redeeming = self._redeeming or RedeemingScreen(self._words)
            self._redeeming.put(body, look, view)
            return self._redeeming
        kind = SCREENS[type(view)]
        screen = self._made.pop(kind, None) or kind(self._words, self._on_act, self._on_home)
        self._made[kind] = screen
        if len(self._made) > MOST_KEPT:
            del self._made[next(iter(self._made))]
        screen.put(body, look, view, seconds)
        self.foot = screen.foot
        return screen

    def forget(self) -> None:
        """Nobody stands here any more: what was said and typed goes with them."""
        for screen in (*self._made.values(), self._redeeming):
            if screen is not None:
                screen.forget()

    def put_away(self) -> None:
        """What can be had again is not kept while nobody is there: which screens the last people
        saw, and with how much on them, would else be most of what changes in the memory."""
        self._made.clear()
        self.foot = None
        forget_photos()
