"""While something is redeemed, and what came of it."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.shop_views import Redeemed, Redeeming
from linli.kiosk.screens.phone import Code
from linli.kiosk.screens.told_places import upright
from linli.kiosk.screens.visit import shop_phrases as phrases
from linli.kiosk.screens.visit.buttons import OnAct
from linli.kiosk.screens.visit.foot import VisitFoot
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import CARD, GAP, GOLD, GREEN, INK, PAPER, SOFT, Look
from linli.kiosk.theme.words import Words
from linli.sync.spelling import spelled


class RedeemingScreen(Part):
    """Nothing to touch: the door is what matters now."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._drawing = Drawing("door")
        self._number = Text(GOLD, CARD, bold=True, align="center")
        self._headline = Text(INK, PAPER, bold=True, valign="bottom", max_lines=2)
        self._sentence = Text(INK, PAPER, valign="top", max_lines=3)

    def put(self, rect: Rect, look: Look, view: Redeeming) -> None:
        self.box(rect)
        drawing, headline, sentence = phrases.redeeming(view, self._words)
        side = look.px(360)
        square, upper, lower = self._places(rect, look, side)
        self._drawing.put(square, drawing)
        self._headline.put(upper, headline, look.type("display", "hero", "title", "heading"))
        self._sentence.put(lower, sentence, look.type("heading", "strong", "body"))
        shown: list[Part] = [self._drawing, self._headline, self._sentence]
        if view.door is not None:
            door = square.centred(side * 0.3, side * 0.3)
            self._number.put(door, str(view.door), look.type("display", "title", "heading"))
            shown.append(self._number)
        self.only(shown)

    @staticmethod
    def _places(rect: Rect, look: Look, side: float) -> tuple[Rect, Rect, Rect]:
        """Of the drawing, the headline, the sentence."""
        if look.portrait:
            places = upright(rect, look, side, look.type("display")[0])
            return places.drawing, places.headline, places.sentence
        place, text = rect.cut_left(side, look.px(64))
        text = text.inset(0, look.px(60))
        upper, lower = text.cut_top(text.h * 0.5, look.px(18))
        return place.centred(side, side), upper, lower


class RedeemedScreen(Part):
    """A voucher's code is what matters; else the tick."""

    def __init__(self, words: Words, on_act: OnAct, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._drawing = Drawing("tick")
        self._picture = Code()
        self._code = Text(INK, PAPER, bold=True, align="center")
        self._headline = Text(GREEN, PAPER, bold=True, valign="bottom", max_lines=2)
        self._sentence = Text(INK, PAPER, valign="top", max_lines=4)
        self._left = Text(SOFT, PAPER, strong=GOLD)
        self.foot = VisitFoot(words, on_act, on_home)

    def put(self, rect: Rect, look: Look, view: Redeemed, seconds: int | None) -> None:
        self.box(rect)
        said = phrases.redeemed(view, self._words)
        foot, body = rect.cut_bottom(VisitFoot.height_for(look, said.slip), look.px(GAP))
        side = look.px(430 if view.picture else 300)
        if look.portrait:
            block = body.centred(body.w, min(body.h, look.px(920 if view.picture else 760)))
            place, text = block.cut_top(side + look.px(70 if view.picture else 0), look.px(32))
        else:
            place, text = body.cut_left(side, look.px(56))
        shown = self._put_picture(place, look, view, said)
        self._put_words(text, look, said)
        self.foot.put(foot, look, seconds, hint=said.slip, back=False)
        self.only([*shown, self._headline, self._sentence, self._left, self.foot])

    def _put_picture(
        self, rect: Rect, look: Look, view: Redeemed, said: phrases.RedeemedWords
    ) -> list[Part]:
        if not view.picture:
            side = min(rect.w, rect.h, look.px(300))
            place = rect.cut_left(side)[0] if look.portrait else rect
            self._drawing.put(place.centred(side, side), said.drawing)
            return [self._drawing]
        code, picture = rect.cut_bottom(line_height(look.type("heading")[0]), look.px(4))
        self._picture.put_code(picture, look, view.picture)
        self._code.put(code, spelled(view.code), look.type("heading", "strong", "body"))
        return [self._picture, self._code]

    def _put_words(self, rect: Rect, look: Look, said: phrases.RedeemedWords) -> None:
        line = line_height(look.type("body")[0])
        low, rest = rect.cut_bottom(line, look.px(12))
        upper, lower = rest.cut_top(rest.h * 0.46, look.px(16))
        self._headline.recolour(GREEN if said.good else INK, PAPER)
        self._headline.put(upper, said.headline, look.type("hero", "title", "heading"))
        self._sentence.put(lower, said.sentence, look.type("heading", "strong", "body", "small"))
        self._left.put(low, said.left, look.type("body", "small"))
