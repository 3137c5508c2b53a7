"""Terminals and boards know the shop: whoever followed every change knows what a snapshot says."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine, func, select

from linli.ledger.database import reading
from linli.ledger.feed.schema import feed_head
from linli.ledger.feed.snapshot import snapshot
from linli.ledger.schema import redemption
from linli.ledger.shop.leases import grant
from linli.ledger.shop.merchants import add_offer, withdraw_offer
from linli.ledger.shop.redeeming import redeem, refund
from linli.ledger.shop.refusals import ShopError
from linli.ledger.shop.spends import spend, undo_spend
from linli.ledger.shop.vouchers import issue
from linli.ledger.shop.wares import (
    SERVICE,
    Ware,
    add_ware,
    count_stock,
    set_price,
    stock_up,
    withdraw_ware,
)
from linli.ledger.shop.windows import set_window
from linli.sync.messages import Row, Stream, WareRow, WindowRow
from tests.unit.ledger.shop.counter import BREAD, DAY, Shop

Told = Callable[[Engine, str, Stream], list[Row]]
Known = dict[tuple[str, ...], WareRow | WindowRow]


def known(rows: list[Row]) -> Known:
    """The newest of each key that is still to be had."""
    found: Known = {}
    for row in rows:
        if isinstance(row, WareRow):
            found["ware", row.id, row.centre] = row
        elif isinstance(row, WindowRow):
            found["window", row.quarter] = row
    return {k: row for k, row in found.items() if not isinstance(row, WareRow) or row.on_sale}


@pytest.fixture
def followed(shop: Shop, told: Told) -> Callable[[], Known]:
    """What somebody knows who followed every change; a snapshot says the same."""

    def rows() -> Known:
        found = known(told(shop.engine, "village", Stream.CHANGES))
        with reading(shop.engine) as connection:
            whole = snapshot(connection, "village", Stream.CHANGES, shop.now)
        assert found == known(whole.rows)
        return found

    return rows


Followed = Callable[[], Known]


def ware(followed: Followed, id_: str, centre: str = "centre") -> WareRow:
    row = followed()["ware", id_, centre]
    assert isinstance(row, WareRow)
    return row


def test_the_shop_is_told_as_it_stands(shop: Shop, followed: Followed) -> None:
    rows = followed()
    assert rows["ware", "rice", "centre"] == WareRow(
        id="rice",
        centre="centre",
        kind="good",
        name="大米",
        points=30,
        left=3,
        merchant="",
        on_sale=True,
        all_year=False,
    )
    voucher = ware(followed, "bread", "")
    assert (voucher.kind, voucher.merchant, voucher.left) == ("voucher", "阳光面包", None)
    assert ware(followed, "haircut").all_year
    window = rows["window", "2026-Q4"]
    assert isinstance(window, WindowRow)
    assert (window.opens, window.closes) == (shop.now - DAY, shop.now + 10 * DAY)


def test_what_is_taken_from_a_shelf_and_comes_back_is_told(shop: Shop, followed: Followed) -> None:
    made = shop.redeem("a1", "r1", "rice", pieces=2)
    assert ware(followed, "rice").left == 1
    shop.do(lambda c: refund(c, made.id, "f1", "broken", shop.now))
    assert ware(followed, "rice").left == 3


def test_what_a_cut_off_terminal_sold_is_told(shop: Shop, followed: Followed) -> None:
    lease = shop.do(lambda c: grant(c, "t1", "a1", "l1", 60, shop.now))
    shop.do(lambda c: spend(c, "t1", 1, lease.id, 30, "大米", shop.now, "rice", 1))
    assert ware(followed, "rice").left == 2
    shop.do(lambda c: undo_spend(c, "t1", 1, "u1", "broken", shop.now))
    assert ware(followed, "rice").left == 3


def test_prices_counts_and_ends_are_told(shop: Shop, followed: Followed) -> None:
    shop.do(lambda c: set_price(c, "rice", 25, shop.now))
    shop.do(lambda c: count_stock(c, "rice", "centre", 7, shop.now))
    shop.do(lambda c: stock_up(c, "rice", "north", 4, shop.now))
    at_centre, in_the_north = ware(followed, "rice"), ware(followed, "rice", "north")
    assert (at_centre.points, at_centre.left) == (25, 7)
    assert (in_the_north.points, in_the_north.left) == (25, 4)
    shop.do(lambda c: withdraw_ware(c, "rice", shop.now))
    shop.do(lambda c: withdraw_offer(c, "bread", shop.now))
    assert {key[1] for key in followed() if key[0] == "ware"} == {"haircut", "repair"}


def test_a_window_that_is_moved_is_told(shop: Shop, followed: Followed) -> None:
    shop.do(lambda c: set_window(c, "village", "2026-Q4", shop.now, shop.now + DAY, shop.now))
    window = followed()["window", "2026-Q4"]
    assert isinstance(window, WindowRow)
    assert window.closes == shop.now + DAY


def test_of_a_service_nothing_is_told_when_somebody_takes_it(
    shop: Shop, followed: Followed
) -> None:
    def number() -> int:
        query = select(func.sum(feed_head.c.number)).where(feed_head.c.stream == "changes")
        return int(shop.do(lambda c: c.execute(query).scalar_one()))

    before = number()
    shop.redeem("a1", "r1", "haircut")
    assert number() == before


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_followers_know_what_a_snapshot_says(
    shop: Shop, followed: Followed, seed: int
) -> None:
    chance = random.Random(seed)
    lease = shop.do(lambda c: grant(c, "t1", "a1", "l1", 60, shop.now)).id
    for step in range(40):
        with contextlib.suppress(ShopError):
            shop.do(_something(shop, chance, lease, step))
    followed()


def _something(
    shop: Shop, chance: random.Random, lease: str, step: int
) -> Callable[[Connection], object]:
    id_, centre = chance.choice(["rice", "haircut", "repair"]), chance.choice(["centre", "north"])
    offer, who = chance.choice(["bread", "cake"]), chance.choice(["a1", "a2", "a3"])
    name, amount, now = f"r{step}", chance.randrange(1, 9), shop.now
    starts = now + chance.randrange(-30, 5) * DAY
    return chance.choice(
        [
            lambda c: redeem(c, who, name, id_, centre, now, 1),
            lambda c: refund(c, _one_of(c, chance), name, "broken", now),
            lambda c: issue(c, who, name, offer, shop.random_bits, now),
            lambda c: spend(c, "t1", step + 1, lease, 5, "x", now, id_, 1),
            lambda c: undo_spend(c, "t1", chance.randrange(1, step + 2), name, "x", now),
            lambda c: stock_up(c, id_, centre, amount - 3, now),
            lambda c: count_stock(c, id_, centre, amount, now),
            lambda c: set_price(c, id_, amount, now),
            lambda c: withdraw_ware(c, id_, now),
            lambda c: withdraw_offer(c, offer, now),
            lambda c: set_window(c, "village", "2026-Q3", starts, starts + amount * DAY, now),
            lambda c: add_offer(c, replace(BREAD, id="cake"), now),
            lambda c: add_ware(c, Ware(f"w{step}", "village", SERVICE, "x", amount)),
        ]
    )


def _one_of(connection: Connection, chance: random.Random) -> str:
    ids = list(connection.execute(select(redemption.c.id).order_by(redemption.c.id)).scalars())
    return chance.choice(ids) if ids else "none"
