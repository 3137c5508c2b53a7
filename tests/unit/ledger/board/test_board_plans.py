"""Staff say what boards show; whoever followed every change knows what a snapshot says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from doubles.centre import plan
from msgspec.structs import replace
from sqlalchemy import Engine

from linli.ledger.board.checks import BoardError
from linli.ledger.board.planning import end_urgent, say_urgent, set_plan
from linli.ledger.database import reading
from linli.ledger.feed.snapshot import snapshot
from linli.ledger.ingest.rescoring import adopt
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import (
    BoardPlanRow,
    Row,
    StandardChangeRow,
    StandardDoc,
    Stream,
    UrgentRow,
)
from tests.unit.ledger.village import Village

Told = Callable[[Engine, str, Stream], list[Row]]
Of = BoardPlanRow | UrgentRow | StandardChangeRow
HOUR = dt.timedelta(hours=1)


def newest(rows: list[Row]) -> dict[str, Of]:
    found: dict[str, Of] = {}
    for row in rows:
        if isinstance(row, BoardPlanRow):
            found["plan"] = row
        elif isinstance(row, UrgentRow):
            found[f"urgent {row.id}"] = row
        elif isinstance(row, StandardChangeRow):
            found[row.version] = row
    return found


@pytest.fixture
def followed(village: Village, told: Told) -> Callable[[], dict[str, Of]]:
    def rows() -> dict[str, Of]:
        found = newest(told(village.engine, "village", Stream.CHANGES))
        with reading(village.engine) as connection:
            whole = snapshot(connection, "village", Stream.CHANGES, village.now)
        current = {
            key: row
            for key, row in found.items()
            if not isinstance(row, UrgentRow) or row.until > village.now
        }
        assert newest(whole.rows) == current
        return found

    return rows


Followed = Callable[[], dict[str, Of]]


def wanted(village: Village, row: BoardPlanRow) -> bool:
    with village.engine.begin() as connection:
        return set_plan(connection, "village", row, "小李", village.now)


def said(village: Village, text: str = "今晚停水", hours: int = 2) -> int:
    with village.engine.begin() as connection:
        until = village.now + hours * HOUR
        return say_urgent(connection, "village", text, village.now, until, "小李", village.now)


def ended(village: Village, number: int, scope: str = "village") -> bool:
    with village.engine.begin() as connection:
        return end_urgent(connection, scope, number, "小李", village.now)


def test_a_plan_is_told_once(village: Village, followed: Followed) -> None:
    assert followed() == {}
    assert wanted(village, plan("resident", "shop 08:00-18:00"))
    assert not wanted(village, plan("resident", "shop 08:00-18:00"))
    assert followed() == {"plan": plan("resident", "shop 08:00-18:00")}
    assert wanted(village, plan("resident"))
    assert followed() == {"plan": plan("resident")}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (plan("resident", "weather"), "have no page 'weather'"),
        (plan("resident", "resident"), "listed twice"),
        (plan("story"), "a ranking at least"),
        (plan("resident", periods=[]), "the week, the month or the year"),
        (plan("resident", periods=["quarter"]), "the week, the month or the year"),
        (plan("resident 9-10"), "no board could read the plan"),
        (plan("resident", dim_percent=99), "no board could read the plan"),
    ],
)
def test_a_plan_that_cannot_be_taken_says_why(
    village: Village, followed: Followed, row: BoardPlanRow, says: str
) -> None:
    with pytest.raises(BoardError, match=says):
        wanted(village, row)
    assert followed() == {}


def test_a_message_is_told_with_its_end(village: Village, followed: Followed) -> None:
    number = said(village)
    row = followed()[f"urgent {number}"]
    assert isinstance(row, UrgentRow)
    assert (row.text, row.until - row.starts_at) == ("今晚停水", 2 * HOUR)


def test_a_message_that_is_taken_back_ends_at_once(village: Village, followed: Followed) -> None:
    number = said(village)
    assert ended(village, number)
    assert not ended(village, number)
    row = followed()[f"urgent {number}"]
    assert isinstance(row, UrgentRow)
    assert row.until == village.now


def test_nobody_ends_the_message_of_another_community(village: Village) -> None:
    number = said(village)
    with pytest.raises(BoardError, match="has said no message"):
        ended(village, number, "street")


@pytest.mark.parametrize(
    ("text", "hours", "says"),
    [
        ("", 1, "write 1 to 60"),
        ("长" * 61, 1, "write 1 to 60"),
        ("停\u202e水", 1, "control characters"),
        ("停水", 0, "over already"),
        ("停水", 200, "7 days at most"),
    ],
)
def test_a_message_that_cannot_be_taken_says_why(
    village: Village, text: str, hours: int, says: str
) -> None:
    with pytest.raises(BoardError, match=says):
        said(village, text, hours)


def test_only_a_community_has_boards(village: Village) -> None:
    with village.engine.begin() as connection, pytest.raises(BoardError, match="is no community"):
        set_plan(connection, "street", plan("resident"), "小李", village.now)


def version(village: Village, name: str, days: int, points: int) -> StandardDoc:
    """The newest one with other points for its first item, and without its second."""
    with reading(village.engine) as connection:
        base = StandardShelf().read(connection).docs[-1]
    (first, *others), *classes = ([*c.items] for c in base.classes)
    del classes
    changed = replace(base.classes[0], items=[replace(first, points=points), *others[1:]])
    day = (village.now + dt.timedelta(days=days)).date()
    return replace(base, version=name, effective_from=day, classes=[changed, *base.classes[1:]])


def test_what_a_new_version_of_the_standard_changes_is_told(
    village: Village, followed: Followed
) -> None:
    doc = version(village, "2026-12", 7, 95)
    with village.engine.begin() as connection:
        assert adopt(connection, doc, village.now)
        assert not adopt(connection, doc, village.now)
    row = followed()["2026-12"]
    assert isinstance(row, StandardChangeRow)
    assert row.effective_from == doc.effective_from
    assert [(c.new, c.old is None) for c in row.changes] == [(95, False), (None, False)]
    assert all(change.name for change in row.changes)


def test_a_version_put_between_two_others_tells_what_the_later_one_changes_now(
    village: Village, followed: Followed
) -> None:
    later = version(village, "2027-01", 30, 95)
    between = version(village, "2026-12", 7, 90)
    for doc in (later, between):
        with village.engine.begin() as connection:
            adopt(connection, doc, village.now)
    row = followed()["2027-01"]
    assert isinstance(row, StandardChangeRow)
    assert [(c.old, c.new) for c in row.changes] == [(90, 95)]
