"""From the resting screen three touches and a tap of the card lead to all a resident can do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doubles.attending import VISIT, Centre, Open
from doubles.centre import at, deed, notice, standing, story, ware, window

from linli.kiosk.flows import actions
from linli.kiosk.flows.actions import Action
from linli.kiosk.flows.news_views import Article, NoticeSheet, Ranking
from linli.kiosk.flows.shop_views import Redeeming, Vouchers
from linli.kiosk.flows.visit_views import AskCard, AskConsent, DeedDetail, Module, Pad, Points
from linli.sync.record.keys import NoteKey

OPEN = actions.Open
LAST_MONTH = dt.date(2026, 10, 6)
ROWS = (
    VISIT,
    deed("new", "r-2", at("08:10"), state="posted"),
    deed("old", "r-2", at("09:00", LAST_MONTH), state="posted"),
    notice("2026-10"),
    standing("r-2", 20),
    story("s-1", at("07:00"), title="灯", text="一。二。"),
    ware("soap", points=20),
    window(at("00:00"), at("23:00") + dt.timedelta(days=20)),
)
WAYS: dict[str, tuple[Sequence[Action], type]] = {
    "their points": ([OPEN(Module.POINTS)], Points),
    "a month before": ([OPEN(Module.POINTS), actions.ShowOlder()], Points),
    "a deed": ([OPEN(Module.POINTS), actions.ShowDeed("new")], DeedDetail),
    "the proof of it": (
        [OPEN(Module.POINTS), actions.ShowDeed("new"), actions.CheckProof()],
        DeedDetail,
    ),
    "a deed to object to": (
        [OPEN(Module.POINTS), actions.ShowOlder(), actions.ShowDeed("old")],
        DeedDetail,
    ),
    "whether their name is public": (
        [OPEN(Module.POINTS), actions.ShowServices(), actions.ShowConsent()],
        AskConsent,
    ),
    "a PIN": ([OPEN(Module.POINTS), actions.ShowServices(), actions.ChoosePin()], Pad),
    "their vouchers": (
        [OPEN(Module.POINTS), actions.ShowServices(), actions.ShowVouchers()],
        Vouchers,
    ),
    "that a card is lost": ([actions.ReportLoss()], Pad),
    "something from the shop": (
        [OPEN(Module.SHOP), actions.ShowWare("soap"), actions.Redeem()],
        Redeeming,
    ),
    "the notice": ([OPEN(Module.NEWS), actions.ShowNews("notice:2026-10")], NoticeSheet),
    "the ranking": ([OPEN(Module.NEWS), actions.ShowNews("ranking:resident")], Ranking),
    "a story": ([OPEN(Module.NEWS), actions.ShowNews("story:s-1")], Article),
}


def shown_after(centre: Centre, touches: Sequence[Action]) -> object:
    """The card is tapped as soon as it is asked for, unless there is none any more."""
    view: object = None
    for touch in touches:
        view = centre.act(touch).view
        if isinstance(view, AskCard) and actions.ReportLoss() not in touches:
            view = centre.tap_dynamic().view
    return view


@pytest.mark.parametrize("what", WAYS)
def test_three_touches_lead_to(what: str, open_centre: Open) -> None:
    touches, expected = WAYS[what]
    centre = open_centre(*ROWS)
    key = Ed25519PrivateKey.generate()
    centre.desk.record_key = NoteKey.of("linli.local/record", key)
    assert len(touches) <= 3
    assert isinstance(shown_after(centre, touches), expected)
