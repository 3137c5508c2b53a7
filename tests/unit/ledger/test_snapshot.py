"""The whole of a stream, and the rows it is made of."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

import pytest
from sqlalchemy import Connection, Engine, insert, update

from linli.ledger.activities.planning import plan
from linli.ledger.database import reading
from linli.ledger.feed.moments import moment_rows, newest_moments
from linli.ledger.feed.rows import (
    card_rows,
    find_deed_rows,
    holder_rows,
    standing_rows,
)
from linli.ledger.feed.schema import feed_head
from linli.ledger.feed.snapshot import UnknownScopeError, ranked_periods, snapshot
from linli.ledger.journal.accounts import Move, apply_moves, open_system
from linli.ledger.people.cards import block_card
from linli.ledger.schema import attendance, deed, standing
from linli.ledger.standard.versions import Standards
from linli.sync.messages import (
    ActivityRow,
    AttendanceRow,
    CardRow,
    DeedRow,
    HolderRow,
    MomentRow,
    OrgRow,
    Row,
    Snapshot,
    StandingRow,
    Stream,
)
from linli.sync.periods import SHANGHAI, business_day
from linli.sync.rules import deed_id

T = TypeVar("T", bound=Row)
MINUTE = dt.timedelta(minutes=1)


def rows_of(answer: Snapshot, kind: type[T]) -> list[T]:
    return [row for row in answer.rows if isinstance(row, kind)]


def visit(id_: str, starts: dt.datetime, minutes: int | None = None) -> ActivityRow:
    return ActivityRow(
        id=id_,
        title="探访独居老人",
        item="D01",
        points=10,
        place="3号楼大厅",
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=2),
        centre="yangguang-centre",
        min_minutes=minutes,
    )


def came(
    connection: Connection, who: str, activity: str, in_at: dt.datetime, out_at: dt.datetime | None
) -> None:
    connection.execute(
        insert(attendance).values(
            account=who, activity=activity, in_at=in_at, out_at=out_at, flags=""
        )
    )


def did(
    connection: Connection,
    who: str,
    activity: str | None,
    at: dt.datetime,
    *,
    points: int = 10,
    state: str = "pending",
) -> str:
    id_ = deed_id(activity or "declared", who)
    connection.execute(
        insert(deed).values(
            id=id_,
            account=who,
            activity=activity,
            item="D01",
            done_at=at,
            day=business_day(at).isoformat(),
            points=points,
            standard_version="2026-01",
            state=state,
            surplus=False,
            flags="",
            transfer=f"{id_}.1",
        )
    )
    return id_


def stands(connection: Connection, who: str, period: str, now: dt.datetime) -> None:
    connection.execute(
        insert(standing).values(
            period=period,
            account=who,
            kind="resident",
            building="yangguang-b1",
            scope="yangguang",
            pending=10,
            posted=5,
            points=15,
            reached_at=now,
        )
    )


@pytest.fixture
def programme(town: Engine, standards: Standards, now: dt.datetime) -> Engine:
    """`one` is done with one tap, `two` with a sign-out, `old` was long ago."""
    with town.begin() as connection:
        plan(
            connection,
            "yangguang",
            [
                visit("one", now),
                visit("two", now, minutes=60),
                visit("old", now - dt.timedelta(days=46)),
            ],
            standards,
            now,
        )
    return town


def test_a_snapshot_of_changes_holds_what_anybody_may_see(
    programme: Engine, now: dt.datetime
) -> None:
    with programme.begin() as connection:
        stands(connection, "a000001", "2026-W48", now)
        came(connection, "a000001", "one", now, None)
    with reading(programme) as connection:
        answer = snapshot(connection, "yangguang", Stream.CHANGES, now)
    assert [row.id for row in rows_of(answer, OrgRow)] == [
        "xiangyang",
        "yangguang",
        "yangguang-b1",
        "yangguang-b2",
    ]
    assert [row.id for row in rows_of(answer, ActivityRow)] == ["one", "two"]
    assert [row.name for row in rows_of(answer, StandingRow)] == ["张*三"]
    assert [row.id for row in rows_of(answer, MomentRow)] == ["one.a000001.in"]
    private = (HolderRow, CardRow, AttendanceRow, DeedRow)
    assert not any(isinstance(row, private) for row in answer.rows)


def test_a_snapshot_of_holders_holds_the_centre_s_own_people(
    programme: Engine, now: dt.datetime
) -> None:
    with programme.begin() as connection:
        for activity in ("one", "old"):
            came(connection, "a000001", activity, now, None)
            did(connection, "a000001", activity, now)
        did(connection, "a000002", None, dt.datetime(2025, 12, 31, tzinfo=SHANGHAI))
        did(connection, "a000009", None, now)
    with reading(programme) as connection:
        answer = snapshot(connection, "yangguang", Stream.HOLDERS, now)
    accounts = [row.account for row in rows_of(answer, HolderRow)]
    assert sorted(accounts) == ["a000001", "a000002", "a000003", "u000001"]
    assert sorted(row.card for row in rows_of(answer, CardRow)) == ["c000001", "c000002"]
    assert [row.activity for row in rows_of(answer, AttendanceRow)] == ["one"]
    assert sorted(row.id for row in rows_of(answer, DeedRow)) == ["old.a000001", "one.a000001"]


def test_attendance_elsewhere_is_in_the_snapshots_of_both_communities(
    programme: Engine, now: dt.datetime
) -> None:
    with programme.begin() as connection:
        came(connection, "a000009", "one", now, None)
    for scope in ("yangguang", "hupan"):
        with reading(programme) as connection:
            answer = snapshot(connection, scope, Stream.HOLDERS, now)
        assert [row.account for row in rows_of(answer, AttendanceRow)] == ["a000009"]


def test_attendance_of_others_elsewhere_is_not_in_the_snapshot(
    programme: Engine, standards: Standards, now: dt.datetime
) -> None:
    with programme.begin() as connection:
        plan(connection, "hupan", [visit("theirs", now)], standards, now)
        came(connection, "a000009", "theirs", now, None)
    with reading(programme) as connection:
        assert rows_of(snapshot(connection, "yangguang", Stream.HOLDERS, now), AttendanceRow) == []


@pytest.mark.parametrize("stream", Stream)
def test_a_snapshot_carries_the_number_of_its_feed(
    programme: Engine, now: dt.datetime, stream: Stream
) -> None:
    with programme.begin() as connection:
        heads = {
            row.stream: row.number
            for row in connection.execute(
                feed_head.select().where(feed_head.c.scope == "yangguang")
            )
        }
    with reading(programme) as connection:
        assert snapshot(connection, "yangguang", stream, now).number == heads[stream.value]


def test_a_snapshot_does_not_see_what_is_committed_while_it_is_read(
    programme: Engine, now: dt.datetime
) -> None:
    with reading(programme) as connection:
        before = snapshot(connection, "yangguang", Stream.HOLDERS, now)
        with programme.begin() as writing:
            block_card(writing, "c000001", now)
        assert snapshot(connection, "yangguang", Stream.HOLDERS, now) == before
    with reading(programme) as connection:
        after = snapshot(connection, "yangguang", Stream.HOLDERS, now)
    assert after.number == before.number + 1


@pytest.mark.parametrize("scope", ["xiangyang", "yangguang-b1", "nowhere"])
def test_only_a_community_has_a_snapshot(town: Engine, now: dt.datetime, scope: str) -> None:
    with reading(town) as connection, pytest.raises(UnknownScopeError, match="not a community"):
        snapshot(connection, scope, Stream.CHANGES, now)


def test_the_ranked_periods_are_the_current_ones_and_the_month_before(now: dt.datetime) -> None:
    assert ranked_periods(now) == ["2026-W48", "2026-11", "2026", "2026-10"]
    new_year = dt.datetime(2027, 1, 1, tzinfo=SHANGHAI)
    assert ranked_periods(new_year) == ["2026-W53", "2027-01", "2027", "2026-12"]


def test_standings_are_found_by_period_and_account(town: Engine, now: dt.datetime) -> None:
    keys = [("2026-W48", "a000001"), ("2026-11", "a000002")]
    with town.begin() as connection:
        for period, who in [*keys, ("2026-W48", "a000002")]:
            stands(connection, who, period, now)
        rows = standing_rows(connection, keys)
    assert sorted((row.period, row.account) for row in rows) == sorted(keys)
    names = {row.account: row.name for row in rows}
    assert names == {"a000001": "张*三", "a000002": "热心邻居0002"}


def test_a_holder_row_shows_both_purses(town: Engine) -> None:
    with town.begin() as connection:
        open_system(connection, ["issuance:D"])
        apply_moves(
            connection,
            [
                Move("issuance:D", "a000001:earned", posted=20, pending=10),
                Move("issuance:D", "a000001:redeemable", posted=35, pending=0),
            ],
        )
        (row,) = holder_rows(connection, ["a000001"])
    assert (row.redeemable, row.earned, row.pending) == (35, 20, 10)


def test_a_deed_is_titled_by_its_activity_or_its_item(programme: Engine, now: dt.datetime) -> None:
    with programme.begin() as connection:
        at_activity = did(connection, "a000001", "one", now)
        declared = did(connection, "a000001", None, now)
        found = find_deed_rows(connection, deed.c.account == "a000001")
        titles = {row.id: row.title for row in found}
    assert titles == {at_activity: "探访独居老人", declared: "探访独居老人"}


def test_more_keys_than_one_query_takes_are_found(town: Engine) -> None:
    with town.begin() as connection:
        unknown = [f"c9{n:05d}" for n in range(40_000)]
        rows = card_rows(connection, ["c000001", *unknown, "c000002"])
    assert [row.card for row in rows] == ["c000001", "c000002"]


# --- moments ---------------------------------------------------------------------------------


def test_one_tap_brings_the_points_at_the_check_in(programme: Engine, now: dt.datetime) -> None:
    with programme.begin() as connection:
        came(connection, "a000001", "one", now, None)
        did(connection, "a000001", "one", now)
        (moment,) = moment_rows(connection, [("a000001", "one")])
    assert moment == MomentRow(
        id="one.a000001.in", name="张*三", title="探访独居老人", points=10, at=now
    )


def test_a_second_tap_where_one_is_enough_is_not_told(programme: Engine, now: dt.datetime) -> None:
    with programme.begin() as connection:
        came(connection, "a000001", "one", now, now + 60 * MINUTE)
        did(connection, "a000001", "one", now)
        moments = moment_rows(connection, [("a000001", "one")])
        assert newest_moments(connection, "yangguang", 100) == moments
    assert [m.id for m in moments] == ["one.a000001.in"]


def test_where_a_sign_out_is_asked_for_it_brings_the_points(
    programme: Engine, now: dt.datetime
) -> None:
    with programme.begin() as connection:
        came(connection, "a000001", "two", now, now + 60 * MINUTE)
        did(connection, "a000001", "two", now)
        moments = moment_rows(connection, [("a000001", "two")])
    assert [(m.id, m.points) for m in moments] == [
        ("two.a000001.in", None),
        ("two.a000001.out", 10),
    ]


def test_leaving_too_early_is_not_told(programme: Engine, now: dt.datetime) -> None:
    with programme.begin() as connection:
        came(connection, "a000001", "two", now, now + MINUTE)
        moments = moment_rows(connection, [("a000001", "two")])
    assert [m.id for m in moments] == ["two.a000001.in"]


def test_somebody_without_consent_is_an_alias_in_moments(
    programme: Engine, now: dt.datetime
) -> None:
    with programme.begin() as connection:
        came(connection, "a000002", "one", now, None)
        (moment,) = moment_rows(connection, [("a000002", "one")])
    assert moment.name == "热心邻居0002"


def test_the_newest_moments_come_first(programme: Engine, now: dt.datetime) -> None:
    with programme.begin() as connection:
        came(connection, "a000001", "two", now, now + 60 * MINUTE)
        did(connection, "a000001", "two", now)
        came(connection, "a000002", "two", now + MINUTE, now + 70 * MINUTE)  # too early
        came(connection, "a000003", "one", now + 2 * MINUTE, None)
        everything = newest_moments(connection, "yangguang", 100)
        newest = newest_moments(connection, "yangguang", 2)
        assert newest_moments(connection, "yangguang", 1) == everything[:1]
        assert newest_moments(connection, "hupan", 100) == []
    assert [m.id for m in everything] == [
        "two.a000001.out",
        "one.a000003.in",
        "two.a000002.in",
        "two.a000001.in",
    ]
    assert newest == everything[:2]


def test_a_voided_deed_is_not_told_as_done(programme: Engine, now: dt.datetime) -> None:
    with programme.begin() as connection:
        came(connection, "a000001", "two", now, now + 60 * MINUTE)
        id_ = did(connection, "a000001", "two", now)
        connection.execute(update(deed).where(deed.c.id == id_).values(state="voided"))
        moments = moment_rows(connection, [("a000001", "two")])
    assert [m.id for m in moments] == ["two.a000001.in"]
