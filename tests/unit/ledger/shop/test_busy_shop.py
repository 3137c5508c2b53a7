"""Many people at once: nobody waits in a circle, and the books fit afterwards."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from linli.ledger.audit.verify import verify
from linli.ledger.shop.leases import grant, take_back
from linli.ledger.shop.redeeming import redeem, refund
from linli.ledger.shop.refusals import ShopError
from linli.ledger.shop.spends import spend
from linli.ledger.shop.vouchers import expire, issue
from tests.unit.ledger.shop.counter import Shop

PEOPLE = ("a1", "a2", "a3")
STEPS = 8


def step(shop: Shop, number: int) -> Callable[[Connection, int], object]:
    """Each of six threads does another thing, often to what the step before made."""

    def one(connection: Connection, thread: int) -> object:
        who, now = PEOPLE[thread % 3], shop.now
        request, before = f"s{number}-{thread}", f"{who}.s{number - 1}-{thread}"
        seq = number * 10 + thread
        kinds: list[Callable[[], object]] = [
            lambda: redeem(connection, who, request, "haircut", "centre", now),
            lambda: refund(connection, before, "back", "坏了", now),
            lambda: issue(connection, who, request, "bread", shop.random_bits, now),
            lambda: expire(connection, now.replace(year=2027)),
            lambda: grant(connection, "t1", who, request, 5, now),
            lambda: spend(connection, "t1", seq, before, 3, "盐", now),
            lambda: take_back(connection, "t1", seq, f"{who}.s{number - 2}-{thread}", 2, now),
        ]
        return kinds[(thread + number) % len(kinds)]()

    return one


def test_a_busy_hour_ends_in_order(shop: Shop) -> None:
    answers = [
        answer for number in range(STEPS) for answer in shop.at_once(step(shop, number), threads=6)
    ]
    wrong = [a for a in answers if isinstance(a, Exception) and not isinstance(a, ShopError)]
    assert wrong == []
    assert sum(not isinstance(a, Exception) for a in answers) > len(answers) / 2
    assert verify(shop.engine) is None
