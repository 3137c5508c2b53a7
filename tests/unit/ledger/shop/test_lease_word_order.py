"""Whatever terminals say over the wire, in whatever order, how often, and whatever answer is lost:
nobody overdraws, and what is leased, spent and redeemable is what there was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, Table, func, select

from linli.ledger.ingest.batches import take
from linli.ledger.ingest.schema import received, waiting_word
from linli.ledger.ingest.words import settle_words
from linli.ledger.journal.schema import account
from linli.ledger.shop.leases import retire_terminal
from linli.ledger.shop.schema import lease, lease_spend, stock
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import Event, LeaseRequest, LeaseReturn, LeaseSpend
from linli.sync.signing import GENESIS
from tests.unit.ledger.shop.counter import Shop
from tests.unit.ledger.village import at

HAD = {"a1": 100, "a2": 50}
RICE = 3
rolled_back = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
"""Each example is a transaction that is rolled back: the shop is the same for all of them."""


@st.composite
def words(draw: st.DrawFn) -> list[Event]:
    """In the order of their numbers: requests, spends and returns of two people's leases."""
    who, request = st.sampled_from(sorted(HAD)), st.sampled_from(["l1", "l2"])
    said: list[Event] = []
    for _ in range(draw(st.integers(1, 10))):
        one, name = draw(who), draw(request)
        match draw(st.sampled_from(["ask", "spend", "spend", "return"])):
            case "ask":
                points = draw(st.integers(1, 80))
                said.append(LeaseRequest(account=one, request=name, points=points))
            case "spend":
                points = draw(st.integers(1, 40))
                pieces = draw(st.integers(1, 3))
                what = {"what": "大米", "ware": "rice", "pieces": pieces}
                said.append(
                    LeaseSpend(account=one, lease=f"{one}.{name}", points=points, **what)  # type: ignore[arg-type]
                )
            case _:
                points = draw(st.integers(0, 80))
                said.append(LeaseReturn(account=one, lease=f"{one}.{name}", points=points))
    return said


class Undone:
    """An engine whose transactions are all parts of one that never was."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        with self._connection.begin_nested():
            yield self._connection


def check(connection: Connection) -> None:
    rows = {r.id: r.posted for r in connection.execute(select(account))}
    assert sum(rows.values()) == 0
    leases = connection.execute(select(lease)).all()
    for who, had in HAD.items():
        spent = sum(r.spent for r in leases if r.holder == who)
        held = rows.get(f"lease:t1:{who}", 0)
        assert rows[f"{who}:redeemable"] >= 0
        left = [r.points - r.spent - r.returned - r.retired for r in leases if r.holder == who]
        assert held == sum(left)
        assert rows[f"{who}:redeemable"] + held + spent == had
    given_out = connection.execute(select(func.sum(lease_spend.c.from_stock))).scalar() or 0
    rice = select(stock.c.remaining).where(stock.c.ware == "rice")
    assert connection.execute(rice).scalar_one() == RICE - given_out >= 0


@rolled_back
@given(said=words(), data=st.data())
def test_no_order_repetition_or_lost_answer_makes_or_loses_points(
    shop: Shop, said: list[Event], data: st.DataObject
) -> None:
    """Each word is a batch of its own; batches come in any order, some twice, some words are
    settled late, and one day the terminal may be retired."""
    payloads = []
    for number, one in enumerate(said, 1):
        first = {"previous": GENESIS} if number == 1 else {}
        event = shop.village.event(one, at("19:00"), seq=number)
        payloads.append(shop.village.batch(event, number=number, **first))
    again = data.draw(st.lists(st.sampled_from(payloads), max_size=4))
    order = data.draw(st.permutations(payloads + again))
    settle_after = data.draw(st.sets(st.integers(0, len(order))))
    retire_after = data.draw(st.one_of(st.none(), st.integers(0, len(order))))
    with shop.engine.connect() as connection, connection.begin() as transaction:
        engine: Engine = Undone(connection)  # type: ignore[assignment]
        standards = StandardShelf().read(connection)
        for step, payload in enumerate(order):
            take(connection, "t1", payload, standards, shop.now)
            if step in settle_after:
                settle_words(engine, "t1", shop.now)
            if step == retire_after:
                retire_terminal(connection, "t1", "王主任", "坏了", shop.now)
            check(connection)
        settle_words(engine, "t1", shop.now)
        check(connection)
        assert counted(connection, waiting_word) == 0
        assert counted(connection, received) == len(said)
        if retire_after is not None and retire_after < len(order):
            leased = select(account.c.posted).where(account.c.id.startswith("lease:"))
            assert set(connection.execute(leased).scalars()) <= {0}
        transaction.rollback()


def counted(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
