"""The replica: the feed's rows in a file that may be lost at any moment."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from doubles.centre import (
    SCOPE,
    activity,
    at,
    attendance,
    card,
    holder,
    loaded_replica,
    moment,
    snapshots,
    standing,
)
from sqlalchemy.exc import SQLAlchemyError

from linli.sync import replica as replica_module
from linli.sync.messages import Change, HotList, Item, ItemClass, Row, StandardDoc, Stream
from linli.sync.replica import Outcome, Replica, WrongFeedError

BOTH = tuple(Stream)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "replica.db"


@pytest.fixture
def replica(path: Path) -> Iterator[Replica]:
    replica = loaded_replica(path, [])
    yield replica
    replica.close()


def change(number: int, *rows: Row, stream: Stream = Stream.CHANGES, scope: str = SCOPE) -> Change:
    return Change(scope=scope, stream=stream, number=number, at=at("09:00"), rows=list(rows))


def standard(day: dt.date, points: int) -> StandardDoc:
    item = Item(code="B01", name="patrol", points=points, record="checkin")
    classes = [ItemClass(code="B", name="safety", items=[item])]
    return StandardDoc(version=f"v{points}", effective_from=day, classes=classes)


def break_file(replica: Replica, path: Path) -> None:
    """Every page but the first is noise, as after a worn card."""
    replica.close()
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))


# --- changes -------------------------------------------------------------------------------------


def test_a_change_is_applied_and_moves_the_position(replica: Replica) -> None:
    assert replica.apply(change(2, activity("a-1"))) is Outcome.APPLIED
    assert replica.activity("a-1") == activity("a-1")
    assert replica.position(Stream.CHANGES) == 2


def test_a_row_replaces_the_row_with_its_key(replica: Replica) -> None:
    replica.apply(change(2, activity("a-1")))
    replica.apply(change(3, activity("a-1", cancelled=True)))
    found = replica.activity("a-1")
    assert found is not None
    assert found.cancelled


def test_a_change_with_a_gap_before_it_is_not_applied(replica: Replica) -> None:
    assert replica.apply(change(3, activity("a-1"))) is Outcome.GAP
    assert replica.activity("a-1") is None
    assert replica.position(Stream.CHANGES) == 1


def test_an_old_change_is_not_applied_again(replica: Replica) -> None:
    replica.apply(change(2, activity("a-1", cancelled=True)))
    assert replica.apply(change(2, activity("a-1"))) is Outcome.OLD
    found = replica.activity("a-1")
    assert found is not None
    assert found.cancelled


def test_before_the_first_snapshot_every_change_is_a_gap(path: Path) -> None:
    replica = Replica(path, SCOPE, BOTH)
    assert replica.apply(change(1, activity("a-1"))) is Outcome.GAP
    replica.close()


def test_a_change_of_another_scope_is_refused(replica: Replica) -> None:
    with pytest.raises(WrongFeedError):
        replica.apply(change(2, activity("a-1"), scope="s-2"))


def test_a_stream_that_is_not_followed_is_refused(path: Path) -> None:
    board = Replica(path, SCOPE, (Stream.CHANGES,))
    with pytest.raises(WrongFeedError):
        board.apply(change(1, holder("r-1"), stream=Stream.HOLDERS))
    with pytest.raises(WrongFeedError):
        board.load(snapshots([])[1])
    board.close()


def test_rows_that_do_not_belong_on_the_stream_are_left_out(replica: Replica) -> None:
    replica.apply(change(2, holder("r-1"), activity("a-1")))
    assert replica.holder("r-1") is None
    assert replica.activity("a-1") is not None
    assert replica.misplaced == 1


def test_listeners_hear_of_what_was_written_and_only_of_that(replica: Replica) -> None:
    heard: list[int | None] = []
    replica.on_change.append(lambda: heard.append(replica.position(Stream.CHANGES)))
    replica.apply(change(2, activity("a-1")))
    replica.apply(change(2, activity("a-1")))
    replica.apply(change(9, activity("a-1")))
    assert heard == [2]


def test_the_programme_number_rises_with_activities_and_with_nothing_else(
    replica: Replica,
) -> None:
    seen = [replica.programme]
    for row in (activity("a-1"), standing("r-1", 5), activity("a-2")):
        replica.apply(change(replica.position(Stream.CHANGES) + 1, row))  # type: ignore[operator]
        seen.append(replica.programme)
    replica.load(snapshots([activity("a-3")], 9)[0])
    seen.append(replica.programme)
    assert [after - before for before, after in pairwise(seen)] == [1, 0, 1, 1]


# --- attendance ----------------------------------------------------------------------------------


def test_attendance_is_what_the_ledger_said_last(replica: Replica) -> None:
    """Also a later check-in: a clock that was set right dated it anew."""
    replica.apply(change(2, attendance("r-1", "a-1", at("08:40")), stream=Stream.HOLDERS))
    replica.apply(change(3, attendance("r-1", "a-1", at("09:39")), stream=Stream.HOLDERS))
    (known,) = replica.attendances("r-1", ["a-1", "a-2"])
    assert known.in_at == at("09:39")


def test_present_are_those_inside_and_not_yet_out(replica: Replica) -> None:
    rows = [
        attendance("r-1", "a-1", at("09:10")),
        attendance("r-2", "a-1", at("09:11"), at("10:30")),
        attendance("r-3", "a-2", at("09:12")),
    ]
    replica.apply(change(2, *rows, stream=Stream.HOLDERS))
    assert replica.present("a-1") == 1


# --- moments -------------------------------------------------------------------------------------


def test_only_the_newest_moments_are_kept(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica_module, "MOMENTS_KEPT", 3)
    minutes = [5, 1, 4, 2, 3]
    rows = [moment(f"m-{n}", at("09:00") + dt.timedelta(minutes=n)) for n in minutes]
    replica.apply(change(2, *rows))
    assert [m.id for m in replica.moments(10)] == ["m-5", "m-4", "m-3"]


def test_of_moments_at_the_same_time_the_same_ones_are_always_kept(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica_module, "MOMENTS_KEPT", 2)
    replica.apply(change(2, *[moment(f"m-{n}", at("09:00")) for n in (2, 1, 3)]))
    assert [m.id for m in replica.moments(10)] == ["m-3", "m-2"]


# --- snapshots -----------------------------------------------------------------------------------


def test_a_snapshot_replaces_all_rows_of_its_stream_and_no_others(path: Path) -> None:
    replica = loaded_replica(path, [activity("a-1"), holder("r-1")])
    replica.load(snapshots([activity("a-2")], number=5)[0])
    assert replica.activity("a-1") is None
    assert replica.activity("a-2") is not None
    assert replica.holder("r-1") is not None
    assert replica.position(Stream.CHANGES) == 5
    assert replica.position(Stream.HOLDERS) == 1
    replica.close()


def test_an_older_snapshot_is_ignored(replica: Replica) -> None:
    replica.load(snapshots([activity("a-1")], number=5)[0])
    replica.load(snapshots([], number=4)[0])
    assert replica.activity("a-1") is not None
    assert replica.position(Stream.CHANGES) == 5


def test_an_older_snapshot_of_a_restored_ledger_takes_the_place(replica: Replica) -> None:
    replica.load(snapshots([activity("a-1")], number=5)[0])
    replica.load(snapshots([], number=4)[0], replace=True)
    assert replica.activity("a-1") is None
    assert replica.position(Stream.CHANGES) == 4


def test_a_snapshot_is_loaded_at_once_or_not_at_all(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    replica.load(snapshots([activity("a-1")], number=5)[0])

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(replica_module, "_set_position", fail)
    with pytest.raises(sqlite3.OperationalError):
        replica.load(snapshots([activity("a-2")], number=6)[0])
    assert replica.activity("a-1") is not None
    assert replica.activity("a-2") is None
    assert replica.position(Stream.CHANGES) == 5


def test_a_reader_sees_the_rows_before_a_snapshot_or_after_it(path: Path) -> None:
    """Every snapshot holds twenty standings with one total; a mixture would show two."""
    replica = loaded_replica(path, [])
    stop = threading.Event()
    mixtures: list[set[int]] = []

    def read() -> None:
        while not stop.is_set():
            totals = {row.pending for _, row in replica.top("2026-11", row_kind, 50)}
            if len(totals) > 1:
                mixtures.append(totals)

    row_kind = standing("r-1", 1).kind
    reader = threading.Thread(target=read)
    reader.start()
    for number in range(2, 30):
        rows: list[Row] = [standing(f"r-{n}", number) for n in range(20)]
        replica.load(snapshots(rows, number)[0])
    stop.set()
    reader.join()
    assert mixtures == []
    replica.close()


def test_everything_is_there_again_after_a_restart(path: Path) -> None:
    replica = loaded_replica(path, [activity("a-1"), card("c-1", b"\x04abcdef", "r-1")])
    replica.set_hot_list(HotList(scope=SCOPE, version=2, cards=["c-9"]))
    replica.close()
    again = Replica(path, SCOPE, BOTH)
    assert again.position(Stream.CHANGES) == 1
    assert again.activity("a-1") is not None
    assert again.is_hot("c-9")
    again.set_hot_list(HotList(scope=SCOPE, version=1, cards=[]))
    assert again.is_hot("c-9")
    again.close()


# --- documents -----------------------------------------------------------------------------------


def test_a_newer_hot_list_replaces_the_older_one(replica: Replica) -> None:
    replica.set_hot_list(HotList(scope=SCOPE, version=1, cards=["c-1", "c-1"]))
    replica.set_hot_list(HotList(scope=SCOPE, version=2, cards=["c-2"]))
    assert (replica.is_hot("c-1"), replica.is_hot("c-2")) == (False, True)


@pytest.mark.parametrize("version", [1, 2])
def test_a_hot_list_that_is_not_newer_is_ignored(replica: Replica, version: int) -> None:
    replica.set_hot_list(HotList(scope=SCOPE, version=2, cards=["c-2"]))
    replica.set_hot_list(HotList(scope=SCOPE, version=version, cards=[]))
    assert replica.is_hot("c-2")


def test_a_hot_list_of_another_scope_is_refused(replica: Replica) -> None:
    with pytest.raises(WrongFeedError):
        replica.set_hot_list(HotList(scope="s-2", version=9, cards=["c-1"]))


def test_a_hot_list_may_hold_a_hundred_thousand_cards(replica: Replica) -> None:
    cards = [f"c-{n}" for n in range(100_000)]
    replica.set_hot_list(HotList(scope=SCOPE, version=1, cards=cards))
    assert replica.is_hot("c-99999")


def test_the_standard_in_force_is_chosen_by_the_day(replica: Replica) -> None:
    replica.set_standard(standard(dt.date(2026, 11, 1), 20))
    replica.set_standard(standard(dt.date(2026, 1, 1), 10))
    found = [
        replica.item("B01", day)
        for day in (dt.date(2025, 12, 31), dt.date(2026, 10, 31), dt.date(2026, 11, 1))
    ]
    assert [item and item.points for item in found] == [None, 10, 20]


def test_a_corrected_standard_of_the_same_day_takes_the_others_place(replica: Replica) -> None:
    replica.set_standard(standard(dt.date(2026, 1, 1), 10))
    replica.set_standard(standard(dt.date(2026, 1, 1), 15))
    item = replica.item("B01", dt.date(2026, 6, 1))
    assert item is not None
    assert item.points == 15


def test_the_same_standard_again_is_no_change(replica: Replica) -> None:
    replica.set_standard(standard(dt.date(2026, 1, 1), 10))
    heard: list[object] = []
    replica.on_change.append(lambda: heard.append(None))
    replica.set_standard(standard(dt.date(2026, 1, 1), 10))
    assert heard == []


# --- damage --------------------------------------------------------------------------------------


def test_a_file_of_another_scope_is_made_anew(path: Path) -> None:
    loaded_replica(path, [activity("a-1")]).close()
    other = Replica(path, "s-2", BOTH)
    assert other.position(Stream.CHANGES) is None
    assert other.activity("a-1") is None
    other.close()


def test_a_file_of_another_version_is_made_anew(path: Path) -> None:
    loaded_replica(path, [activity("a-1")]).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    replica = Replica(path, SCOPE, BOTH)
    assert replica.position(Stream.CHANGES) is None
    replica.close()


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 300])
def test_a_file_that_is_no_database_is_made_anew(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    replica = Replica(path, SCOPE, BOTH)
    replica.load(snapshots([activity("a-1")])[0])
    assert replica.activity("a-1") is not None
    replica.close()


def test_a_file_found_damaged_at_the_start_is_made_anew(path: Path) -> None:
    replica = loaded_replica(path, [activity(f"a-{n}") for n in range(500)])
    break_file(replica, path)
    again = Replica(path, SCOPE, BOTH)
    assert again.position(Stream.CHANGES) is None
    again.close()


def test_a_file_that_breaks_while_it_is_read_is_made_anew(path: Path) -> None:
    replica = loaded_replica(path, [activity(f"a-{n}") for n in range(500)])
    break_file(replica, path)
    assert replica.activity("a-7") is None
    assert replica.position(Stream.CHANGES) is None
    replica.load(snapshots([activity("a-7")])[0])
    assert replica.activity("a-7") is not None
    replica.close()


def test_a_change_to_a_broken_file_is_a_gap(path: Path) -> None:
    replica = loaded_replica(path, [activity(f"a-{n}") for n in range(500)])
    break_file(replica, path)
    assert replica.apply(change(2, activity("a-7"))) is Outcome.GAP
    assert replica.position(Stream.CHANGES) is None
    replica.close()


@pytest.mark.parametrize("touch", ["read", "hot list", "standard"])
def test_a_file_made_anew_still_knows_hot_cards_and_standards(path: Path, touch: str) -> None:
    """The broker sends them once a connection; a refused card must stay refused."""
    replica = loaded_replica(path, [activity(f"a-{n}") for n in range(500)])
    replica.set_hot_list(HotList(scope=SCOPE, version=1, cards=["c-1"]))
    replica.set_standard(standard(dt.date(2026, 1, 1), 10))
    break_file(replica, path)
    if touch == "hot list":
        replica.set_hot_list(HotList(scope=SCOPE, version=2, cards=["c-1", "c-2"]))
        assert replica.is_hot("c-2")
    elif touch == "standard":
        replica.set_standard(standard(dt.date(2026, 2, 1), 20))
        assert replica.item("B01", dt.date(2026, 3, 1)) is not None
    replica.activity("a-7")
    assert replica.is_hot("c-1")
    assert replica.item("B01", dt.date(2026, 1, 2)) is not None
    replica.close()


def test_a_deleted_file_is_made_anew(path: Path) -> None:
    replica = loaded_replica(path, [activity("a-1")])
    replica.close()
    path.unlink()
    assert replica.activity("a-1") is None
    replica.load(snapshots([activity("a-1")])[0])
    assert replica.activity("a-1") is not None
    replica.close()


def test_a_row_that_cannot_be_read_is_fetched_anew_and_the_others_serve_on(path: Path) -> None:
    replica = loaded_replica(path, [holder("r-1"), holder("r-2")])
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE holder SET body = '{}' WHERE account = 'r-1'")
    assert replica.holder("r-1") is None
    assert replica.holder("r-2") is not None
    assert replica.position(Stream.HOLDERS) == 0
    assert replica.apply(change(9, holder("r-1"), stream=Stream.HOLDERS)) is Outcome.GAP


def test_a_locked_file_is_no_damage(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replica = loaded_replica(path, [activity("a-1")])

    def busy(*_: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(replica_module, "_set_position", busy)
        with pytest.raises((sqlite3.OperationalError, SQLAlchemyError)):
            replica.apply(change(2, activity("a-2")))
    assert replica.activity("a-1") is not None
    assert replica.apply(change(2, activity("a-2"))) is Outcome.APPLIED
    replica.close()
