"""What a mark says of a screen beside its name: how it ended or what it asks, never who it is about
and never what was typed."""

from __future__ import annotations

from linli.kiosk.flows.shop_views import Redeemed, Redeeming, Shop
from linli.kiosk.flows.views import Refused, View
from linli.kiosk.flows.visit_views import DeedDetail, Hindered, Pad, Points, Told


def said(view: View) -> str:
    """A word or two that tell screens of one kind apart; "" where there is nothing to tell."""
    match view:
        case Refused(trouble):
            return trouble.value
        case Hindered(hindrance):
            return hindrance.value
        case Told(outcome):
            return outcome.value
        case Redeeming(_, phase):
            return phase.value
        case Redeemed():
            return f"{view.ending.value} {view.slip.value}"
        case DeedDetail():
            return view.proof.value
        case Points():
            return f"{view.month:%Y-%m}"
        case Shop():
            return "" if view.offline_up_to is None else "offline"
        case Pad(for_):
            return for_.value if view.trouble is None else f"{for_.value} {view.trouble.value}"
        case _:
            return ""
