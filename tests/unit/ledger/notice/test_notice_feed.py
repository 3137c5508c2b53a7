"""The notice's third carrier: boards are told of a month when it is frozen, and of each change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from linli.ledger.cadence.calendar import Calendar
from linli.ledger.cadence.running import Signer, do_what_is_due, set_calendar
from linli.ledger.database import reading
from linli.ledger.feed.notices import notice_rows
from linli.ledger.feed.snapshot import snapshot
from linli.ledger.notice.objecting import take_back
from linli.ledger.notice.publishing import freeze, seal
from linli.ledger.people.access_log import Staff
from linli.ledger.people.consenting import set_consent
from linli.ledger.people.erasing import erase
from linli.ledger.record.log import newest_checkpoint
from linli.ledger.review.deciding import review
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import Kind, NoticeRow, Row, Stream
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.village import Village

Told = Callable[[Engine, str, Stream], list[Row]]
DAY = dt.timedelta(days=1)


@pytest.fixture
def village(village: Village) -> Village:
    """November hangs from 1 to 6 December."""
    with village.engine.begin() as connection:
        freeze(connection, "village", "2026-11", village.now)
    return village


@pytest.fixture
def boards(village: Village, told: Told) -> Callable[[], list[NoticeRow]]:
    """What boards were told of notices, in order; and a snapshot says the last of it."""

    def rows() -> list[NoticeRow]:
        public = told(village.engine, "village", Stream.CHANGES)
        found = [row for row in public if isinstance(row, NoticeRow)]
        assert in_snapshot(village) == found[-1:]
        return found

    return rows


def in_snapshot(village: Village) -> list[NoticeRow]:
    with reading(village.engine) as connection:
        whole = snapshot(connection, "village", Stream.CHANGES, village.now)
    return [row for row in whole.rows if isinstance(row, NoticeRow)]


def sealed(village: Village) -> None:
    village.now += 6 * DAY
    with village.engine.begin() as connection:
        seal(connection, "village", "2026-11", village.now)


Boards = Callable[[], list[NoticeRow]]


def test_a_frozen_month_is_told_with_its_figures_and_first_three(boards: Boards) -> None:
    (row,) = boards()
    assert (row.month, str(row.opens), str(row.closes)) == ("2026-11", "2026-12-01", "2026-12-06")
    assert (row.deeds, row.points, row.people, row.units) == (3, 30, 2, 0)
    assert [(p.kind, p.rank, p.name, p.points) for p in row.top] == [
        (Kind.RESIDENT, 1, "张*1", 20),
        (Kind.RESIDENT, 2, "张*2", 10),
    ]
    assert row.ways == ["card", "phone", "desk"]
    assert row.sealed_at is None


def test_a_sealed_month_is_told_again(village: Village, boards: Boards) -> None:
    sealed(village)
    frozen, after = boards()
    assert after == NoticeRow(
        **{name: getattr(frozen, name) for name in frozen.__struct_fields__}
        | {"sealed_at": village.now}
    )


def test_a_deed_that_was_taken_back_is_not_counted_any_more(
    village: Village, boards: Boards
) -> None:
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        take_back(connection, "visit.a1", "没来", standards, village.now, sealed=False)
    row = boards()[-1]
    assert (row.deeds, row.points) == (2, 20)
    assert [(p.rank, p.points) for p in row.top] == [(1, 10), (1, 10)]


def test_it_names_the_checkpoint_as_soon_as_there_is_one(village: Village, boards: Boards) -> None:
    assert (boards()[-1].root, boards()[-1].record) == ("", 0)
    with village.engine.begin() as connection:
        set_calendar(connection, Calendar("village", "2026-12", 2, 5))
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    village.now += 6 * DAY
    do_what_is_due(village.engine, Signer("points.example", key, lambda: bytes(32)), village.now)
    with reading(village.engine) as connection:
        made = newest_checkpoint(connection)
    row = boards()[-1]
    assert (row.root, row.record) == (made.root.hex()[:16], 3)


def test_who_takes_back_their_consent_is_an_alias_on_it(village: Village, boards: Boards) -> None:
    with village.engine.begin() as connection:
        assert set_consent(connection, "a1", village.now, agreed=False)
    assert [place.name for place in boards()[-1].top] == ["热心邻居0001", "张*2"]


def test_who_is_forgotten_is_not_named_on_it(village: Village, boards: Boards) -> None:
    with village.engine.begin() as connection:
        erase(connection, "a1", Staff("李主任", "clerk"), "本人申请", village.now)
    assert [place.name for place in boards()[-1].top] == ["已注销0001", "张*2"]


def test_only_the_first_three_of_a_kind_are_told(village: Village) -> None:
    late = ("a3", "a4", "a5", "a6")
    village.send(*[village.check_in(who, "story", "14:42") for who in late[1:]])
    village.now = dt.datetime(2027, 1, 1, 9, tzinfo=SHANGHAI)
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        ids = [f"story.{who}" for who in late]
        review(connection, ids, "posted", "late", standards, village.now)
        freeze(connection, "village", "2026-12", village.now)
        (row,) = notice_rows(connection, "village", ["2026-12"])
    assert (row.deeds, row.people) == (4, 4)
    assert [(p.rank, p.name) for p in row.top] == [(1, "张*3"), (1, "张*4"), (1, "张*5")]


def test_a_month_that_is_not_on_notice_is_no_row(village: Village) -> None:
    with reading(village.engine) as connection:
        assert notice_rows(connection, "village", ["2026-10"]) == []


def test_a_sealed_month_leaves_the_snapshot_after_a_while(village: Village) -> None:
    sealed(village)
    village.now += 40 * DAY
    assert in_snapshot(village) == []
