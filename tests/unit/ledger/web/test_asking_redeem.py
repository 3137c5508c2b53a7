"""Goods, services and vouchers at a terminal: paid once, and only by whom they may be."""

from __future__ import annotations

import pytest

from linli.ledger.asks.declining import REASON_OF
from linli.ledger.audit.verify import verify
from linli.ledger.people.cards import block_card, issue_cards
from linli.ledger.people.checks import NewCard, NewHolder, NewOrg
from linli.ledger.people.leaving import leave
from linli.ledger.people.merging import merge
from linli.ledger.people.pins import PinRefusal
from linli.ledger.people.register import enrol
from linli.ledger.people.tree import add_orgs
from linli.ledger.schema import lease, redemption
from linli.ledger.shop.doors import empty_door, fill_door, set_door
from linli.ledger.shop.leases import grant
from linli.ledger.shop.refusals import Refusal
from linli.ledger.shop.wares import stock_up, withdraw_ware
from linli.ledger.shop.windows import set_window
from linli.ledger.staff.roles import Role
from linli.sync.asks import REASONS, Declined, Redeemed
from linli.sync.messages import Kind, Trust
from tests.unit.ledger.shop.counter import DAY
from tests.unit.ledger.web.asker import PIN, WRONG, Asker
from tests.unit.ledger.web.residents import Residents
from tests.unit.ledger.web.site import VillageSite


@pytest.fixture
def asker(site: VillageSite) -> Asker:
    return Asker(site)


def test_a_verified_card_gets_goods_for_points(asker: Asker) -> None:
    made = asker.got()
    assert (made.title, made.points, made.left, made.code) == ("大米", 30, 70, "")
    assert made.order == f"redeem.{asker.village.rows(redemption)[0].id}"
    assert asker.shop.left() == 2
    assert verify(asker.engine) is None


def test_a_voucher_comes_with_its_code(asker: Asker) -> None:
    made = asker.got(ware="", offer="bread")
    assert (made.title, made.merchant, made.points) == ("满20减5", "阳光面包", 10)
    assert made.code
    assert made.until is not None
    assert verify(asker.engine) is None


@pytest.mark.parametrize("what", [{"ware": "rice"}, {"ware": "", "offer": "bread"}])
def test_the_same_request_again_is_answered_as_before(asker: Asker, what: dict[str, str]) -> None:
    assert asker.got(**what) == asker.got(**what)
    assert len(asker.village.rows(redemption)) == 1


def test_two_of_the_same_request_at_once_pay_once(asker: Asker) -> None:
    answers = asker.at_once([asker.redeem] * 4)
    assert answers == [answers[0]] * 4
    assert isinstance(answers[0], Redeemed)
    assert asker.shop.balance("a1:redeemable") == 70


def test_what_was_paid_is_answered_again_though_the_pin_is_locked_by_now(asker: Asker) -> None:
    asker.set_pin()
    low = asker.tap("a1", "card-a1", Trust.LOW)
    first = asker.got(tap=low, pin=PIN)
    for number in range(5):
        assert asker.refused(request=f"x{number}", tap=low, pin=WRONG) in (
            "pin-wrong",
            "pin-locked",
        )
    assert asker.got(tap=low) == first


def test_the_same_request_for_something_else_is_refused(asker: Asker) -> None:
    asker.got()
    assert asker.refused(ware="haircut") == "other-content"


def test_a_phones_request_of_the_same_name_is_another(asker: Asker, site: VillageSite) -> None:
    asker.got(request="r1")
    asker.shop.redeem("a1", "r1", "haircut")
    assert asker.shop.balance("a1:redeemable") == 50


def test_a_card_that_may_be_a_copy_needs_the_pin(asker: Asker) -> None:
    low = asker.tap("a1", "card-a1", Trust.LOW)
    assert asker.refused(tap=low) == "no-pin"
    asker.set_pin()
    assert asker.refused(tap=low) == "pin-needed"
    assert asker.redeem(tap=low, pin=WRONG) == Declined(reason="pin-wrong", tries=4)
    assert asker.got(tap=low, pin=PIN).left == 70


def test_a_chip_without_a_key_is_a_copy_whatever_the_terminal_says(asker: Asker) -> None:
    assert asker.refused(tap=asker.tap("a1", "card-a1", Trust.HIGH)) == "no-pin"


def test_a_high_price_needs_the_pin_of_a_verified_card_too(asker: Asker) -> None:
    asker.set_pin()
    with asker.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE ware SET points = 51 WHERE id = 'rice'")
    assert asker.refused() == "pin-needed"
    assert asker.got(pin=PIN).points == 51


def test_five_wrong_tries_lock_the_pin(asker: Asker) -> None:
    asker.set_pin()
    low = asker.tap("a1", "card-a1", Trust.LOW)
    said = [asker.refused(request=f"r{n}", tap=low, pin=WRONG) for n in range(5)]
    assert said == ["pin-wrong"] * 4 + ["pin-locked"]
    assert asker.refused(tap=low, pin=PIN) == "pin-locked"
    asker.site.clock.pass_(minutes=16)
    assert asker.got(tap=low, pin=PIN).left == 70


def test_somebody_elses_card_pays_nothing(asker: Asker) -> None:
    assert asker.refused("a1", tap=asker.tap("a1", "key-a2")) == "card"


def test_an_unknown_or_stopped_card_pays_nothing(asker: Asker) -> None:
    assert asker.refused(tap=asker.tap("a1", "c99")) == "card"
    asker.shop.do(lambda c: block_card(c, "key-a1", asker.shop.now))
    assert asker.refused() == "card"


def test_a_card_of_another_community_pays_nothing_here(asker: Asker) -> None:
    now = asker.village.now
    with asker.engine.begin() as connection:
        orgs = [
            NewOrg("lake", "street", "community", "湖畔"),
            NewOrg("l1", "lake", "building", "1"),
        ]
        add_orgs(connection, orgs, now)
        enrol(connection, [NewHolder("b1x", "周远", Kind.RESIDENT, "l1", True, False)], now)
        issue_cards(
            connection, [NewCard("key-b1x", "04eeeeeeeeeeee", "b1x", "ntag424", "00" * 16)], now
        )
    assert asker.refused("b1x") == "card"


def test_who_has_left_gets_nothing(asker: Asker) -> None:
    asker.shop.do(lambda c: leave(c, "a1", asker.shop.now))
    assert asker.refused() == "card"


def test_a_terminal_that_has_not_heard_of_a_merge_serves_the_bearer(asker: Asker) -> None:
    asker.shop.do(lambda c: merge(c, "a2", "a1", asker.shop.now))
    made = asker.got(tap=asker.tap("a2", "key-a2"))
    assert made.left == 120
    assert asker.got(tap=asker.tap("a1", "key-a2")) == made


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ({"ware": "gold"}, "not-there"),
        ({"ware": ""}, "not-there"),
        ({"ware": "rice", "offer": "bread"}, "not-there"),
        ({"ware": "", "offer": "gold"}, "not-there"),
    ],
)
def test_what_is_not_there_is_said_so(asker: Asker, what: dict[str, str], reason: str) -> None:
    assert asker.refused(**what) == reason


def test_why_the_shop_says_no_is_told(asker: Asker) -> None:
    assert asker.refused("a3") == "too-few"
    asker.shop.do(lambda c: stock_up(c, "rice", "centre", -3, asker.shop.now))
    assert asker.refused() == "sold-out"
    for number in range(2):
        asker.got(request=f"b{number}", ware="", offer="bread")
    assert asker.refused(request="b3", ware="", offer="bread") == "quota"
    now = asker.shop.now
    asker.shop.do(lambda c: set_window(c, "village", "2026-Q4", now - 3 * DAY, now - DAY, now))
    assert asker.refused(request="c1") == "closed"
    asker.shop.do(lambda c: withdraw_ware(c, "rice", now))
    assert asker.refused(request="c2") == "withdrawn"


def test_points_that_a_terminal_holds_are_asked_back(asker: Asker) -> None:
    asker.shop.do(lambda c: grant(c, "t1", "a2", "l1", 40, asker.shop.now))
    assert asker.refused("a2") == "held"
    assert asker.village.rows(lease)[0].recalled_at is not None
    assert asker.refused("a2") == "held"
    assert verify(asker.engine) is None


def test_on_a_phone_and_at_the_desk_held_points_are_asked_back_in_words(
    asker: Asker, site: VillageSite
) -> None:
    asker.shop.do(lambda c: grant(c, "t1", "a2", "l1", 40, asker.shop.now))
    phone = Residents(site).linked("a2")
    fields = {"id": "rice", "centre": "centre", "request": "p1"}
    answer = phone.submit("/me/shop/ware", fields, seen="/me/name")
    assert answer.status_code == 409
    assert "另有 40 分预支在终端上" in answer.text
    assert asker.village.rows(lease)[0].recalled_at is not None
    clerk = site.log_in(Role.CLERK)
    fields = {"who": "a2", "ware": "rice", "centre": "centre", "pieces": "1"}
    answer = clerk.submit("/console/shop/desk/goods", fields, seen="/console/shop/desk?who=a1")
    assert answer.status_code == 409
    assert "已经通知终端退回" in answer.text


def test_nobody_pays_for_what_a_door_cannot_give(asker: Asker) -> None:
    now = asker.shop.now
    assert asker.refused(door=2) == "not-there"
    asker.shop.do(lambda c: set_door(c, "t1", 2, "rice", now))
    assert asker.refused(door=2) == "sold-out"
    asker.shop.do(lambda c: fill_door(c, "t1", 2, now))
    made = asker.got(door=2)
    assert asker.shop.left() == 2
    asker.shop.do(lambda c: empty_door(c, "t1", 2, now))
    assert asker.got(door=2) == made


def test_every_refusal_has_a_reason_that_terminals_know() -> None:
    assert set(REASON_OF) == set(Refusal)
    assert set(REASON_OF.values()) | {refusal.value for refusal in PinRefusal} <= set(REASONS)
