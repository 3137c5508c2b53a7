"""Where a screen has its drawing, headline and sentence that tells one thing."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kiosk.theme.lines import line_height
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import Look


@dataclass(frozen=True)
class ToldPlaces:
    drawing: Rect
    headline: Rect
    sentence: Rect


def told_places(body: Rect, look: Look) -> ToldPlaces:
    """The drawing beside the words; above them where the screen stands upright."""
    side = look.px(300)
    if look.portrait:
        return upright(body, look, side, look.type("hero")[0])
    drawing, text = body.cut_left(side, look.px(56))
    headline, sentence = text.inset(0, look.px(24)).cut_top(text.h * 0.5, look.px(18))
    return ToldPlaces(drawing.centred(side, side), headline, sentence)


def upright(body: Rect, look: Look, side: float, headline_size: float) -> ToldPlaces:
    """One below the other, no further apart than what is said: two lines and three."""
    high, low = 2 * line_height(headline_size), 3 * line_height(look.type("heading")[0])
    between, gap = look.px(40), look.px(18)
    block = body.centred(body.w, min(body.h, side + between + high + gap + low))
    drawing, text = block.cut_top(side, between)
    headline, sentence = text.cut_top(high, gap)
    return ToldPlaces(drawing.cut_left(side)[0], headline, sentence)
