"""A code for the person's phone to read, and how it is done in three lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture

from linli.kiosk.flows.views import PhoneLink
from linli.kiosk.screens.foot import Foot
from linli.kiosk.screens.phone_phrases import phone
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.text import Text
from linli.kiosk.theme.tokens import GAP, INK, PAPER, RADIUS_CARD, RED, RED_SOFT, Look
from linli.kiosk.theme.widgets import Chip, Panel
from linli.kiosk.theme.words import Words

STEPS = 3
QUIET = 4
"""Light modules around a code (ISO/IEC 18004): its card is white, so they are part of it."""
DARK, LIGHT = b"\x00", b"\xff"


class PhoneScreen(Part):
    def __init__(self, words: Words, on_home: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._code = Code()
        self._headline = Text(INK, PAPER, bold=True, valign="bottom", max_lines=2)
        self._numbers = [Chip(RED, RED_SOFT) for _ in range(STEPS)]
        self._steps = [Text(INK, PAPER, max_lines=2) for _ in range(STEPS)]
        self.foot = Foot(words, on_home)

    def put(self, rect: Rect, look: Look, view: PhoneLink, seconds: int | None) -> None:
        self.box(rect)
        said = phone(view, self._words)
        foot, body = rect.cut_bottom(Foot.height_for(look, said.hint), look.px(GAP))
        if look.portrait:
            head, rest = body.cut_top(look.px(190), look.px(GAP))
            code, lines = rest.cut_top(min(rest.w, rest.h * 0.62), look.px(GAP))
        else:
            code, rest = body.cut_left(body.h, look.px(56))
            head, lines = rest.cut_top(rest.h * 0.34, look.px(GAP))
        self._headline.put(head, said.headline, look.type("hero", "title", "heading"))
        self._code.put_code(code, look, view.code)
        self._put_steps(lines, look, said.steps)
        self.foot.put(foot, look, said.hint, seconds)
        self.only([self._code, self._headline, *self._numbers, *self._steps, self.foot])

    def _put_steps(self, rect: Rect, look: Look, steps: Sequence[str]) -> None:
        sizes = look.type("strong", "body", "small")
        side = round(sizes[0] * 1.7)
        rows = rect.rows(STEPS, look.px(12), look.px(132))
        for number, (chip, text, row, step) in enumerate(
            zip(self._numbers, self._steps, rows, steps, strict=True), 1
        ):
            place, beside = row.cut_left(side, look.px(20))
            chip.put_text(place.centred(side, side), str(number), sizes)
            text.put(beside, step, sizes)


class Code(Panel):
    """The code itself, each module the same whole number of pixels."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[bytes, ...] = ()
        with self.canvas:
            Color(1, 1, 1, 1)
            self._area = Rectangle()

    def forget(self) -> None:
        super().forget()
        self._shown = ()
        self._area.texture, self._area.size = None, (0, 0)

    def put_code(self, rect: Rect, look: Look, rows: tuple[bytes, ...]) -> None:
        side = min(rect.w, rect.h)
        square = rect.centred(side, side)
        self.put(square, look.px(RADIUS_CARD))
        across = len(rows) + 2 * QUIET
        module = int(side // across)
        inner = square.centred(module * len(rows), module * len(rows))
        if rows != self._shown:
            self._shown = rows
            self._area.texture = _picture(rows)
        self._area.pos = (round(inner.x), round(inner.y))
        self._area.size = (inner.w, inner.h)


def _picture(rows: tuple[bytes, ...]) -> Texture:
    """One texel a module; OpenGL's rows go upwards."""
    side = len(rows)
    texture = Texture.create(size=(side, side), colorfmt="luminance")
    texture.mag_filter = texture.min_filter = "nearest"
    lines = (row.replace(b"\x00", LIGHT).replace(b"\x01", DARK) for row in reversed(rows))
    texture.blit_buffer(b"".join(lines), colorfmt="luminance", bufferfmt="ubyte")
    return texture
