"""Leases on the wire: asked for, answered on the feed, spent and given back, each once."""

from __future__ import annotations

import threading

import msgspec
import pytest
from sqlalchemy import select

from linli.ledger.audit.verify import verify
from linli.ledger.database import reading
from linli.ledger.feed.schema import change
from linli.ledger.feed.snapshot import snapshot
from linli.ledger.ingest.retrying import retry_parked
from linli.ledger.ingest.schema import waiting_word
from linli.ledger.ingest.words import settle_words, terminals_with_words
from linli.ledger.people.leaving import leave
from linli.ledger.shop.leases import retire_terminal
from linli.ledger.shop.schema import lease, lease_spend
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import (
    Change,
    Event,
    LeaseRequest,
    LeaseReturn,
    LeaseRow,
    LeaseSpend,
    LeaseState,
    Stream,
)
from tests.unit.ledger.shop.counter import Shop
from tests.unit.ledger.tampering import tamper
from tests.unit.ledger.village import at


class Wire:
    """What terminal t1 sends, and what it hears."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.village, self.engine = shop, shop.village, shop.engine

    def tell(self, *events: Event, **more: object) -> None:
        self.keep(*events, **more)
        self.settle()

    def keep(self, *events: Event, **more: object) -> None:
        """In one batch, which is taken; its words wait."""
        clock = at("19:00")
        self.village.send(*[self.village.event(e, clock, **more) for e in events])

    def settle(self) -> int:
        return settle_words(self.engine, "t1", self.shop.now)

    def heard(self) -> list[tuple[str, LeaseState, str]]:
        query = select(change.c.payload).where(change.c.stream == Stream.HOLDERS.value)
        with self.engine.connect() as connection:
            payloads = connection.execute(query.order_by(change.c.scope, change.c.number))
            changes = [msgspec.json.decode(p, type=Change) for p in payloads.scalars()]
        rows = [row for one in changes for row in one.rows if isinstance(row, LeaseRow)]
        return [(row.id, row.state, row.reason) for row in rows]

    def parked(self) -> list[str]:
        return [one.reason for one in self.village.parked()]


@pytest.fixture
def wire(shop: Shop) -> Wire:
    return Wire(shop)


def ask(who: str = "a1", request: str = "l1", points: int = 40, card: str = "") -> LeaseRequest:
    return LeaseRequest(account=who, request=request, points=points, card=card)


def spent(points: int = 30, lease_id: str = "a1.l1", ware: str = "rice") -> LeaseSpend:
    who = lease_id.partition(".")[0]
    return LeaseSpend(account=who, lease=lease_id, points=points, what="大米", ware=ware)


def back(points: int = 10, lease_id: str = "a1.l1") -> LeaseReturn:
    return LeaseReturn(account=lease_id.partition(".")[0], lease=lease_id, points=points)


def test_a_terminal_asks_spends_and_gives_back(wire: Wire) -> None:
    wire.tell(ask())
    assert wire.heard() == [("a1.l1", LeaseState.GRANTED, "")]
    wire.tell(spent(), back())
    assert wire.heard()[1:] == [("a1.l1", LeaseState.ENDED, "")]
    assert wire.shop.balance("a1:redeemable") == 70
    assert wire.shop.balance("goods:centre") == 30
    assert wire.shop.left() == 2
    assert verify(wire.engine) is None


def test_a_batch_that_comes_again_is_settled_once(wire: Wire) -> None:
    wire.tell(ask())
    payload = wire.village.batch(wire.village.event(spent(), at("19:00")))
    for _ in range(3):
        wire.village.deliver(payload)
        wire.settle()
    assert wire.shop.balance("goods:centre") == 30
    assert wire.settle() == 0


def test_who_asks_again_after_a_lost_answer_hears_it_again(wire: Wire) -> None:
    wire.tell(ask())
    wire.tell(ask())
    assert wire.heard() == [("a1.l1", LeaseState.GRANTED, "")] * 2
    assert wire.shop.balance("lease:t1:a1") == 40


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (ask(points=101), "too-few-points"),
        (ask(points=2_000_000), "not-possible"),
        (ask("a6"), "too-few-points"),
        (ask("a5"), "account-closed"),
    ],
)
def test_what_is_refused_is_told_with_its_reason(
    wire: Wire, asked: LeaseRequest, reason: str
) -> None:
    wire.shop.do(lambda c: leave(c, "a5", wire.shop.now))
    wire.tell(asked)
    assert wire.heard() == [(f"{asked.account}.l1", LeaseState.REFUSED, reason)]
    assert wire.village.rows(lease) == []
    assert wire.parked() == []


def test_asking_again_under_the_same_id_may_be_answered_otherwise(wire: Wire) -> None:
    wire.tell(ask("a3", points=11))
    wire.tell(ask("a3", points=10))
    assert [state for _, state, _ in wire.heard()] == [LeaseState.REFUSED, LeaseState.GRANTED]


def test_other_points_under_a_granted_id_are_parked(wire: Wire) -> None:
    wire.tell(ask())
    wire.tell(ask(points=41))
    assert wire.parked() == ["conflict"]
    assert wire.shop.balance("lease:t1:a1") == 40


def test_a_card_that_was_tapped_must_be_the_holders(wire: Wire) -> None:
    wire.tell(ask(card="card-a2"))
    assert wire.parked() == ["unknown-card"]
    wire.tell(ask(card="card-a1"))
    assert wire.heard() == [("a1.l1", LeaseState.GRANTED, "")]


def test_nobody_is_leased_who_is_not_known(wire: Wire) -> None:
    wire.tell(ask("a9"))
    assert wire.parked() == ["unknown-account"]
    assert wire.village.rows(waiting_word) == []


def test_a_spend_of_a_lease_that_is_not_there_waits_for_it_among_the_parked(wire: Wire) -> None:
    """A ledger put back to an older state hears of spends before it hears of their lease."""
    wire.tell(spent())
    assert wire.parked() == ["unknown-lease"]
    wire.tell(ask())
    with wire.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        assert retry_parked(connection, standards, wire.shop.now) == 1
    wire.settle()
    assert wire.parked() == []
    assert wire.shop.balance("goods:centre") == 30
    assert verify(wire.engine) is None


def test_a_spend_that_still_has_no_lease_is_parked_again(wire: Wire) -> None:
    wire.tell(spent())
    with wire.engine.begin() as connection:
        retry_parked(connection, StandardShelf().read(connection), wire.shop.now)
    wire.settle()
    assert wire.parked() == ["unknown-lease"]
    assert verify(wire.engine) is None


@pytest.mark.parametrize(
    "word", [spent(points=2_000_000), spent(ware="大米"), back(points=2_000_000)]
)
def test_what_makes_no_sense_is_parked_and_the_next_word_is_taken(
    wire: Wire, word: LeaseSpend | LeaseReturn
) -> None:
    wire.tell(ask())
    wire.tell(word, spent())
    assert wire.parked() == ["conflict"]
    assert wire.shop.balance("goods:centre") == 30
    assert verify(wire.engine) is None


def test_a_ledger_that_was_killed_between_batch_and_word_settles_it_later(wire: Wire) -> None:
    wire.keep(ask())
    assert wire.shop.do(terminals_with_words) == ["t1"]
    assert verify(wire.engine) is None
    assert wire.settle() == 1
    assert wire.heard() == [("a1.l1", LeaseState.GRANTED, "")]
    assert wire.shop.do(terminals_with_words) == []


def test_two_workers_settle_each_word_once(wire: Wire) -> None:
    wire.keep(ask(), spent(10), spent(5), spent(7))
    counts: list[int] = []
    workers = [threading.Thread(target=lambda: counts.append(wire.settle())) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 4
    assert wire.shop.balance("goods:centre") == 22


def test_when_a_holder_goes_the_terminal_is_asked_for_the_points(wire: Wire) -> None:
    wire.tell(ask())
    wire.shop.do(lambda c: leave(c, "a1", wire.shop.now))
    assert wire.heard()[-1] == ("a1.l1", LeaseState.RECALLED, "")
    wire.tell(back(40))
    assert wire.heard()[-1] == ("a1.l1", LeaseState.ENDED, "")
    assert wire.shop.balance("a1:redeemable") == 100
    assert verify(wire.engine) is None


def test_a_retired_terminal_gets_nothing_and_what_it_says_moves_nothing(wire: Wire) -> None:
    wire.tell(ask())
    wire.shop.do(lambda c: retire_terminal(c, "t1", "王主任", "坏了", wire.shop.now))
    assert wire.heard()[-1] == ("a1.l1", LeaseState.ENDED, "")
    wire.tell(spent(), back(), ask(request="l2"))
    assert wire.heard()[-1] == ("a1.l2", LeaseState.REFUSED, "not-possible")
    assert wire.shop.balance("a1:redeemable") == 100
    assert [(row.taken, row.conflict) for row in wire.village.rows(lease_spend)] == [
        (0, "after-end")
    ]
    assert verify(wire.engine) is None


def test_a_snapshot_has_the_leases_that_are_not_ended(wire: Wire) -> None:
    wire.tell(ask(), ask("a2", points=20), back(40))
    with reading(wire.engine) as connection:
        rows = snapshot(connection, "village", Stream.HOLDERS, wire.shop.now).rows
    assert [row.id for row in rows if isinstance(row, LeaseRow)] == ["a2.l1"]


def test_another_terminal_cannot_spend_or_return_a_lease(wire: Wire) -> None:
    wire.tell(ask())
    tamper(wire.engine, "UPDATE lease SET terminal = 't9' WHERE id = 'a1.l1'")
    wire.tell(spent(), back())
    assert wire.parked() == ["unknown-lease", "unknown-lease"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("DELETE FROM lease_spend", "transfer spend.t1.2"),
        ("UPDATE lease_spend SET pieces = 2, missing = 1", "spend t1/2, digest"),
        ("UPDATE lease SET told = 12 WHERE id = 'a1.l1'", "return t1/3"),
        ("INSERT INTO waiting_word VALUES ('t1', 77)", "word t1/77"),
    ],
)
def test_a_word_that_was_changed_afterwards_is_named(wire: Wire, change: str, named: str) -> None:
    wire.tell(ask(), spent(), back())
    tamper(wire.engine, change)
    assert str(verify(wire.engine)).startswith(named)
