"""A terminal with a true certificate floods a ledger over a real broker with TLS and access lists:
an honest one beside it is answered, and the flood ends at the broker."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doubles.gate import Caller, Gate
from doubles.waiting import eventually
from sqlalchemy import Engine, select

from linli.ledger.broker.access_lists import Admitted, group_of
from linli.ledger.database import open_database, reading
from linli.ledger.people.access_log import Staff
from linli.ledger.running import Door, LedgerPrograms
from linli.ledger.terminals.quarantine import let_out
from linli.ledger.terminals.registry import register
from linli.ledger.terminals.schema import terminal
from linli.sync import topics
from linli.sync.clock import SystemClock
from linli.sync.messages import Ack
from linli.sync.signing import public_hex
from tests.unit.ledger.village import Village

FLOODER = Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
A_THOUSAND = b'{"batch":{"terminal":"t2","events":[' + b"1," * 500 + b"1]}}"


class Place:
    """The village's ledger behind a broker as in a town; t1 is honest, t2 is not."""

    def __init__(self, directory: Path) -> None:
        self.engine: Engine = open_database(directory / "ledger.db")
        self.village = Village(self.engine)
        with self.engine.begin() as connection:
            register(
                connection,
                name="t2",
                kind="terminal",
                public_key=public_hex(FLOODER),
                scope="village",
                centre="centre",
                now=self.village.now,
            )
        names = [Admitted(name, "terminal", "village") for name in ("t1", "t2")]
        self.gate = Gate(directory / "gate", names)
        self.gate.__enter__()
        door = Door(
            access=self.gate.ledger_access(),
            group=group_of(self.gate.password),
            files=self.gate.files,
        )
        where = ("127.0.0.1", self.gate.listeners.ledger)
        self.programs = LedgerPrograms(self.engine, SystemClock(), where, None, door=door)
        self.programs.start()

    def close(self) -> None:
        self.programs.close()
        self.gate.__exit__()
        self.engine.dispose()

    def apart(self) -> list[str]:
        query = select(terminal.c.name).where(terminal.c.quarantined_at.is_not(None))
        with reading(self.engine) as connection:
            return list(connection.execute(query).scalars())


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.close()


class Honest:
    """Sends a batch until it is answered, as terminals do."""

    def __init__(self, place: Place, caller: Caller) -> None:
        self._village, self._caller = place.village, caller
        caller.subscribe(topics.ack("t1"))

    def tap(self, who: str) -> None:
        payload = self._village.batch(self._village.check_in(who, "visit", "10:05"))
        self._caller.heard.clear()
        eventually(lambda: self._tried(payload), within=40)

    def _tried(self, payload: bytes) -> bool:
        self._caller.publish(topics.events("t1"), payload)
        try:
            eventually(lambda: self._caller.heard, within=2)
        except AssertionError:
            return False
        return msgspec.json.decode(self._caller.heard[0][1], type=Ack).watermark > 0


def flooding(caller: Caller, over: threading.Event) -> threading.Thread:
    def run() -> None:
        while not over.is_set() and not caller.lost.is_set():
            for _ in range(100):
                caller.throw(topics.events("t2"), A_THOUSAND)
            over.wait(0.01)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_an_honest_terminal_is_answered_beside_a_flood_that_ends_in_quarantine(
    place: Place,
) -> None:
    over = threading.Event()
    with place.gate.caller("t1") as one, place.gate.caller("t2") as two:
        honest = Honest(place, one)
        honest.tap("a1")
        flood = flooding(two, over)
        try:
            honest.tap("a2")
            eventually(lambda: place.apart() == ["t2"], within=30)
            honest.tap("a3")
        finally:
            over.set()
            flood.join()
    assert [place.village.pending(who) for who in ("a1", "a2", "a3")] == [10, 10, 10]
    eventually(lambda: _written_by_t2(place) != "Success")
    with place.engine.begin() as connection:
        let_out(connection, "t2", Staff("孙工(sun)", "maintainer"), "mended", place.village.now)
    eventually(lambda: _written_by_t2(place) == "Success")


def _written_by_t2(place: Place) -> str:
    with place.gate.caller("t2") as again:
        return again.publish(topics.events("t2"), b"x")
