"""The shop at the terminal: what is on its shelf, and the way from a touch to the till."""

from __future__ import annotations

import datetime as dt

import pytest
from doubles.attending import VISIT, Centre, Open, done
from doubles.centre import at, door, holder, ware, window

from linli.kiosk.flows import actions
from linli.kiosk.flows.shop_views import Confirm, Ending, Phase, Redeemed, Redeeming, Shop, Vouchers
from linli.kiosk.flows.views import Home
from linli.kiosk.flows.visit_views import (
    AskCard,
    Hindered,
    Hindrance,
    Module,
    Pad,
    PadTrouble,
    Services,
    Waiting,
)
from linli.kiosk.visits.desk import Progress
from linli.kiosk.visits.visit import SILENT_S
from linli.sync.asks import AskVoucher, VoucherSeen

OPEN = window(at("00:00"), at("23:00") + dt.timedelta(days=20))
SHELF = (ware("soap", points=20), ware("rice", points=60), OPEN)
ENDED = Redeemed("name of r-2", "name of soap", 20, 30, Ending.OUT)


def seen_as(state: str) -> VoucherSeen:
    return VoucherSeen(state=state, title="面包", merchant="面包房", until=at("00:00"))


def shop(view: object) -> Shop:
    assert isinstance(view, Shop), view
    return view


def shopping(centre: Centre) -> Shop:
    """Somebody with a verified card and 50 points is in the shop."""
    tapped = done(centre.tap_dynamic())
    return shop(centre.act(actions.ShowPoints(tapped.trace), actions.ShowShop()).view)


def test_anybody_looks_at_the_shelf_the_cheapest_first(open_centre: Open) -> None:
    centre = open_centre(*SHELF, ware("tea", "elsewhere", points=40), ware("gone", on_sale=False))
    view = shop(centre.act(actions.Open(Module.SHOP)).view)
    assert [card.id for card in view.wares] == ["soap", "rice"]
    assert (view.balance, view.closes) == (None, dt.date(2026, 12, 14))
    assert all(card.within is None for card in view.wares)


def test_who_tapped_sees_what_their_points_suffice_for(open_centre: Open) -> None:
    centre = open_centre(VISIT, *SHELF)
    view = shopping(centre)
    assert [(card.id, card.within) for card in view.wares] == [("soap", True), ("rice", False)]
    only = shop(centre.act(actions.OnlyWithin(True)).view)
    assert [card.id for card in only.wares] == ["soap"]


def test_outside_the_window_only_what_is_to_be_had_all_year(open_centre: Open) -> None:
    soon = window(at("00:00") + dt.timedelta(days=7), at("00:00") + dt.timedelta(days=20))
    centre = open_centre(ware("soap"), ware("hair", kind="service", left=None, all_year=True), soon)
    view = shop(centre.act(actions.Open(Module.SHOP)).view)
    assert [card.id for card in view.wares] == ["hair"]
    assert (view.closes, view.opens) == (None, dt.date(2026, 12, 1))


def test_what_is_behind_a_full_door_says_which(open_centre: Open) -> None:
    centre = open_centre(*SHELF, door(2, "soap"), door(3, "rice", full=False))
    view = shop(centre.act(actions.Open(Module.SHOP)).view)
    assert [card.door for card in view.wares] == [2, None]


def test_a_long_shelf_is_leafed_through(open_centre: Open) -> None:
    centre = open_centre(OPEN, *(ware(f"w{n}", points=n + 1) for n in range(8)))
    view = shop(centre.act(actions.Open(Module.SHOP)).view)
    assert (len(view.wares), view.page, view.pages) == (6, 0, 2)
    second = shop(centre.act(actions.TurnPage(1)).view)
    assert [card.id for card in second.wares] == ["w6", "w7"]
    assert shop(centre.act(actions.TurnPage(1)).view).page == 1


def test_a_ware_that_nobody_tapped_for_asks_for_a_card(open_centre: Open) -> None:
    centre = open_centre(*SHELF)
    asked = centre.act(actions.Open(Module.SHOP), actions.ShowWare("soap")).view
    assert asked == AskCard(Module.SHOP, "name of soap")
    confirm = centre.tap_dynamic().view
    assert isinstance(confirm, Confirm)
    assert (confirm.ware.id, confirm.balance, confirm.pin) == ("soap", 50, False)


def test_a_verified_card_redeems_without_a_pin(open_centre: Open) -> None:
    centre = open_centre(VISIT, *SHELF)
    shopping(centre)
    shown = centre.act(actions.ShowWare("soap"), actions.Redeem()).view
    assert shown == Redeeming("name of soap", Phase.PAYING, None)
    assert centre.till.redeemed == [("r-2", "soap", None)]


def test_progress_is_shown_to_its_end(open_centre: Open) -> None:
    centre = open_centre(VISIT, *SHELF)
    shopping(centre)
    centre.act(actions.ShowWare("soap"), actions.Redeem())
    centre.till.tell(Progress("name of soap", Phase.TAKE_IT, 2))
    shown = centre.take()
    assert shown is not None
    assert shown.view == Redeeming("name of soap", Phase.TAKE_IT, 2)
    assert shown.home_after_s is not None
    assert shown.home_after_s > SILENT_S
    centre.till.tell(Progress("name of soap", Phase.CLOSE_IT, 2, ended=ENDED))
    ended = centre.take()
    assert ended is not None
    assert ended.view == ENDED


def test_nobody_elses_tap_or_touch_ends_a_redemption(open_centre: Open) -> None:
    centre = open_centre(VISIT, *SHELF)
    shopping(centre)
    centre.act(actions.ShowWare("soap"), actions.Redeem())
    centre.till.tell(Progress("name of soap", Phase.OPENING, 2))
    under_way = centre.take()
    assert under_way is not None
    assert centre.tap().view == under_way.view
    assert centre.attendant.home().view == under_way.view
    assert centre.act(actions.Back()).view == under_way.view


def test_from_the_touch_on_nobody_elses_tap_or_touch_ends_a_redemption(open_centre: Open) -> None:
    centre = open_centre(VISIT, *SHELF)
    shopping(centre)
    paying = centre.act(actions.ShowWare("soap"), actions.Redeem()).view
    assert centre.tap().view == paying
    assert centre.attendant.home().view == paying
    assert centre.act(actions.Open(Module.SHOP)).view == paying


def test_a_redemption_that_nothing_is_heard_of_any_more_holds_up_nobody(
    open_centre: Open,
) -> None:
    centre = open_centre(VISIT, *SHELF)
    shopping(centre)
    centre.act(actions.ShowWare("soap"), actions.Redeem())
    centre.till.tell(Progress("name of soap", Phase.OPENING, 2))
    centre.take()
    centre.clock.pass_(seconds=SILENT_S - 1)
    assert isinstance(centre.attendant.home().view, Redeeming)
    centre.clock.pass_(seconds=1)
    assert isinstance(centre.attendant.home().view, Home)
    done(centre.tap())


def test_what_comes_of_a_redemption_after_the_person_has_gone_is_shown_to_nobody_else(
    open_centre: Open,
) -> None:
    centre = open_centre(VISIT, *SHELF)
    shopping(centre)
    centre.act(actions.ShowWare("soap"), actions.Redeem())
    centre.clock.pass_(seconds=SILENT_S)
    theirs = centre.act(actions.ShowPoints(done(centre.tap()).trace)).view
    centre.till.tell(Progress("name of soap", Phase.CLOSE_IT, 2, ended=ENDED))
    shown = centre.take()
    assert shown is not None
    assert shown.view == theirs


def test_redeeming_is_touched_twice_and_asked_for_once(open_centre: Open) -> None:
    centre = open_centre(VISIT, *SHELF)
    shopping(centre)
    centre.act(actions.ShowWare("soap"), actions.Redeem(), actions.Redeem())
    assert len(centre.till.redeemed) == 1


def test_a_card_that_can_be_copied_redeems_with_a_pin(open_centre: Open) -> None:
    centre = open_centre(VISIT, *SHELF)
    centre.act(
        actions.ShowPoints(done(centre.tap()).trace),
        actions.ShowShop(),
        actions.ShowWare("soap"),
    )
    asked = centre.act(actions.Redeem()).view
    assert isinstance(asked, Pad)
    centre.act(actions.Typed("271828"))
    assert centre.till.redeemed == [("r-1", "soap", "271828")]
    centre.till.tell(Progress("", Phase.PAYING, declined="pin-wrong", tries=4))
    shown = centre.take()
    assert shown is not None
    assert isinstance(shown.view, Pad)
    assert (shown.view.trouble, shown.view.tries) == (PadTrouble.WRONG, 4)


@pytest.mark.parametrize(
    ("why", "hindrance"),
    [
        ("no-pin", Hindrance.NO_PIN),
        ("offline-pin", Hindrance.PIN_OFFLINE),
        ("too-few", Hindrance.TOO_FEW),
    ],
)
def test_nobody_types_a_pin_that_would_be_of_no_use(
    open_centre: Open, why: str, hindrance: Hindrance
) -> None:
    centre = open_centre(VISIT, *SHELF)
    centre.till.obstacles["r-1"] = why
    centre.act(
        actions.ShowPoints(done(centre.tap()).trace),
        actions.ShowShop(),
        actions.ShowWare("soap"),
    )
    told = centre.act(actions.Redeem()).view
    assert isinstance(told, Hindered)
    assert told.hindrance is hindrance
    assert centre.till.redeemed == []
    assert isinstance(centre.act(actions.Back()).view, Confirm)


@pytest.mark.parametrize(
    ("declined", "hindrance"),
    [
        ("too-few", Hindrance.TOO_FEW),
        ("no-pin", Hindrance.CHOOSE_PIN),  # a verified card may: nobody is sent to the desk for it
    ],
)
def test_a_refusal_says_why_and_leads_back_to_the_ware(
    open_centre: Open, declined: str, hindrance: Hindrance
) -> None:
    centre = open_centre(VISIT, *SHELF, holder("r-2", redeemable=10))
    shopping(centre)
    centre.act(actions.ShowWare("soap"), actions.Redeem())
    centre.till.tell(Progress("", Phase.PAYING, declined=declined))
    shown = centre.take()
    assert shown is not None
    assert isinstance(shown.view, Hindered)
    assert shown.view.hindrance is hindrance
    assert isinstance(centre.act(actions.Back()).view, Confirm)


def test_without_the_network_the_shop_says_what_can_be_used(open_centre: Open) -> None:
    centre = open_centre(VISIT, *SHELF)
    centre.till.leases["r-2"] = 30
    centre.online = False
    view = shopping(centre)
    assert (view.offline_up_to, view.balance) == (30, 80)


def test_a_code_can_be_shown_once_more_to_who_paid_for_it(open_centre: Open) -> None:
    centre = open_centre(VISIT, *SHELF)
    code = Redeemed("name of r-2", "面包", 20, 30, Ending.VOUCHER, code="7K3M")
    centre.till.codes["r-2"] = (code,)
    tapped = done(centre.tap_dynamic())
    services = centre.act(actions.ShowPoints(tapped.trace), actions.ShowServices()).view
    assert isinstance(services, Services)
    assert services.vouchers == 1
    assert centre.act(actions.ShowVouchers()).view == Vouchers("name of r-2", (("面包", None),))
    assert isinstance(centre.act(actions.ShowVoucher(0)).view, Waiting)
    assert centre.asks.asked == [AskVoucher(code="7K3M")]
    shown = centre.answer(seen_as("issued"))
    assert shown is not None
    assert shown.view == code
    assert centre.till.shown_again == ["7K3M"]
    assert centre.act(actions.ShowVoucher(7)).view == code


def among_their_vouchers(open_centre: Open) -> Centre:
    """Somebody who has one looks at the list."""
    centre = open_centre(VISIT, *SHELF)
    code = Redeemed("name of r-2", "面包", 20, 30, Ending.VOUCHER, code="7K3M")
    centre.till.codes["r-2"] = (code,)
    tapped = done(centre.tap_dynamic())
    centre.act(actions.ShowPoints(tapped.trace), actions.ShowServices(), actions.ShowVouchers())
    return centre


@pytest.mark.parametrize(
    ("state", "hindrance"),
    [
        ("used", Hindrance.VOUCHER_USED),
        ("refunded", Hindrance.VOUCHER_OVER),
        ("expired", Hindrance.VOUCHER_OVER),
    ],
)
def test_a_code_that_is_of_no_use_any_more_is_not_shown_again(
    open_centre: Open, state: str, hindrance: Hindrance
) -> None:
    centre = among_their_vouchers(open_centre)
    centre.act(actions.ShowVoucher(0))
    told = centre.answer(seen_as(state))
    assert told is not None
    assert told.view == Hindered(hindrance, "name of r-2")
    assert centre.till.shown_again == []
    assert isinstance(centre.act(actions.Back()).view, Vouchers)


def test_a_code_is_shown_again_without_the_network_too(open_centre: Open) -> None:
    centre = among_their_vouchers(open_centre)
    centre.online = False
    shown = centre.act(actions.ShowVoucher(0)).view
    assert isinstance(shown, Redeemed)
    assert (shown.code, centre.asks.asked) == ("7K3M", [])


def test_a_ledger_that_does_not_answer_keeps_nobody_from_their_code(open_centre: Open) -> None:
    centre = among_their_vouchers(open_centre)
    centre.act(actions.ShowVoucher(0))
    shown = centre.answer(None)
    assert shown is not None
    assert isinstance(shown.view, Redeemed)


def test_every_accepted_tap_is_told_to_the_till(open_centre: Open) -> None:
    centre = open_centre(VISIT, *SHELF)
    centre.tap()
    centre.tap(b"\x04strange")
    centre.tap_dynamic()
    assert centre.till.taps == ["r-1", "r-2"]
