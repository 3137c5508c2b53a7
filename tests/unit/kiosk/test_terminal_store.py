"""terminal.db: one transaction a tap, and what it remembers of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doubles.centre import at
from doubles.clock import HandClock
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from linli.kiosk.store.database import NEWEST, OPENED_BY, NewerDatabaseError, open_database
from linli.kiosk.store.schema import metadata
from linli.kiosk.store.store import NotSavedError, TerminalStore
from linli.sync.messages import CardRefused, CheckIn, Objection, SignOut, Trust
from linli.sync.outbox import Outbox
from linli.sync.sqlite import Database

KEY = Ed25519PrivateKey.generate()


def opened(path: Path) -> tuple[Engine, TerminalStore, Outbox]:
    engine = open_database(path)
    database = Database(engine)
    outbox = Outbox(database, "t-1", KEY, HandClock(), "boot-1")
    return engine, TerminalStore(database, outbox), outbox


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terminal.db"


@pytest.fixture
def store(path: Path) -> Iterator[TerminalStore]:
    engine, store, _ = opened(path)
    yield store
    engine.dispose()


def check_in(activity: str = "a-1", counter: int | None = None) -> CheckIn:
    return CheckIn(account="r-1", card="c-1", activity=activity, trust=Trust.LOW, counter=counter)


def sign_out(activity: str = "a-1", counter: int | None = None) -> SignOut:
    return SignOut(account="r-1", card="c-1", activity=activity, trust=Trust.LOW, counter=counter)


def objection(deed: str) -> Objection:
    return Objection(account="r-1", card="c-1", trust=Trust.LOW, deed=deed, words="不对")


def test_a_check_in_and_a_sign_out_are_remembered_as_attendance(store: TerminalStore) -> None:
    first = store.check_in(check_in(), at("09:00"))
    second = store.sign_out(sign_out(), at("10:30"))
    assert ((first.seq, first.at), (second.seq, second.at)) == (
        (1, at("09:00")),
        (2, at("10:30")),
    )
    (known,) = store.attendances("r-1", ["a-1"]).values()
    assert (known.in_at, known.out_at) == (at("09:00"), at("10:30"))


def test_it_is_all_there_after_a_restart(path: Path) -> None:
    engine, store, _ = opened(path)
    store.check_in(check_in(counter=7), at("09:00"))
    store.count("unknown_card", at("09:00"))
    store.say(objection("d-1"), at("09:01"))
    engine.dispose()
    engine, store, outbox = opened(path)
    assert list(store.attendances("r-1", ["a-1"])) == ["a-1"]
    assert store.last_counter("c-1") == 7
    assert store.tallied("unknown_card") == 1
    assert outbox.waiting() == 2
    assert store.has_objected("r-1", "d-1")
    assert not store.has_objected("r-2", "d-1")
    engine.dispose()


def test_a_counter_never_falls(store: TerminalStore) -> None:
    store.remember_counter("c-1", 9)
    store.remember_counter("c-1", 4)
    store.refuse(CardRefused(card="c-1", reason="replayed", counter=5), at("09:00"))
    assert store.last_counter("c-1") == 9
    store.check_in(check_in(counter=10), at("09:00"))
    assert store.last_counter("c-1") == 10


def test_what_leaves_no_event_is_counted_by_the_day(store: TerminalStore) -> None:
    for when in (at("09:00"), at("10:00"), at("09:00") + dt.timedelta(days=1)):
        store.count("unknown_card", when)
    assert store.tallied("unknown_card") == 3
    assert store.tallied("read_again") == 0


def test_listeners_run_after_the_commit_and_not_without_one(store: TerminalStore) -> None:
    heard: list[int] = []
    store.committed.append(lambda: heard.append(len(store.attendances("r-1", ["a-1"]))))
    store.check_in(check_in(), at("09:00"))
    store.count("unknown_card", at("09:00"))
    assert heard == [1]


@pytest.mark.parametrize("statement", ["attendance", "card_counter", "event", "outbox"])
def test_a_tap_that_fails_at_any_of_its_statements_leaves_nothing(
    path: Path, statement: str
) -> None:
    engine, store, outbox = opened(path)
    broken = True

    @event.listens_for(engine, "before_cursor_execute")
    def fail(_c: object, _u: object, text: str, *_: object) -> None:
        if broken and text.startswith(f"INSERT INTO {statement} "):
            raise OSError("card pulled")

    with pytest.raises(NotSavedError):
        store.check_in(check_in(counter=3), at("09:00"))
    broken = False
    assert store.attendances("r-1", ["a-1"]) == {}
    assert store.last_counter("c-1") is None
    assert outbox.waiting() == 0
    assert store.check_in(check_in(counter=3), at("09:00")).seq == 1
    engine.dispose()


def test_a_database_that_cannot_be_read_says_so(path: Path) -> None:
    engine, store, _ = opened(path)
    engine.dispose()
    for file in path.parent.glob("terminal.db*"):
        file.unlink()
    for ask in (
        lambda: store.attendances("r-1", ["a-1"]),
        lambda: store.tallied("x"),
    ):
        with pytest.raises(NotSavedError):
            ask()


def test_the_migrations_make_the_schema_that_the_program_expects(path: Path) -> None:
    engine = open_database(path)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_every_commit_is_on_the_disk_before_it_returns(path: Path) -> None:
    engine = open_database(path)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


@settings(max_examples=25, deadline=None)
@given(
    taps=st.lists(
        st.tuples(st.booleans(), st.sampled_from(["a-1", "a-2"]), st.integers(0, 300)), max_size=12
    ),
    data=st.data(),
)
def test_attendance_is_the_same_in_whatever_order_taps_were_committed(
    tmp_path_factory: pytest.TempPathFactory,
    taps: list[tuple[bool, str, int]],
    data: st.DataObject,
) -> None:
    found = []
    for order in (taps, data.draw(st.permutations(taps))):
        engine, store, _ = opened(tmp_path_factory.mktemp("store") / "terminal.db")
        for out, activity, minute in order:
            when = at("09:00") + dt.timedelta(minutes=minute)
            if out:
                store.sign_out(sign_out(activity), when)
            else:
                store.check_in(check_in(activity), when)
        found.append(store.attendances("r-1", ["a-1", "a-2"]))
        engine.dispose()
    assert found[0] == found[1]


def test_a_terminal_of_the_version_before_keeps_its_taps(path: Path) -> None:
    engine, store, _ = opened(path)
    store.check_in(check_in(), at("09:00"))
    with engine.begin() as connection:
        for table in ("used_door", "redemption", "held_lease", "maintenance_try", "objected"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    engine.dispose()
    engine, store, _ = opened(path)
    assert list(store.attendances("r-1", ["a-1"])) == ["a-1"]
    with engine.begin() as connection:
        found = MigrationContext.configure(connection)
        assert compare_metadata(found, metadata) == []
    engine.dispose()


def made_newer(path: Path, opened_by: int) -> None:
    """As a version would leave it whose migration adds a table and a column."""
    engine = open_database(path)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE attendance ADD COLUMN seat VARCHAR")
        connection.exec_driver_sql("CREATE TABLE seat (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9998'")
        connection.exec_driver_sql(f"PRAGMA user_version = {opened_by}")
    engine.dispose()


def test_after_an_update_was_rolled_back_no_event_is_lost_and_taps_go_on(path: Path) -> None:
    engine, store, _ = opened(path)
    store.check_in(check_in(), at("09:00"))
    engine.dispose()
    made_newer(path, int(NEWEST))
    engine, store, outbox = opened(path)
    store.sign_out(sign_out(), at("10:30"))
    (known,) = store.attendances("r-1", ["a-1"]).values()
    assert (known.in_at, known.out_at) == (at("09:00"), at("10:30"))
    assert outbox.waiting() == 2
    engine.dispose()


@pytest.mark.parametrize("opened_by", [0, int(NEWEST) + 1])
def test_what_an_update_left_that_this_version_cannot_work_in_is_not_touched(
    path: Path, opened_by: int
) -> None:
    engine, store, _ = opened(path)
    store.check_in(check_in(), at("09:00"))
    engine.dispose()
    made_newer(path, opened_by)
    before = path.read_bytes()
    with pytest.raises(NewerDatabaseError, match="install the newer version again"):
        open_database(path)
    assert path.read_bytes() == before


def test_an_update_tells_older_versions_whether_they_can_work_on(path: Path) -> None:
    engine = open_database(path)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA user_version").scalar() == int(OPENED_BY)
    engine.dispose()
