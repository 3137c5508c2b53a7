"""The thread that takes batches: those that wait together, and one that stops the others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, cast

import msgspec
import pytest
from doubles.waiting import eventually
from sqlalchemy import select

from linli.ledger.ingest import batches
from linli.ledger.ingest.batches import take_free
from linli.ledger.ingest.inbox import TOGETHER
from linli.ledger.ingest.service import Ingest
from linli.ledger.ingest.vouching import Message
from linli.ledger.standard.versions import StandardShelf
from linli.ledger.terminals.schema import terminal
from linli.sync import topics
from linli.sync.clock import SystemClock
from linli.sync.link import Handler, Link
from linli.sync.messages import Ack
from tests.unit.ledger.village import Village


class Cable:
    """As much of a link as the thread needs: `arrive` is the broker's word, `answers` ours."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self._handler: Handler = lambda topic, payload: None

    def subscribe(self, topic_filter: str, handler: Handler) -> None:
        self._handler = handler

    def arrive(self, payload: bytes) -> None:
        self._handler(topics.events("t1"), payload)

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> bool:
        self.answers.append(msgspec.json.decode(payload, type=Ack).watermark)
        return True


def taking(village: Village, cable: Cable, committed: Callable[[], None]) -> Ingest:
    return Ingest(village.engine, cast(Link, cable), SystemClock(), committed)


def test_batches_that_wait_are_taken_in_one_transaction(village: Village) -> None:
    cable, commits = Cable(), threading.Semaphore(0)
    ingest = taking(village, cable, commits.release)
    for minute in range(TOGETHER):
        cable.arrive(village.batch(village.check_in("a1", "visit", f"10:{minute:02d}")))
    ingest.start()
    try:
        eventually(lambda: len(cable.answers) == TOGETHER)
    finally:
        ingest.close()
    assert cable.answers == [TOGETHER] * TOGETHER
    assert commits.acquire(blocking=False)
    assert not commits.acquire(blocking=False)


def test_a_batch_that_cannot_be_processed_leaves_those_that_wait_with_it_alone(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_events = batches.keep_events

    def failing(connection: Any, arrived: Any, *more: Any) -> None:
        if any(event.account == "a2" for event in arrived):
            raise ZeroDivisionError
        keep_events(connection, arrived, *more)

    monkeypatch.setattr(batches, "keep_events", failing)
    cable = Cable()
    ingest = taking(village, cable, lambda: None)
    for who in ("a1", "a2", "a3"):
        cable.arrive(village.batch(village.check_in(who, "visit", "10:05")))
    ingest.start()
    try:
        eventually(lambda: len(cable.answers) == 3)
    finally:
        ingest.close()
    assert cable.answers == [1, 2, 3]
    assert [village.pending(who) for who in ("a1", "a2", "a3")] == [10, 0, 10]
    assert [parked.reason for parked in village.parked()] == ["unprocessable"]


def test_batches_of_a_terminal_that_another_worker_holds_wait_while_others_are_taken(
    village: Village,
) -> None:
    if village.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer: nobody holds a terminal meanwhile")
    messages = [
        Message("t1", village.batch(village.check_in("a1", "visit", "10:05"))),
        Message("nobody", b"rubbish"),
    ]
    held = select(terminal.c.name).where(terminal.c.name == "t1").with_for_update()
    with village.engine.begin() as other, village.engine.begin() as connection:
        other.execute(held).all()
        standards = StandardShelf().read(connection)
        answers, later = take_free(connection, messages, standards, village.now)
    assert answers == [("nobody", None)]
    assert later == messages[:1]
    with village.engine.begin() as connection:
        answers, later = take_free(connection, later, standards, village.now)
    assert [(name, ack.terminal, ack.watermark) for name, ack in answers] == [("t1", "t1", 1)]
    assert later == []
