"""A draft holds changes old → new that could be meant, and can be changed until it is published."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection

from linli.ledger.standard.changes import Change, Field, Placed, items_of
from linli.ledger.standard.drafting import (
    discard,
    draft,
    drop_item,
    put_change,
    put_item,
    set_day,
)
from linli.ledger.standard.faults import AdjustError, Fault
from linli.ledger.standard.sets import Entry, read_set, read_sets, stale
from linli.ledger.standard.versions import StandardShelf, store
from linli.sync.messages import Item, ItemLimit, StandardDoc
from tests.unit.ledger.standard.conftest import FIRST, RAISED, Draft, with_points

FOUR = ItemLimit(n=4, per="month")


def new_item(code: str = "C06", class_code: str = "C", **more: object) -> Change:
    fields = {"name": "文明养猫劝导", "points": 5, "record": "checkin", **more}
    item = Item(code=code, **fields)  # type: ignore[arg-type]
    return Change(code, Field.ADDED, None, Placed(class_code=class_code, item=item))


def test_drafts_of_a_month_are_numbered(drafted: Draft) -> None:
    assert [drafted(), drafted(), drafted(month="2027-01", on=dt.date(2027, 1, 1))] == [
        "2026-12-1",
        "2026-12-2",
        "2027-01-1",
    ]


def test_a_draft_says_what_it_changes_why_and_from_when(
    connection: Connection, drafted: Draft, now: dt.datetime
) -> None:
    found = read_set(connection, drafted(RAISED))
    assert found.entries == (Entry(RAISED, "夜间值守多"),)
    assert (found.month, found.effective_on) == ("2026-12", FIRST)
    assert (found.made_by, found.made_at, found.version) == ("王主任", now, None)


@pytest.mark.parametrize(
    ("month", "day"), [("2026-13", FIRST), ("12月", FIRST), ("2027-01", FIRST), ("2026-09", FIRST)]
)
def test_a_draft_needs_a_month_and_a_day_in_it_or_in_the_next(
    connection: Connection, now: dt.datetime, month: str, day: dt.date
) -> None:
    with pytest.raises(AdjustError) as refused:
        draft(connection, month, day, "王主任", now)
    assert refused.value.fault is Fault.BAD_MONTH


def test_a_change_of_the_same_field_replaces_the_one_before(
    connection: Connection, drafted: Draft
) -> None:
    id_ = drafted(RAISED, Change("B05", Field.POINTS, 20, 30))
    assert [c.new for c in read_set(connection, id_).changes] == [30]


def test_every_field_of_an_item_can_be_changed(connection: Connection, drafted: Draft) -> None:
    changes = (
        RAISED,
        Change("B05", Field.NAME, "应急值守", "夜间应急值守"),
        Change("B05", Field.LIMIT, FOUR, None),
        Change("B05", Field.DURATION, 180, 120),
        Change("B05", Field.RECORD, "checkin", "declare"),
        new_item(),
    )
    assert read_set(connection, drafted(*changes)).changes == changes


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (Change("B05", Field.POINTS, 10, 25), Fault.STALE),
        (Change("B05", Field.POINTS, 20, 20), Fault.NO_CHANGE),
        (Change("B05", Field.POINTS, 20, 0), Fault.BAD_VALUE),
        (Change("B05", Field.POINTS, 20, 100_000), Fault.BAD_VALUE),
        (Change("B05", Field.POINTS, 20, "25"), Fault.BAD_VALUE),
        (Change("B05", Field.POINTS, 20, True), Fault.BAD_VALUE),
        (Change("B05", Field.NAME, "应急值守", "  "), Fault.BAD_VALUE),
        (Change("B05", Field.NAME, "应急值守", "值守 "), Fault.BAD_VALUE),
        (Change("B05", Field.NAME, "应急值守", "值\x07守"), Fault.BAD_VALUE),
        (Change("B05", Field.LIMIT, FOUR, ItemLimit(n=0, per="month")), Fault.BAD_VALUE),
        (Change("B05", Field.LIMIT, FOUR, ItemLimit(n=4, per="hour")), Fault.BAD_VALUE),
        (Change("B05", Field.DURATION, 180, 0), Fault.BAD_VALUE),
        (Change("B05", Field.RECORD, "checkin", "rumour"), Fault.BAD_VALUE),
        (Change("B05", Field.CLASS, "B", "C"), Fault.BAD_VALUE),
        (Change("Z01", Field.POINTS, 20, 25), Fault.NO_ITEM),
        (new_item("B05", "B"), Fault.CODE_TAKEN),
        (new_item("B", "B"), Fault.CODE_TAKEN),
        (new_item("X01", "X"), Fault.BAD_VALUE),
        (new_item("B06", "C"), Fault.BAD_VALUE),
        (new_item("C6", "C"), Fault.BAD_VALUE),
        (new_item(points=0), Fault.BAD_VALUE),
        (new_item(record="rumour"), Fault.BAD_VALUE),
        (Change("C06", Field.ADDED, None, 5), Fault.BAD_VALUE),
    ],
)
def test_a_change_that_cannot_be_meant_is_refused(
    connection: Connection, drafted: Draft, change: Change, fault: Fault
) -> None:
    id_ = drafted()
    with pytest.raises(AdjustError) as refused:
        put_change(connection, id_, change, "夜间值守多")
    assert refused.value.fault is fault
    assert not read_set(connection, id_).entries


def test_a_change_without_a_reason_is_refused(connection: Connection, drafted: Draft) -> None:
    with pytest.raises(AdjustError) as refused:
        put_change(connection, drafted(), RAISED, "  ")
    assert refused.value.fault is Fault.NO_REASON


def test_an_item_can_be_left_as_it_is_after_all(connection: Connection, drafted: Draft) -> None:
    id_ = drafted(RAISED, Change("B05", Field.LIMIT, FOUR, None))
    drop_item(connection, id_, "B05")
    assert not read_set(connection, id_).entries
    with pytest.raises(AdjustError, match="does not change"):
        drop_item(connection, id_, "B05")


def test_a_draft_can_take_effect_on_another_day(connection: Connection, drafted: Draft) -> None:
    id_ = drafted()
    set_day(connection, id_, dt.date(2026, 12, 15))
    assert read_set(connection, id_).effective_on == dt.date(2026, 12, 15)


def test_a_draft_that_was_thrown_away_is_gone(connection: Connection, drafted: Draft) -> None:
    discard(connection, drafted(RAISED))
    assert not read_sets(connection)


def test_nobody_changes_a_draft_that_is_not_there(connection: Connection) -> None:
    with pytest.raises(AdjustError) as refused:
        put_change(connection, "2026-12-9", RAISED, "夜间值守多")
    assert refused.value.fault is Fault.NO_DRAFT


def test_a_draft_whose_mark_was_seen_has_another_once_it_is_changed(
    connection: Connection, drafted: Draft
) -> None:
    id_ = drafted(RAISED)
    marks = {read_set(connection, id_).seen}
    put_change(connection, id_, RAISED, "另一个理由")
    marks.add(read_set(connection, id_).seen)
    set_day(connection, id_, dt.date(2026, 12, 2))
    marks.add(read_set(connection, id_).seen)
    assert len(marks) == 3


def test_a_change_that_a_version_imported_meanwhile_overtook_is_stale(
    connection: Connection, drafted: Draft, standard_doc: StandardDoc, now: dt.datetime
) -> None:
    id_ = drafted(RAISED, Change("B01", Field.POINTS, 10, 20))
    imported = with_points(standard_doc, "B05", 15, dt.date(2026, 11, 1))
    store(connection, imported, now)
    assert stale(read_set(connection, id_), imported) == [RAISED]


def test_versions_that_are_stored_are_not_touched_by_drafts(
    connection: Connection, drafted: Draft, standard_doc: StandardDoc
) -> None:
    drafted(RAISED)
    assert StandardShelf().read(connection).docs == (standard_doc,)


# --- a whole item ----------------------------------------------------------------------------


def item_of(doc: StandardDoc, code: str, **changed: object) -> Placed:
    placed = items_of(doc)[code]
    return replace(placed, item=replace(placed.item, **changed))


def test_an_item_is_changed_field_by_field(
    connection: Connection, drafted: Draft, standard_doc: StandardDoc
) -> None:
    id_, shown = drafted(), item_of(standard_doc, "B05")
    wanted = item_of(standard_doc, "B05", points=25, limit=None)
    changes = put_item(connection, id_, shown, wanted, "夜间值守多")
    assert changes == (RAISED, Change("B05", Field.LIMIT, FOUR, None))
    assert set(read_set(connection, id_).changes) == set(changes)


def test_an_item_changed_again_is_changed_to_what_is_wanted_last(
    connection: Connection, drafted: Draft, standard_doc: StandardDoc
) -> None:
    id_, shown = drafted(), item_of(standard_doc, "B05")
    put_item(connection, id_, shown, item_of(standard_doc, "B05", points=25), "夜间值守多")
    put_item(connection, id_, shown, item_of(standard_doc, "B05", name="夜间值守"), "改名")
    assert [c.field for c in read_set(connection, id_).changes] == [Field.NAME]
    put_item(connection, id_, shown, shown, "不改了")
    assert not read_set(connection, id_).entries


def test_an_item_that_stays_as_it_is_changes_nothing(
    connection: Connection, drafted: Draft, standard_doc: StandardDoc
) -> None:
    shown = item_of(standard_doc, "B05")
    with pytest.raises(AdjustError) as refused:
        put_item(connection, drafted(), shown, shown, "夜间值守多")
    assert refused.value.fault is Fault.NO_CHANGE


def test_an_item_that_was_shown_otherwise_is_looked_at_again(
    connection: Connection, drafted: Draft, standard_doc: StandardDoc
) -> None:
    shown = item_of(standard_doc, "B05", points=15)
    with pytest.raises(AdjustError) as refused:
        put_item(connection, drafted(), shown, item_of(standard_doc, "B05", points=25), "多")
    assert refused.value.fault is Fault.STALE


def test_an_item_is_not_changed_and_withdrawn_in_one_draft(
    connection: Connection, drafted: Draft, standard_doc: StandardDoc
) -> None:
    id_ = drafted(RAISED)
    gone = Change("B05", Field.WITHDRAWN, item_of(standard_doc, "B05"), None)
    with pytest.raises(AdjustError) as refused:
        put_change(connection, id_, gone, "没人值守")
    assert refused.value.fault is Fault.CONTRADICTORY
