"""A published adjustment is the next version of the standard, once and for good."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, Engine

from linli.ledger.audit.verify import verify
from linli.ledger.ingest.rescoring import adopt
from linli.ledger.standard.changes import Change, Field, Placed, items_of
from linli.ledger.standard.counting import Adjusted
from linli.ledger.standard.document import StandardError
from linli.ledger.standard.drafting import (
    discard,
    draft,
    drop_item,
    put_change,
    set_day,
)
from linli.ledger.standard.faults import AdjustError, Fault
from linli.ledger.standard.history import adjusted_in, in_force, steps
from linli.ledger.standard.publishing import publish
from linli.ledger.standard.sets import read_set
from linli.ledger.standard.versions import StandardShelf, store
from linli.sync.messages import Item, StandardDoc
from tests.unit.ledger.standard.conftest import FIRST, RAISED, Draft, Publish, with_points
from tests.unit.ledger.tampering import tamper
from tests.unit.ledger.village import Village

LOWERED = Change("B05", Field.POINTS, 25, 20)
TODAY = dt.date(2026, 11, 28)


def docs(connection: Connection) -> tuple[StandardDoc, ...]:
    return StandardShelf().read(connection).docs


def fault_of(publishing: Callable[[], object]) -> Fault:
    with pytest.raises(AdjustError) as refused:
        publishing()
    return refused.value.fault


def test_a_published_draft_is_the_next_version_from_its_day(
    connection: Connection, drafted: Draft, published: Publish, now: dt.datetime
) -> None:
    id_ = drafted(RAISED)
    doc = published(id_)
    assert (doc.version, doc.effective_from) == ("2026-12", FIRST)
    assert docs(connection)[-1] == doc
    assert items_of(doc)["B05"].item.points == 25
    found = read_set(connection, id_)
    assert (found.version, found.based_on) == ("2026-12", "2026-01")
    assert (found.published_by, found.published_at) == ("李书记", now)


def test_it_is_published_once(connection: Connection, drafted: Draft, published: Publish) -> None:
    id_ = drafted(RAISED)
    published(id_)
    assert fault_of(lambda: published(id_)) is Fault.PUBLISHED
    assert len(docs(connection)) == 2


def test_what_is_published_never_changes(
    connection: Connection, drafted: Draft, published: Publish
) -> None:
    id_ = drafted(RAISED)
    published(id_)
    before = read_set(connection, id_)
    for change in (
        lambda: put_change(connection, id_, LOWERED, "夜间值守少"),
        lambda: drop_item(connection, id_, "B05"),
        lambda: set_day(connection, id_, dt.date(2026, 12, 2)),
        lambda: discard(connection, id_),
    ):
        assert fault_of(change) is Fault.PUBLISHED
    assert read_set(connection, id_) == before


def test_only_what_was_shown_is_published(
    connection: Connection, drafted: Draft, now: dt.datetime
) -> None:
    id_ = drafted(RAISED)
    shown = read_set(connection, id_).seen
    put_change(connection, id_, Change("B01", Field.POINTS, 10, 5), "巡逻多")
    assert fault_of(lambda: publish(connection, id_, shown, "李书记", now)) is Fault.STALE
    assert len(docs(connection)) == 1


def test_a_draft_that_another_version_overtook_is_stale(
    connection: Connection, drafted: Draft, published: Publish
) -> None:
    first, second = drafted(RAISED), drafted(RAISED, on=dt.date(2026, 12, 15))
    published(first)
    assert fault_of(lambda: published(second)) is Fault.STALE


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        (dt.date(2026, 11, 27), Fault.PAST),
        (dt.date(2026, 12, 1), Fault.TOO_EARLY),
        (dt.date(2026, 11, 28), Fault.TOO_EARLY),
    ],
)
def test_a_day_in_the_past_or_not_after_the_newest_version_is_refused(
    connection: Connection, drafted: Draft, published: Publish, day: dt.date, fault: Fault
) -> None:
    published(drafted(RAISED))
    later = drafted(LOWERED, on=day, month="2026-11")
    assert fault_of(lambda: published(later)) is fault


def test_a_version_can_begin_today(drafted: Draft, published: Publish) -> None:
    assert published(drafted(RAISED, on=TODAY, month="2026-11")).effective_from == TODAY


def test_a_draft_without_a_change_is_refused(drafted: Draft, published: Publish) -> None:
    id_ = drafted()
    assert fault_of(lambda: published(id_)) is Fault.EMPTY


@pytest.mark.parametrize(
    "changes",
    [
        (Change("B05", Field.NAME, "应急值守", "平安巡逻"),),
        (Change("B05", Field.RECORD, "checkin", "declare"),),
    ],
    ids=["two items of one name", "a duration that nobody taps for"],
)
def test_a_version_that_contradicts_itself_is_refused(
    drafted: Draft, published: Publish, changes: tuple[Change, ...]
) -> None:
    id_ = drafted(*changes)
    assert fault_of(lambda: published(id_)) is Fault.CONTRADICTORY


def test_the_second_version_of_a_month_has_a_number(drafted: Draft, published: Publish) -> None:
    published(drafted(RAISED))
    second = published(drafted(LOWERED, on=dt.date(2026, 12, 15)))
    assert second.version == "2026-12-2"


def withdrawn(of: StandardDoc, code: str) -> Change:
    return Change(code, Field.WITHDRAWN, items_of(of)[code], None)


def test_a_withdrawn_code_never_means_something_else(
    drafted: Draft, published: Publish, standard_doc: StandardDoc
) -> None:
    published(drafted(withdrawn(standard_doc, "D05")))
    other = Item(code="D05", name="上门送餐", points=5, record="declare")
    new = Change("D05", Field.ADDED, None, Placed(class_code="D", item=other))
    id_ = drafted(new, on=dt.date(2026, 12, 15))
    assert fault_of(lambda: published(id_)) is Fault.CODE_TAKEN


def test_a_withdrawn_item_can_come_back_as_what_it_was(
    drafted: Draft, published: Publish, standard_doc: StandardDoc
) -> None:
    published(drafted(withdrawn(standard_doc, "D05")))
    back = items_of(standard_doc)["D05"]
    again = published(drafted(Change("D05", Field.ADDED, None, back), on=dt.date(2026, 12, 15)))
    assert items_of(again)["D05"] == back


def test_a_whole_document_cannot_give_a_code_another_meaning_either(
    connection: Connection,
    drafted: Draft,
    published: Publish,
    standard_doc: StandardDoc,
    now: dt.datetime,
) -> None:
    published(drafted(withdrawn(standard_doc, "D05")))
    classes = [
        replace(c, items=[replace(i, name="上门送餐") if i.code == "D05" else i for i in c.items])
        for c in standard_doc.classes
    ]
    day = dt.date(2027, 1, 1)
    reused = replace(standard_doc, version="2027-01", effective_from=day, classes=classes)
    with pytest.raises(StandardError, match="D05 cannot be 上门送餐"):
        store(connection, reused, now)


# --- deeds -----------------------------------------------------------------------------------


def test_deeds_from_its_day_on_are_scored_anew_and_the_ledger_is_sound(village: Village) -> None:
    village.send(village.check_in("a1", "visit", "10:05"))
    with village.engine.begin() as connection:
        today = village.now.date()
        id_ = draft(connection, "2026-11", today, "王主任", village.now)
        put_change(connection, id_, Change("D01", Field.POINTS, 10, 15), "独居老人多")
        publish(connection, id_, read_set(connection, id_).seen, "李书记", village.now)
    assert village.pending("a1") == 15
    assert verify(village.engine) is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE adjustment_change SET new = '30'", "adjustment 2026-12-1, points of B05"),
        ("DELETE FROM adjustment_change", "adjustment 2026-12-1, points of B05"),
        ("UPDATE adjustment SET effective_on = '2026-12-02'", "adjustment 2026-12-1, effective"),
        (
            "INSERT INTO adjustment_change (adjustment, code, field, old, new, reason)"
            " VALUES ('2026-12-1', 'A01', 'points', '5', '10', '')",
            "adjustment 2026-12-1, points of A01",
        ),
    ],
)
def test_a_published_set_that_was_changed_behind_the_ledgers_back_is_named(
    engine: Engine, now: dt.datetime, change: str, named: str
) -> None:
    with engine.begin() as connection:
        id_ = draft(connection, "2026-12", FIRST, "王主任", now)
        put_change(connection, id_, RAISED, "夜间值守多")
        publish(connection, id_, read_set(connection, id_).seen, "李书记", now)
    assert verify(engine) is None
    tamper(engine, change)
    assert str(verify(engine)).startswith(named)


# --- history ---------------------------------------------------------------------------------


def test_the_history_tells_sets_and_whole_documents_alike(
    connection: Connection,
    drafted: Draft,
    published: Publish,
    standard_doc: StandardDoc,
    now: dt.datetime,
) -> None:
    adopt(connection, with_points(standard_doc, "A01", 10, dt.date(2026, 7, 1)), now)
    id_ = drafted(RAISED)
    published(id_)
    first, imported, adjusted = steps(connection)
    assert first.changes == ()
    assert (imported.changes, imported.of) == ((Change("A01", Field.POINTS, 5, 10),), None)
    assert (adjusted.changes, adjusted.of) == ((RAISED,), read_set(connection, id_))
    assert in_force([first, imported, adjusted], TODAY) == imported
    assert in_force([first, imported, adjusted], dt.date(2025, 12, 31)) is None


def test_a_year_is_counted_by_the_days_its_versions_begin(
    connection: Connection, drafted: Draft, published: Publish
) -> None:
    published(drafted(RAISED, Change("B01", Field.POINTS, 10, 15)))
    published(drafted(LOWERED, on=dt.date(2026, 12, 15)))
    again = Change("B05", Field.POINTS, 20, 30)
    published(drafted(again, month="2027-01", on=dt.date(2027, 1, 1)))
    found = steps(connection)
    assert adjusted_in(2026, found) == Adjusted(items=2, entries=3)
    assert adjusted_in(2027, found) == Adjusted(items=1, entries=1)
    assert adjusted_in(2025, found) == Adjusted(items=0, entries=0)


def test_of_two_who_publish_at_once_the_second_finds_its_draft_stale(
    engine: Engine, now: dt.datetime
) -> None:
    with engine.begin() as connection:
        drafts = []
        for day in (FIRST, dt.date(2026, 12, 15)):
            drafts.append(draft(connection, "2026-12", day, "王主任", now))
            put_change(connection, drafts[-1], RAISED, "夜间值守多")
        marks = [read_set(connection, id_).seen for id_ in drafts]
    start = threading.Barrier(2)

    def at_once(number: int) -> Fault | None:
        start.wait()
        try:
            with engine.begin() as connection:
                publish(connection, drafts[number], marks[number], "李书记", now)
        except AdjustError as refused:
            return refused.fault
        return None

    with ThreadPoolExecutor(2) as threads:
        faults = set(threads.map(at_once, range(2)))
    assert faults in ({None, Fault.STALE}, {None, Fault.TOO_EARLY})
    with engine.connect() as connection:
        assert len(docs(connection)) == 2
