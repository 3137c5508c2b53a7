"""The picture of a ware: its own where there is one, else a drawing of its kind."""

from __future__ import annotations

from linli.kiosk.flows.visit_views import WareCard, WareKind
from linli.kiosk.theme.drawings import Drawing
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.tokens import CARD, Look
from linli.kiosk.theme.widgets import Part

DRAWINGS = {WareKind.GOOD: "goods", WareKind.SERVICE: "service", WareKind.VOUCHER: "voucher"}


class WarePicture(Part):
    def __init__(self) -> None:
        super().__init__()
        self._drawing = Drawing("goods", CARD)
        self.add_widget(self._drawing)

    def put_ware(self, rect: Rect, look: Look, ware: WareCard) -> None:
        self.box(rect)
        self._drawing.put(rect, DRAWINGS[ware.kind])
