"""Which version of the standard scores a deed, and which limit holds."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection

from linli.ledger.standard.document import StandardError
from linli.ledger.standard.versions import Standards, StandardShelf, store
from linli.sync.messages import Item, ItemClass, ItemLimit, StandardDoc


def doc(first_day: str, points: int, limit: ItemLimit | None = None) -> StandardDoc:
    item = Item(code="A01", name="学习", points=points, record="checkin", limit=limit)
    return StandardDoc(
        version=f"v{first_day}",
        effective_from=dt.date.fromisoformat(first_day),
        classes=[ItemClass(code="A", name="理论宣讲", items=[item])],
    )


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def points(standards: Standards, on: str) -> int | None:
    scored = standards.score("A01", day(on))
    return None if scored is None else scored.points


def test_a_deed_is_scored_by_the_version_in_force_on_its_day() -> None:
    standards = Standards([doc("2026-07-01", 10), doc("2026-01-01", 5)])
    assert points(standards, "2026-06-30") == 5
    assert points(standards, "2026-07-01") == 10


def test_before_the_first_version_nothing_is_scored() -> None:
    standards = Standards([doc("2026-01-01", 5)])
    assert points(standards, "2025-12-31") is None
    assert standards.in_force(day("2025-12-31")) is None


def test_an_unknown_item_is_not_scored() -> None:
    assert Standards([doc("2026-01-01", 5)]).score("Z99", day("2026-02-01")) is None


def test_a_limit_is_told_with_its_period() -> None:
    standards = Standards([doc("2026-01-01", 5, ItemLimit(n=4, per="month"))])
    assert standards.limit("A01", day("2026-02-14")) == ("month", "2026-02", 4)


def test_an_item_without_limit_has_none() -> None:
    assert Standards([doc("2026-01-01", 5)]).limit("A01", day("2026-02-14")) is None


def test_a_limit_changed_within_its_period_holds_from_the_next() -> None:
    standards = Standards(
        [
            doc("2026-01-01", 5, ItemLimit(n=1, per="quarter")),
            doc("2026-02-15", 5, ItemLimit(n=3, per="quarter")),
        ]
    )
    assert standards.limit("A01", day("2026-03-01")) == ("quarter", "2026-Q1", 1)
    assert standards.limit("A01", day("2026-04-01")) == ("quarter", "2026-Q2", 3)


def test_a_stored_version_is_read_back(connection: Connection, now: dt.datetime) -> None:
    later = doc("2027-01-01", 10)
    assert store(connection, later, now)
    assert later in StandardShelf().read(connection).docs


def test_a_shelf_sees_a_version_stored_meanwhile(connection: Connection, now: dt.datetime) -> None:
    shelf = StandardShelf()
    before = shelf.read(connection)
    assert shelf.read(connection) is before
    store(connection, doc("2027-01-01", 10), now)
    assert len(shelf.read(connection).docs) == len(before.docs) + 1


def test_storing_the_same_version_again_changes_nothing(
    connection: Connection, now: dt.datetime
) -> None:
    later = doc("2027-01-01", 10)
    store(connection, later, now)
    assert not store(connection, later, now)


@pytest.mark.parametrize(
    "other",
    [
        doc("2027-01-01", 20),
        replace(doc("2027-01-01", 10), version="another"),
        replace(doc("2027-02-01", 10), version="v2027-01-01"),
    ],
)
def test_a_stored_version_is_never_replaced(
    connection: Connection, now: dt.datetime, other: StandardDoc
) -> None:
    store(connection, doc("2027-01-01", 10), now)
    with pytest.raises(StandardError, match="its own version and first day"):
        store(connection, other, now)
