"""The outbox: numbers without gaps, batches in a chain, deletion on the watermark only."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doubles.clock import HandClock
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Engine, select

from linli.sync.messages import CardRefused, CheckIn, Envelope, Trust
from linli.sync.outbox import Outbox, Sealed, WatermarkError, event_table, metadata
from linli.sync.signing import GENESIS, open_sealed
from linli.sync.sqlite import Database, open_engine

KEY = Ed25519PrivateKey.generate()
EVENT = CheckIn(account="r-1", card="c-1", activity="a-1", trust=Trust.LOW)


def open_outbox(path: Path) -> tuple[Engine, Outbox]:
    engine = open_engine(path)
    metadata.create_all(engine)
    return engine, Outbox(Database(engine), "t-1", KEY, HandClock(), "boot-1")


@pytest.fixture
def opened(tmp_path: Path) -> Any:
    engine, outbox = open_outbox(tmp_path / "terminal.db")
    yield engine, outbox
    engine.dispose()


def record(engine: Engine, outbox: Outbox, count: int = 1) -> list[int]:
    with engine.begin() as connection:
        return [outbox.record(connection, EVENT) for _ in range(count)]


def envelopes(sealed: Sealed) -> list[Envelope]:
    batch = open_sealed(sealed.payload, KEY.public_key()).batch
    return [msgspec.json.decode(event, type=Envelope) for event in batch.events]


def test_the_number_returned_is_the_number_inside_the_envelope(opened: Any) -> None:
    engine, outbox = opened
    assert record(engine, outbox, 3) == [1, 2, 3]
    (sealed,) = outbox.form()
    assert [envelope.seq for envelope in envelopes(sealed)] == [1, 2, 3]


def test_an_envelope_says_who_when_and_what(opened: Any) -> None:
    engine, outbox = opened
    refused = CardRefused(card="c-9", reason="replayed")
    at = dt.datetime(2026, 11, 24, 8, 30, tzinfo=dt.UTC)
    with engine.begin() as connection:
        outbox.record(connection, refused, at)
    (envelope,) = envelopes(outbox.form()[0])
    assert (envelope.source, envelope.bootid, envelope.type) == (
        "t-1",
        "boot-1",
        "linli.card-refused.v1",
    )
    assert (envelope.time, envelope.monotonicms, envelope.clockgood) == (at, 100_000, True)
    assert msgspec.json.decode(envelope.data, type=CardRefused) == refused


def test_a_rolled_back_transaction_burns_no_number(opened: Any) -> None:
    engine, outbox = opened
    record(engine, outbox)
    with engine.connect() as connection:
        transaction = connection.begin()
        assert outbox.record(connection, EVENT) == 2
        transaction.rollback()
    assert outbox.waiting() == 1
    assert record(engine, outbox) == [2]


def test_numbers_go_on_after_everything_was_settled(opened: Any) -> None:
    engine, outbox = opened
    record(engine, outbox, 2)
    outbox.form()
    outbox.settle(2)
    assert record(engine, outbox) == [3]


def test_a_batch_holds_at_most_a_hundred_events(opened: Any) -> None:
    engine, outbox = opened
    record(engine, outbox, 201)
    assert [(b.first_seq, b.last_seq) for b in outbox.form()] == [(1, 100), (101, 200), (201, 201)]


def test_no_more_batches_are_formed_than_asked_for(opened: Any) -> None:
    engine, outbox = opened
    record(engine, outbox, 201)
    assert [b.number for b in outbox.form(limit=2)] == [1, 2]
    assert outbox.form(limit=0) == []
    assert [b.number for b in outbox.form(limit=2)] == [3]


def test_an_event_is_put_into_one_batch_only(opened: Any) -> None:
    engine, outbox = opened
    record(engine, outbox)
    assert len(outbox.form()) == 1
    assert outbox.form() == []


def test_a_batch_sent_again_is_the_same_bytes(opened: Any, tmp_path: Path) -> None:
    engine, outbox = opened
    record(engine, outbox, 3)
    formed = outbox.form()
    again_engine, again = open_outbox(tmp_path / "terminal.db")
    assert outbox.pending_batches() == formed
    assert again.pending_batches() == formed
    again_engine.dispose()


def test_only_the_watermark_empties_the_outbox(opened: Any) -> None:
    engine, outbox = opened
    record(engine, outbox, 3)
    outbox.form()
    assert outbox.waiting() == 3
    assert outbox.settle(2) == 2
    assert outbox.waiting() == 1
    assert [b.number for b in outbox.pending_batches()] == [1]
    assert outbox.settle(3) == 1
    assert outbox.pending_batches() == []


def test_settled_events_are_kept(opened: Any) -> None:
    engine, outbox = opened
    record(engine, outbox)
    outbox.form()
    outbox.settle(1)
    with engine.connect() as connection:
        assert len(connection.execute(select(event_table)).all()) == 1


def test_a_watermark_heard_before_changes_nothing(opened: Any) -> None:
    engine, outbox = opened
    record(engine, outbox, 2)
    outbox.form()
    outbox.settle(2)
    assert outbox.settle(2) == 0
    assert outbox.waiting() == 0


def test_a_ledger_that_was_put_back_is_owed_again_what_it_lost(opened: Any) -> None:
    engine, outbox = opened
    record(engine, outbox, 2)
    sealed = outbox.form()
    record(engine, outbox, 2)
    sealed += outbox.form()
    outbox.settle(4)
    assert outbox.settle(2) == -2
    assert outbox.waiting() == 2
    assert outbox.pending_batches() == sealed[1:]
    assert outbox.settle(4) == 2
    assert outbox.pending_batches() == []


@pytest.mark.parametrize("watermark", [3, 4, 10**15])
def test_a_watermark_beyond_what_was_sent_is_refused(opened: Any, watermark: int) -> None:
    engine, outbox = opened
    record(engine, outbox, 2)
    outbox.form()
    record(engine, outbox)
    with pytest.raises(WatermarkError, match="only 2 were ever sent"):
        outbox.settle(watermark)
    assert outbox.waiting() == 3
    assert [b.number for b in outbox.pending_batches()] == [1]


class OutboxMachine(RuleBasedStateMachine):
    """Taps, batches, watermarks, rolled back taps and crashes in any order. The ledger here
    keeps what it is sent and checks signatures and the chain."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory()
        self.path = Path(self.directory.name) / "terminal.db"
        self.engine, self.outbox = open_outbox(self.path)
        self.recorded = 0
        self.confirmed = 0
        self.seen: dict[int, bytes] = {}

    def teardown(self) -> None:
        self.engine.dispose()
        self.directory.cleanup()

    @rule(count=st.sampled_from([1, 2, 7, 130]))
    def record(self, count: int) -> None:
        record(self.engine, self.outbox, count)
        self.recorded += count

    @rule()
    def record_in_vain(self) -> None:
        with self.engine.connect() as connection:
            transaction = connection.begin()
            self.outbox.record(connection, EVENT)
            transaction.rollback()

    @rule(limit=st.sampled_from([None, 1, 2]))
    def form(self, limit: int | None) -> None:
        self.outbox.form(limit)

    @rule()
    def publish(self) -> None:
        for sealed in self.outbox.pending_batches():
            assert self.seen.setdefault(sealed.number, sealed.payload) == sealed.payload

    @precondition(lambda self: self.seen)
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        highest = max(envelopes(Sealed(0, p, 0, 0))[-1].seq for p in self.seen.values())
        watermark = data.draw(st.integers(0, highest))
        self.outbox.settle(watermark)
        ends = [envelopes(Sealed(0, payload, 0, 0))[-1].seq for payload in self.seen.values()]
        settled = max((end for end in ends if end <= self.confirmed), default=0)
        put_back = watermark < settled
        self.confirmed = watermark if put_back else max(self.confirmed, watermark)

    @rule()
    def crash_and_reopen(self) -> None:
        self.engine.dispose()
        self.engine, self.outbox = open_outbox(self.path)

    @invariant()
    def what_is_not_confirmed_waits(self) -> None:
        assert self.outbox.waiting() == self.recorded - self.confirmed

    @invariant()
    def the_ledger_sees_an_unbroken_chain_of_each_event_once(self) -> None:
        self.publish()
        previous, seqs = GENESIS, []
        for number in range(1, len(self.seen) + 1):
            opened = open_sealed(self.seen[number], KEY.public_key())
            assert (opened.batch.number, opened.batch.previous) == (number, previous)
            previous = opened.digest
            seqs += [msgspec.json.decode(e, type=Envelope).seq for e in opened.batch.events]
        assert seqs == list(range(1, len(seqs) + 1))
        assert self.confirmed <= len(seqs) <= self.recorded


TestOutboxMachine = OutboxMachine.TestCase
TestOutboxMachine.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


def test_an_answer_to_a_copy_of_this_terminal_confirms_nothing_here(opened: Any) -> None:
    engine, outbox = opened
    record(engine, outbox, 2)
    (sealed,) = outbox.form()
    with pytest.raises(WatermarkError, match="in use twice"):
        outbox.settle(2, sealed.number, "0" * 64)
    with pytest.raises(WatermarkError, match="in use twice"):
        outbox.settle(2, sealed.number + 1, "0" * 64)
    assert outbox.waiting() == 2


def test_the_oldest_that_waits_is_told_until_it_is_confirmed(opened: Any) -> None:
    engine, outbox = opened
    assert outbox.oldest() is None
    record(engine, outbox)
    assert outbox.oldest() == HandClock().now()
    outbox.form()
    outbox.settle(1)
    assert outbox.oldest() is None
