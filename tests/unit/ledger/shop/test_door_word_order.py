"""Whatever is asked again after a lost answer, and in whatever order and how often doors are heard:
nothing is paid twice, nothing is both handed out and given back, and no points are lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from linli.ledger.ingest.batches import take
from linli.ledger.ingest.retrying import retry_parked
from linli.ledger.ingest.words import settle_words
from linli.ledger.journal.schema import account
from linli.ledger.schema import (
    door_trouble,
    handed_out,
    lease_spend,
    parked,
    redemption,
    stock,
    waiting_word,
)
from linli.ledger.shop.redeeming import redeem
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import Delivered, Event, LeaseRequest, LeaseSpend, NotDelivered
from linli.sync.signing import GENESIS
from tests.unit.ledger.shop.counter import Shop
from tests.unit.ledger.shop.test_lease_word_order import RICE, Undone, rolled_back
from tests.unit.ledger.village import at

HAD = 100
ORDERS = ["redeem.a1.r1", "redeem.a1.r2", "spend.t1.2"]
SPENT = (
    LeaseRequest(account="a1", request="l1", points=30),
    LeaseSpend(account="a1", lease="a1.l1", points=30, what="大米", ware="rice"),
)


@st.composite
def words(draw: st.DrawFn) -> list[Event]:
    """The first two events are a lease and a spend of it; doors are heard of after them."""
    said: list[Event] = list(SPENT)
    for _ in range(draw(st.integers(1, 6))):
        order, door = draw(st.sampled_from([*ORDERS, ""])), draw(st.integers(1, 2))
        if order and draw(st.booleans()):
            said.append(Delivered(account="a1", order=order, door=door))
        else:
            reason = draw(st.sampled_from(["jam", "no-answer", "unclear"]))
            said.append(NotDelivered(account="a1", door=door, reason=reason, order=order))
    return said


def check(connection: Connection) -> None:
    rows = {r.id: r.posted for r in connection.execute(select(account))}
    assert sum(rows.values()) == 0
    bought = connection.execute(select(redemption)).all()
    spent = connection.execute(select(lease_spend)).all()
    back = {f"redeem.{r.id}" for r in bought if r.refunded_at is not None}
    back |= {f"spend.{r.terminal}.{r.seq}" for r in spent if r.refunded_at is not None}
    out = set(connection.execute(select(handed_out.c.transfer)).scalars())
    assert not out & back
    paid = sum(r.points for r in bought if r.refunded_at is None)
    paid += sum(r.taken for r in spent if r.refunded_at is None)
    held = rows.get("lease:t1:a1", 0)
    assert rows["a1:redeemable"] + held + paid == HAD
    gone = sum(r.pieces for r in bought if r.refunded_at is None)
    gone += sum(r.from_stock for r in spent if r.refunded_at is None)
    left = connection.execute(select(stock.c.remaining).where(stock.c.ware == "rice")).scalar_one()
    assert left == RICE - gone


@rolled_back
@given(said=words(), data=st.data())
def test_no_order_or_repetition_of_doors_and_requests_makes_or_loses_anything(
    shop: Shop, said: list[Event], data: st.DataObject
) -> None:
    payloads: list[bytes | str] = []
    for number, one in enumerate(said, 1):
        first = {"previous": GENESIS} if number == 1 else {}
        event = shop.village.event(one, at("19:00"), seq=number)
        payloads.append(shop.village.batch(event, number=number, **first))
    asked: list[bytes | str] = ["r1", "r2", "r1"]
    again = data.draw(st.lists(st.sampled_from(payloads), max_size=3))
    order = data.draw(st.permutations([*payloads, *again, *asked]))
    settle_after = data.draw(st.sets(st.integers(0, len(order))))
    with shop.engine.connect() as connection, connection.begin() as transaction:
        engine: Engine = Undone(connection)  # type: ignore[assignment]
        standards = StandardShelf().read(connection)
        for step, one in enumerate(order):
            if isinstance(one, str):
                redeem(connection, "a1", one, "rice", "centre", shop.now)
            else:
                take(connection, "t1", one, standards, shop.now)
            if step in settle_after:
                settle_words(engine, "t1", shop.now)
            check(connection)
        settle_words(engine, "t1", shop.now)
        # A door may have been heard of before its request was: it is taken now.
        retry_parked(connection, standards, shop.now)
        settle_words(engine, "t1", shop.now)
        check(connection)
        assert connection.execute(select(waiting_word)).all() == []
        assert connection.execute(select(parked)).all() == []
        jams = [s for s in said if isinstance(s, NotDelivered)]
        kept = connection.execute(select(door_trouble)).all()
        assert len([row for row in kept if row.reason not in ("unpaid", "twice")]) == len(jams)
        transaction.rollback()
