"""Clerks order secure cards, maintainers renew keys, on pages."""

from __future__ import annotations

import pytest

from linli.ledger.issuing.schema import card_order
from linli.ledger.staff.roles import Role
from tests.unit.ledger.web.card_maker import CardMaker, blank, torn
from tests.unit.ledger.web.site import Browser, VillageSite

UID, OTHER = b"\x04abcdef", b"\x04ghijkl"
ORDER, ORDERS, KEYS = "/console/cards/order", "/console/cards/orders", "/console/card-keys"


@pytest.fixture
def maker(site: VillageSite) -> CardMaker:
    return CardMaker(site)


@pytest.fixture
def clerk(site: VillageSite) -> Browser:
    return site.log_in(Role.CLERK)


def ordered(maker: CardMaker, clerk: Browser, account: str, **more: str) -> str:
    seen = f"{ORDER}?account={account}"
    page = clerk.submit(ORDER, {"account": account, "replaces": "", **more}, seen=seen)
    assert page.status_code == 200, page.text
    return next(row.id for row in maker.village.rows(card_order) if row.account == account)


def test_a_clerk_orders_a_card_and_sees_it_wait(maker: CardMaker, clerk: Browser) -> None:
    order = ordered(maker, clerk, "a1", card="K-1")
    page = clerk.text(ORDERS)
    assert "K-1" in page
    assert "等待制卡" in page
    maker.make(blank(UID), order)
    assert "没有等待的制卡单" in clerk.text(ORDERS)
    assert "K-1" in clerk.text("/console/people/holder?account=a1")


def test_a_card_that_was_torn_away_is_shown_as_unfinished(maker: CardMaker, clerk: Browser) -> None:
    order = ordered(maker, clerk, "a1")
    maker.declined(torn(blank(UID), 20), UID, order)
    page = clerk.text(ORDERS)
    assert "没有写完" in page
    assert UID.hex() in page


def test_an_order_is_withdrawn_once(maker: CardMaker, clerk: Browser) -> None:
    order = ordered(maker, clerk, "a1")
    withdraw = f"{ORDERS}/withdraw"
    assert "已撤回" in clerk.submit(withdraw, {"id": order}, seen=ORDERS).text
    again = clerk.submit(withdraw, {"id": order}, seen=f"{ORDER}?account=a1").text
    assert "已经办完或撤回" in again


def test_a_second_order_for_one_person_is_refused_in_words(
    maker: CardMaker, clerk: Browser
) -> None:
    ordered(maker, clerk, "a1")
    again = clerk.submit(ORDER, {"account": "a1", "card": ""}, seen=f"{ORDER}?account=a1")
    assert again.status_code == 422
    assert "已有一张制卡单在等" in again.text


def test_a_card_is_ordered_in_place_of_another(maker: CardMaker, clerk: Browser) -> None:
    order = ordered(maker, clerk, "a1", replaces="card-a1")
    maker.make(blank(UID), order)
    assert maker.row("card-a1").status == "replaced"


@pytest.mark.parametrize("id_", ["", "nothing", "x" * 99])
def test_an_order_that_is_not_there_is_not_withdrawn(
    maker: CardMaker, clerk: Browser, id_: str
) -> None:
    page = clerk.submit(f"{ORDERS}/withdraw", {"id": id_}, seen=f"{ORDER}?account=a1")
    assert page.status_code == 404


def test_a_maintainer_renews_keys_and_sees_how_far_it_is(maker: CardMaker, clerk: Browser) -> None:
    keeper = maker.site.log_in(Role.MAINTAINER)
    assert "还没有密钥" in keeper.text(KEYS)
    cards = [blank(UID), blank(OTHER)]
    for account, laid in zip(("a1", "a2"), cards, strict=True):
        maker.make(laid, ordered(maker, clerk, account))
    assert "第 1 代在用" in keeper.text(KEYS)
    assert "第 2 代密钥已生成" in keeper.submit(f"{KEYS}/begin", {}, seen=KEYS).text
    assert "0 / 2" in keeper.text(KEYS)
    maker.make(cards[0])
    page = keeper.text(KEYS)
    assert "1 / 2" in page
    assert "还有 1 张卡没有换" in page
    maker.make(cards[1])
    assert "都换好了" in keeper.text(KEYS)
    assert "第 1 代密钥已销毁" in keeper.submit(f"{KEYS}/retire", {"number": "1"}, seen=KEYS).text


def test_who_does_not_wait_is_told_what_it_costs(maker: CardMaker, clerk: Browser) -> None:
    keeper = maker.site.log_in(Role.MAINTAINER)
    maker.make(blank(UID), ordered(maker, clerk, "a1"))
    keeper.submit(f"{KEYS}/begin", {}, seen=KEYS)
    page = keeper.submit(f"{KEYS}/retire", {"number": "1"}, seen=KEYS).text
    assert "1 张卡没有换完" in page


@pytest.mark.parametrize("number", ["", "x", "2", "9999"])
def test_what_is_no_old_generation_is_not_retired(
    maker: CardMaker, clerk: Browser, number: str
) -> None:
    keeper = maker.site.log_in(Role.MAINTAINER)
    maker.make(blank(UID), ordered(maker, clerk, "a1"))
    keeper.submit(f"{KEYS}/begin", {}, seen=KEYS)
    page = keeper.submit(f"{KEYS}/retire", {"number": number}, seen=KEYS)
    assert page.status_code == 422
    assert "没有换" in keeper.text(KEYS)


def test_the_page_of_keys_shows_none(maker: CardMaker, clerk: Browser) -> None:
    laid = blank(UID)
    maker.make(laid, ordered(maker, clerk, "a1"))
    page = maker.site.log_in(Role.MAINTAINER).text(KEYS)
    assert not any(slot.key.hex() in page for slot in laid.chip.keys)
