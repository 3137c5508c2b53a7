"""One ware: is it this one, what remains, and what happens then."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.actions import Redeem
from linli.kiosk.flows.shop_views import Confirm
from linli.kiosk.screens.visit import shop_phrases as phrases
from linli.kiosk.screens.visit.buttons import Offer, OnAct
from linli.kiosk.screens.visit.foot import VisitFoot
from linli.kiosk.screens.visit.ware_picture import WarePicture
from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import (
    GAP,
    GOLD,
    GOLD_LINE,
    GOLD_SOFT,
    INK,
    PAPER,
    RADIUS_CARD,
    SOFT,
    Look,
)
from linli.kiosk.theme.widgets import Panel
from linli.kiosk.theme.words import Words


class WareScreen(Part):
    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._ground = Panel()
        self._picture = WarePicture()
        self._question = Text(INK, PAPER, bold=True, max_lines=3, valign="bottom")
        self._where = Text(SOFT, PAPER)
        self._sum_ground = Panel(GOLD_SOFT, GOLD_LINE)
        self._sum = Text(INK, GOLD_SOFT, strong=GOLD, align="center")
        self._then = Text(INK, PAPER, max_lines=3, valign="top")
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: Confirm, seconds: int | None) -> None:
        self.box(rect)
        said = phrases.confirm(view, self._words)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look), look.px(GAP))
        if look.portrait:
            picture, text = body.cut_top(look.px(560), look.px(30))
        else:
            picture, text = body.cut_left(look.px(400), look.px(48))
        self._ground.put(picture, look.px(RADIUS_CARD))
        side = min(picture.w, picture.h) - look.px(32)
        self._picture.put_ware(picture.centred(side, side), look, view.ware)
        self._put_words(text, look, view, said)
        offers = (Offer(self._words("Redeem it"), Redeem(), main=True),) if said.may else ()
        self.foot.put(foot, look, seconds, offers)
        words = (self._question, self._where, self._sum_ground, self._sum, self._then)
        self.only([self._ground, self._picture, *words, self.foot])

    def _put_words(self, rect: Rect, look: Look, view: Confirm, said: phrases.ConfirmWords) -> None:
        body = look.type("body", "small")
        line = line_height(body[0])
        high = min(rect.h, look.px(520))
        block = rect.cut_top(high)[0] if look.portrait else rect.centred(rect.w, high)
        question, rest = block.cut_top(block.h * 0.36, look.px(8))
        where, rest = rest.cut_top(line, look.px(18))
        sum_, rest = rest.cut_top(look.px(104), look.px(18))
        self._question.put(question, said.question, look.type("title", "heading", "strong"))
        self._where.put(where, phrases.where(view.ware, self._words)[0], body)
        self._sum_ground.put(sum_, look.px(RADIUS_CARD))
        self._sum.put(
            sum_.inset(look.px(20), 0), said.sum, look.type("heading", "strong", "body", "small")
        )
        self._then.put(rest, said.then, body)
