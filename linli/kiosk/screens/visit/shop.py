"""The shop: what points bring, six things a page."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.actions import OnlyWithin, ShowWare, TurnPage
from linli.kiosk.flows.shop_views import Shop, WareCard
from linli.kiosk.screens.visit import shop_phrases as phrases
from linli.kiosk.screens.visit.buttons import Offer, OnAct, Touchable, title_sizes, two_lines
from linli.kiosk.screens.visit.foot import VisitFoot
from linli.kiosk.screens.visit.ware_picture import WarePicture
from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import PAD, Text, first_fitting
from linli.kiosk.theme.tokens import (
    CARD,
    GAP,
    GOLD,
    GOLD_SOFT,
    INK,
    PAPER,
    RADIUS_CARD,
    RAIL,
    RED,
    SOFT,
    Look,
)
from linli.kiosk.theme.widgets import Chip
from linli.kiosk.theme.words import Words

MOST = 6


class ShopScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._title = Text(INK, PAPER, bold=True, strong=GOLD)
        self._note = Text(SOFT, PAPER, strong=RED)
        self._page = Text(SOFT, PAPER, align="right")
        self._wares = [WareTile(words, on_act) for _ in range(MOST)]
        self._empty = Text(SOFT, PAPER, align="center", max_lines=2)
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: Shop, seconds: int | None) -> None:
        self.box(rect)
        said = phrases.shop(view, self._words)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        head, body = body.cut_top(look.px(76), look.px(4))
        line, body = body.cut_top(line_height(look.type("body")[0]), look.px(14))
        self._title.put(head, said.title, look.type("title", "heading", "strong", "body"))
        right, left = line.cut_right(line.w * (0.3 if said.page else 0))
        self._note.put(left, said.note, look.type("body", "small"))
        self._page.put(right, said.page, look.type("body", "small"))
        shown: list[Part] = [self._title, self._note]
        if said.page:
            shown.append(self._page)
        if view.wares:
            shown += self._put_wares(body, look, view)
        else:
            self._empty.put(body, said.empty, look.type("heading", "strong", "body"))
            shown.append(self._empty)
        self.foot.put(foot, look, seconds, self._offers(view, said))
        self.only([*shown, self.foot])

    def _put_wares(self, rect: Rect, look: Look, view: Shop) -> list[WareTile]:
        gap = look.px(14)
        columns = 1 if look.portrait else 2
        rows = rect.rows(MOST // columns, gap, look.px(190))
        places = [cell for row in rows for cell in row.columns(columns, look.px(GAP))]
        used = self._wares[: len(view.wares)]
        for tile, ware, place in zip(used, view.wares, places, strict=False):
            tile.put_ware(place, look, ware)
        return used

    def _offers(self, view: Shop, said: phrases.ShopWords) -> tuple[Offer, ...]:
        found = []
        if view.page > 0:
            found.append(Offer(self._words("Page before"), TurnPage(-1)))
        if view.page + 1 < view.pages:
            found.append(Offer(self._words("Next page"), TurnPage(1)))
        if view.balance is not None:
            found.append(Offer(said.filter, OnlyWithin(not view.only_within)))
        return tuple(found)


class WareTile(Touchable):
    """A picture beside what it is, what it costs, and how many there are."""

    def __init__(self, words: Words, on_act: OnAct) -> None:
        super().__init__(on_act)
        self._words = words
        self._picture = WarePicture()
        self._title = Text(INK, CARD, bold=True)
        self._note = Text(SOFT, CARD)
        self._price, self._dear = Chip(GOLD, GOLD_SOFT), Chip(INK, RAIL)

    def put_ware(self, rect: Rect, look: Look, ware: WareCard) -> None:
        gone = ware.left == 0
        self.does(None if gone else ShowWare(ware.id))
        self.put(rect, look.px(RADIUS_CARD))
        inner = rect.inset(look.px(18), look.px(10))
        side = min(inner.h, look.px(130))
        picture, inner = inner.cut_left(side, look.px(18))
        self._picture.put_ware(picture.centred(side, side), look, ware)
        small = look.type("small")
        sizes = title_sizes(inner.h, look, both=True)
        upper, lower = two_lines(inner, sizes[0], small[0] + look.px(4), both=True)
        chip = self._dear if gone or ware.within is False else self._price
        said = phrases.price(ware.points, self._words)
        price, note = lower.cut_right(chip.width_for(said, small), look.px(12))
        chip.put_text(price.centred(price.w, small[0] * 1.4), said, small)
        self._title.recolour(SOFT if gone else INK, CARD)
        self._title.put(upper, ware.title, sizes)
        said = first_fitting(phrases.where(ware, self._words), note.w - 2 * PAD, small[0])
        self._note.put(note, said, small)
        self.only([self._picture, self._title, self._note, chip])
