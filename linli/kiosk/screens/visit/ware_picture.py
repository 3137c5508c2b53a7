"""The picture of a ware: its own where there is one, else a drawing of its kind."""

from __future__ import annotations

from functools import lru_cache

import structlog
from kivy.core.image import Image
from kivy.graphics import Color, SmoothRoundedRectangle
from kivy.graphics.texture import Texture

from linli.kiosk.flows.shop_views import WareCard, WareKind
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.part import Part
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import CARD, Look

log = structlog.get_logger()
MOST_KEPT = 24
DRAWINGS = {WareKind.GOOD: "goods", WareKind.SERVICE: "service", WareKind.VOUCHER: "voucher"}


class WarePicture(Part):
    def __init__(self) -> None:
        super().__init__()
        self._drawing = Drawing("goods", CARD)
        self._photo = Part()
        with self._photo.canvas:
            Color(1, 1, 1, 1)
            self._area = SmoothRoundedRectangle(size=(0, 0), segments=12)

    def put_ware(self, rect: Rect, look: Look, ware: WareCard) -> None:
        self.box(rect)
        texture = texture_of(ware.picture) if ware.picture else None
        if texture is None:
            self._drawing.put(rect, DRAWINGS[ware.kind])
            self.only([self._drawing])
            return
        self._area.texture = texture
        self._area.pos, self._area.size = self.pos, self.size
        self._area.radius = [(look.px(18), look.px(18))] * 4
        self.only([self._photo])

    def forget(self) -> None:
        super().forget()
        self._area.texture, self._area.size = None, (0, 0)


@lru_cache(maxsize=MOST_KEPT)
def texture_of(path: str) -> Texture | None:
    """The middle square of a picture; None where it cannot be read."""
    try:
        # Kivy would keep it for a minute more, for whoever loads it again.
        texture = Image(path, nocache=True).texture
    except Exception:
        # Kivy's loaders raise whatever their libraries do; a drawing is shown instead.
        log.exception("a picture cannot be drawn", path=path)
        return None
    side = min(texture.width, texture.height)
    left, low = (texture.width - side) // 2, (texture.height - side) // 2
    return texture.get_region(left, low, side, side)


def forget_photos() -> None:
    """They are a megabyte each, and read again in milliseconds."""
    texture_of.cache_clear()
