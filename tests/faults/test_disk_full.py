"""A full disk: the person is told that it was not saved, nothing is half kept, and it goes on by
itself once there is room. The limit on file size (setrlimit(2)) stops a write in the middle, as
a full disk does."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doubles.centre import CENTRE, activity, card, holder, loaded_replica, snapshots
from doubles.clock import HandClock
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from linli.devices.readers.base import CardSeen, Chip
from linli.kiosk.attendant import Attendant
from linli.kiosk.flows.views import Refused, Success, Trouble
from linli.kiosk.store.database import open_database
from linli.kiosk.store.store import NotSavedError, TerminalStore
from linli.kiosk.trace import Trace
from linli.kiosk.visits.desk import Desk
from linli.sync.messages import CheckIn, Row, Stream, Trust
from linli.sync.outbox import Outbox
from linli.sync.sqlite import Database

UID = b"\x04abcdef"
BESIDE = (0, 1, 24, 31, 32, 33, 100, 4096, 4119, 4120, 4121, 8240, 9000, 12_360, 16_480)
"""Bytes of room left in the write-ahead log: none, inside its header, inside a frame's header
(24 bytes), inside a page, between two frames."""


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def room_left(database: Path, more: int) -> Iterator[None]:
    log = database.with_name(database.name + "-wal")
    with no_file_longer_than(log.stat().st_size + more):
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terminal.db"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    engine = open_database(path)
    yield engine
    engine.dispose()


@pytest.fixture
def database(engine: Engine) -> Database:
    return Database(engine)


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database, "t-1", Ed25519PrivateKey.generate(), HandClock(), "boot-1")


@pytest.fixture
def store(database: Database, outbox: Outbox) -> TerminalStore:
    return TerminalStore(database, outbox)


def check_in(store: TerminalStore, person: str) -> int:
    event = CheckIn(account=person, card=f"c-{person}", activity="a", trust=Trust.HIGH, counter=1)
    return store.check_in(event, HandClock().wall).seq


@pytest.mark.parametrize("more", BESIDE)
def test_a_tap_on_a_full_disk_leaves_nothing_and_the_next_one_is_saved(
    store: TerminalStore, outbox: Outbox, path: Path, more: int
) -> None:
    check_in(store, "first")
    saved, failed = ["first"], 0
    with room_left(path, more):
        for n in range(8):
            try:
                check_in(store, f"r-{n}")
            except NotSavedError:
                failed += 1
                assert store.attendances(f"r-{n}", ["a"]) == {}
                assert store.last_counter(f"c-r-{n}") is None
            else:
                saved.append(f"r-{n}")
    assert failed > 0
    check_in(store, "last")
    saved.append("last")
    assert outbox.waiting() == len(saved)
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT seq FROM event ORDER BY seq").fetchall()
        people = {row[0] for row in database.execute("SELECT account FROM attendance")}
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert [row[0] for row in rows] == list(range(1, len(saved) + 1))
    assert people == set(saved)


def test_what_was_saved_before_a_full_disk_is_there_after_a_restart(
    store: TerminalStore, engine: Engine, path: Path
) -> None:
    check_in(store, "first")
    with room_left(path, 100), pytest.raises(NotSavedError):
        check_in(store, "second")
    engine.dispose()
    again = open_database(path)
    database = Database(again)
    outbox = Outbox(database, "t-1", Ed25519PrivateKey.generate(), HandClock(), "boot-2")
    store = TerminalStore(database, outbox)
    assert list(store.attendances("first", ["a"])) == ["a"]
    assert store.attendances("second", ["a"]) == {}
    assert check_in(store, "third") == 2
    again.dispose()


def test_a_batch_that_cannot_be_written_is_not_sent_and_is_formed_later(
    store: TerminalStore, outbox: Outbox, path: Path
) -> None:
    check_in(store, "first")
    with room_left(path, 100), pytest.raises(SQLAlchemyError):
        outbox.form()
    assert outbox.pending_batches() == []
    assert [sealed.number for sealed in outbox.form()] == [1]


def test_the_person_is_told_and_may_tap_again(
    store: TerminalStore, path: Path, tmp_path: Path
) -> None:
    rows: list[Row] = [activity("a"), holder("r-1"), card("c-1", UID, "r-1")]
    replica = loaded_replica(tmp_path / "replica.db", rows)
    clock = HandClock()
    attendant = Attendant(
        store,
        replica,
        clock,
        Trace(),
        centre=CENTRE,
        centre_name="邻里中心",
        place="阳光社区",
        desk=Desk.alone(replica, store, clock, "阳光社区", CENTRE),
        later=lambda act: act(),
    )
    seen = CardSeen("reader-1", UID, Chip.TYPE2, None, 100.0, random_uid=False, torn=False)
    check_in(store, "somebody")
    with room_left(path, 100):
        for _ in range(3):
            view = attendant.tap(seen).view
            assert isinstance(view, Refused)
            assert view.trouble is Trouble.NOT_SAVED
    assert isinstance(attendant.tap(seen).view, Success)
    replica.close()


def test_a_replica_on_a_full_disk_keeps_what_it_has_and_goes_on_later(tmp_path: Path) -> None:
    path = tmp_path / "replica.db"
    replica = loaded_replica(path, [activity("a-1")])
    many: list[Row] = [activity(f"a-{n}") for n in range(2, 500)]
    with room_left(path, 4096), pytest.raises(SQLAlchemyError):
        replica.load(snapshots(many, 2)[0])
    assert replica.position(Stream.CHANGES) == 1
    assert replica.activity("a-1") is not None
    replica.load(snapshots(many, 2)[0])
    assert replica.activity("a-499") is not None
    assert replica.activity("a-1") is None
    replica.close()
