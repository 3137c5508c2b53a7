"""Whose a touch is when one screen has just taken another's place, and what keeps its own."""

from __future__ import annotations

from linli.kiosk.flows.afar_views import AskPicture
from linli.kiosk.flows.maintenance_views import MaintenanceView
from linli.kiosk.flows.shop_views import Redeeming
from linli.kiosk.flows.views import Choose, Success, View, rests

SIGHT_S = 0.3
"""Nobody answers a screen faster: a touch before that was meant for the one it displaced."""


def may_be_displaced(view: View) -> bool:
    """Whether a question may take its place, and there is somebody to answer it."""
    return not (rests(view) or isinstance(view, Redeeming | AskPicture))


def sight_s(before: View, after: View) -> float:
    """How long touches still belong to the screen before: where one person's choice, or their
    way home, would otherwise be taken for the next person's."""
    if rests(before) or rests(after):
        return 0.0
    if isinstance(after, MaintenanceView) and type(before) is type(after):
        return 0.0
    if isinstance(before, Choose) and isinstance(after, Success):
        return 0.0 if before.trace == after.trace else SIGHT_S
    return SIGHT_S
