"""A new terminal before anybody knows it: its code, large, and what a maintainer does with it."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.enrol_views import Enrolling
from linli.kiosk.screens.maintenance.enrol_phrases import STEPS, Said, enrolling
from linli.kiosk.screens.phone import Code
from linli.kiosk.screens.told_places import told_places
from linli.kiosk.screens.visit.buttons import OnAct
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import GAP, GREEN, INK, PAPER, RED, RED_SOFT, SOFT, Look
from linli.kiosk.theme.widgets import Chip
from linli.kiosk.theme.words import Words


class EnrolScreen(Part):
    """There is nothing to touch."""

    foot = None

    def __init__(self, words: Words, _on_act: OnAct, _on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._picture = Code()
        self._drawing = Drawing("tick")
        self._headline = Text(INK, PAPER, bold=True, valign="bottom", max_lines=2)
        self._sentence = Text(INK, PAPER, valign="top", max_lines=4)
        self._code = Text(RED, PAPER, bold=True)
        self._numbers = [Chip(RED, RED_SOFT) for _ in range(STEPS)]
        self._steps = [Text(INK, PAPER, max_lines=2) for _ in range(STEPS)]
        self._key_title = Text(SOFT, PAPER)
        self._key = Text(INK, PAPER, bold=True)

    def put(self, rect: Rect, look: Look, view: Enrolling, _seconds: int | None) -> None:
        self.box(rect)
        said = enrolling(view, self._words)
        key, body = rect.cut_bottom(look.px(150 if look.portrait else 88), look.px(GAP))
        self._put_key(key, look, view, said)
        if view.code:
            self._put_code(body, look, view, said)
        else:
            self._put_words(body, look, said)

    def _put_key(self, rect: Rect, look: Look, view: Enrolling, said: Said) -> None:
        if look.portrait:
            title, value = rect.cut_top(rect.h * 0.45)
        else:
            title, value = rect.cut_left(rect.w * 0.4, look.px(24))
        self._key_title.put(title, said.key_title, look.type("body", "small"))
        self._key.put(value, view.fingerprint, look.type("title", "heading", "strong", "body"))

    def _put_code(self, body: Rect, look: Look, view: Enrolling, said: Said) -> None:
        if look.portrait:
            picture, rest = body.cut_bottom(min(body.w, body.h * 0.46), look.px(GAP))
        else:
            picture, rest = body.cut_right(min(body.h, body.w * 0.42), look.px(56))
        head, rest = rest.cut_top(rest.h * 0.16, look.px(8))
        code, steps = rest.cut_top(rest.h * 0.3, look.px(GAP))
        self._headline.put(head, said.headline, look.type("heading", "strong", "body"))
        self._code.put(code, view.code, look.type("figure", "display", "hero", "title"))
        self._picture.put_code(picture, look, view.picture)
        sizes = look.type("strong", "body", "small")
        side = round(sizes[0] * 1.7)
        rows = steps.rows(STEPS, look.px(12), look.px(132))
        for number, (chip, text, row, step) in enumerate(
            zip(self._numbers, self._steps, rows, said.steps, strict=True), 1
        ):
            place, beside = row.cut_left(side, look.px(20))
            chip.put_text(place.centred(side, side), str(number), sizes)
            text.put(beside, step, sizes)
        shown = [self._headline, self._code, self._picture, *self._numbers, *self._steps]
        self.only([*shown, self._key_title, self._key])

    def _put_words(self, body: Rect, look: Look, said: Said) -> None:
        places = told_places(body, look)
        self._drawing.put(places.drawing, said.drawing)
        self._headline.recolour(GREEN if said.good else INK, PAPER)
        self._headline.put(places.headline, said.headline, look.type("hero", "title", "heading"))
        self._sentence.put(
            places.sentence, said.sentence, look.type("heading", "strong", "body", "small")
        )
        self.only([self._drawing, self._headline, self._sentence, self._key_title, self._key])
