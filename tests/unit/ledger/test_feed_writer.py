"""Numbers of the feeds."""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, select

from linli.ledger.feed.retention import forget_old
from linli.ledger.feed.schema import change, feed_head
from linli.ledger.feed.writer import ROWS_CAP, append, append_many
from linli.sync.messages import Change, OrgRow, Stream


def row(number: int) -> OrgRow:
    return OrgRow(id=f"n-{number}", parent=None, level="street", name="街道")


def kept(connection: Connection) -> dict[tuple[str, str], list[Change]]:
    query = select(change).order_by(change.c.scope, change.c.stream, change.c.number)
    feeds = defaultdict(list)
    for found in connection.execute(query):
        decoded = msgspec.json.decode(found.payload, type=Change)
        assert (decoded.scope, decoded.stream, decoded.number, decoded.at) == (
            found.scope,
            found.stream,
            found.number,
            found.at,
        )
        feeds[found.scope, found.stream].append(decoded)
    return dict(feeds)


def test_a_change_carries_its_rows_and_waits_to_be_published(
    connection: Connection, now: dt.datetime
) -> None:
    assert append(connection, "c-1", Stream.CHANGES, [row(1), row(2)], now) == 1
    assert append(connection, "c-1", Stream.CHANGES, [row(3)], now) == 2
    first, second = kept(connection)["c-1", "changes"]
    assert (first.rows, second.rows) == ([row(1), row(2)], [row(3)])
    assert not any(connection.execute(select(change.c.published)).scalars())


def test_no_rows_take_no_number(connection: Connection, now: dt.datetime) -> None:
    assert append(connection, "c-1", Stream.CHANGES, [], now) is None
    assert append_many(connection, {("c-1", Stream.HOLDERS): []}, now) == {}
    assert connection.execute(select(feed_head)).all() == []


def test_a_transaction_rolled_back_leaves_no_gap(engine: Engine, now: dt.datetime) -> None:
    with engine.begin() as connection:
        append(connection, "c-1", Stream.CHANGES, [row(1)], now)
    with engine.connect() as connection:
        append(connection, "c-1", Stream.CHANGES, [row(2)], now)
        connection.rollback()
    with engine.begin() as connection:
        assert append(connection, "c-1", Stream.CHANGES, [row(3)], now) == 2


def test_a_bulk_import_is_told_in_several_changes(connection: Connection, now: dt.datetime) -> None:
    rows = [row(n) for n in range(2 * ROWS_CAP + 1)]
    assert append(connection, "c-1", Stream.CHANGES, rows, now) == 3
    changes = kept(connection)["c-1", "changes"]
    assert [row for change in changes for row in change.rows] == rows


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.dictionaries(
            st.tuples(st.sampled_from(["c-1", "c-2", "c-3"]), st.sampled_from(Stream)),
            st.lists(st.builds(row, st.integers(0, 9)), max_size=3),
        ),
        max_size=8,
    )
)
def test_numbers_of_every_feed_have_no_gaps(
    engine: Engine, now: dt.datetime, transactions: list[dict[tuple[str, Stream], list[OrgRow]]]
) -> None:
    with engine.begin() as connection:
        connection.execute(delete(change))
        connection.execute(delete(feed_head))
    for transaction in transactions:
        with engine.begin() as connection:
            append_many(connection, transaction, now)
    with engine.begin() as connection:
        feeds = kept(connection)
        heads = {(h.scope, h.stream): h.number for h in connection.execute(select(feed_head))}
    for changes in feeds.values():
        assert [c.number for c in changes] == list(range(1, len(changes) + 1))
    assert heads == {feed: len(changes) for feed, changes in feeds.items()}


def test_writers_at_the_same_time_share_no_number(engine: Engine, now: dt.datetime) -> None:
    numbers: list[int | None] = []

    def write() -> None:
        for n in range(10):
            with engine.begin() as connection:
                numbers.append(append(connection, "c-1", Stream.CHANGES, [row(n)], now))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(n for n in numbers if n is not None) == list(range(1, 41))


def test_published_changes_are_forgotten_after_seven_days(engine: Engine, now: dt.datetime) -> None:
    with engine.begin() as connection:
        for days in (10, 9, 8, 1):
            at = now - dt.timedelta(days=days)
            append(connection, "c-1", Stream.CHANGES, [row(days)], at)
        connection.execute(change.update().where(change.c.number > 1).values(published=True))
    assert forget_old(engine, now) == 2
    assert forget_old(engine, now) == 0
    with engine.begin() as connection:
        numbers = [c.number for c in kept(connection)["c-1", "changes"]]
    assert numbers == [1, 4], "what is not published yet stays, however old"
