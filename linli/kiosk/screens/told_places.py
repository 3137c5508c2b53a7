"""Where a screen has its drawing, headline and sentence that tells one thing."""

from __future__ import annotations

from dataclasses import dataclass

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
        block = body.centred(body.w, min(body.h, look.px(900)))
        drawing, text = block.cut_top(side, look.px(40))
        drawing = drawing.cut_left(side)[0]
    else:
        drawing, text = body.cut_left(side, look.px(56))
        text = text.inset(0, look.px(24))
    headline, sentence = text.cut_top(text.h * 0.5, look.px(18))
    return ToldPlaces(drawing.centred(side, side), headline, sentence)
