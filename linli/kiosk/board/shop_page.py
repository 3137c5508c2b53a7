"""What there is to redeem while the window is open."""

from __future__ import annotations

from linli.board import phrases
from linli.board.state import Shop, Sold
from linli.kiosk.board.layout import Scaled
from linli.kiosk.board.list_pages import Headline
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import CARD, GOLD, GOLD_SOFT, INK, LINE, SOFT
from linli.kiosk.theme.widgets import Chip, Panel
from linli.kiosk.theme.words import Words

COLUMNS, ROWS = 2, 3
MARKS = {"good": "goods", "service": "service", "voucher": "voucher"}


class ShopPage(Part):
    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._head = Headline()
        self._cards = [WareCard(words) for _ in range(COLUMNS * ROWS)]

    def put(self, rect: Rect, scale: float, shop: Shop) -> None:
        self.box(rect)
        px = Scaled(scale)
        head, body = rect.cut_top(px(84), px(14))
        title = phrases.shop_title(shop, self._words)
        self._head.put(head, px, title, phrases.part_of(shop.part, shop.parts))
        used = self._cards[: len(shop.items)]
        places = [
            place for row in body.rows(ROWS, px(16)) for place in row.columns(COLUMNS, px(16))
        ]
        for card, one, place in zip(used, shop.items, places, strict=False):
            card.put_ware(place, px, one)
        self.only([self._head, *used])


class WareCard(Panel):
    """A mark, the name, who gives it or how many are left, and the points."""

    def __init__(self, words: Words) -> None:
        super().__init__(CARD, LINE, stroked=True)
        self._words = words
        self._mark = Drawing("goods", CARD)
        self._name = Text(INK, CARD, bold=True, max_lines=2, valign="bottom")
        self._note = Text(SOFT, CARD)
        self._points = Chip(GOLD, GOLD_SOFT)
        for part in (self._mark, self._name, self._note, self._points):
            self.add_widget(part)

    def put_ware(self, rect: Rect, px: Scaled, one: Sold) -> None:
        self.put(rect, px(28))
        inner = rect.inset(px(24), px(16))
        mark, rest = inner.cut_left(px(104), px(22))
        self._mark.put(mark.centred(px(104), px(104)), MARKS.get(one.kind, "goods"))
        lower, rest = rest.cut_bottom(px(58), px(12))
        note, name = rest.cut_bottom(px(42), px(2))
        self._name.put(name, one.name, px.sizes(46, 42, 38, 36, 34, 32))
        self._note.put(note, phrases.sold_note(one, self._words), px.sizes(34, 32))
        said = self._words.n("{n:,} point", "{n:,} points", one.points)
        sizes = px.sizes(42, 38, 34, 32)
        wide = min(lower.w, self._points.width_for(said, sizes))
        chip, _ = lower.cut_left(wide)
        self._points.put_text(chip, said, sizes)
