"""Vouchers that were redeemed here lately: which one is to be shown once more?"""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.actions import ShowVoucher
from linli.kiosk.flows.shop_views import Vouchers
from linli.kiosk.screens.phrases import addressed
from linli.kiosk.screens.visit import shop_phrases as phrases
from linli.kiosk.screens.visit.buttons import OnAct, RowButton
from linli.kiosk.screens.visit.foot import VisitFoot
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import GAP, INK, PAPER, SOFT, Look
from linli.kiosk.theme.words import Words

MOST = 4


class VouchersScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._title = Text(INK, PAPER, bold=True)
        self._rows = [RowButton(on_act) for _ in range(MOST)]
        self._empty = Text(SOFT, PAPER, align="center", max_lines=2)
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: Vouchers, seconds: int | None) -> None:
        self.box(rect)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        head, body = body.cut_top(look.px(100), look.px(12))
        title = addressed(view.name, self._words("your vouchers"), self._words)
        self._title.put(head, title, look.type("title", "heading", "strong"))
        rows = view.rows[:MOST]
        used = self._rows[: len(rows)]
        places = body.rows(max(len(rows), 3), look.px(14), look.px(150))
        for place, (button, (name, until), at) in enumerate(zip(used, rows, places, strict=False)):
            note = phrases.good_until(until, self._words)
            button.put_row(at, look, name, note, ShowVoucher(place), drawing="voucher")
        shown: list[Part] = [self._title, *used]
        if not rows:
            said = self._words("No voucher of the last day.")
            self._empty.put(body, said, look.type("heading", "strong", "body"))
            shown.append(self._empty)
        self.foot.put(foot, look, seconds)
        self.only([*shown, self.foot])
