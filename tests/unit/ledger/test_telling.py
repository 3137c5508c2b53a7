"""What is told of a batch is what the tables have: a snapshot right after it says the same."""

from __future__ import annotations

import msgspec
from sqlalchemy import true

from linli.ledger.feed.moments import moment_rows
from linli.ledger.feed.rows import find_attendance, find_deed_rows, find_holders, find_standings
from linli.ledger.feed.schema import change
from linli.ledger.journal.schema import deed
from linli.ledger.people.schema import holder
from linli.sync.messages import Change, Row, encode
from tests.unit.ledger.village import Village


def told(village: Village) -> list[Row]:
    """The rows of the newest change of each feed."""
    newest = {row.stream: row for row in sorted(village.rows(change), key=lambda r: r.number)}
    return [
        row
        for kept in newest.values()
        for row in msgspec.json.decode(kept.payload, type=Change).rows
    ]


def test_what_is_told_of_a_batch_is_what_the_tables_have(village: Village) -> None:
    village.send(
        village.check_in("a1", "patrol", "09:00"),
        village.sign_out("a1", "patrol", "10:05"),
        village.check_in("a2", "patrol", "09:00"),
        village.check_in("a2", "visit", "10:05"),
    )
    pairs = [("a1", "patrol"), ("a2", "patrol"), ("a2", "visit")]
    with village.engine.connect() as connection:
        kept = [
            *find_standings(connection, true()),
            *find_attendance(connection, true()),
            *find_deed_rows(connection, true()),
            *find_holders(connection, holder.c.account.in_(["a1", "a2"])),
            *moment_rows(connection, pairs),
        ]
    assert sorted(map(encode, told(village))) == sorted(map(encode, kept))


def test_a_deed_that_turns_surplus_is_told_with_the_title_of_its_own_activity(
    village: Village,
) -> None:
    village.send(village.check_in("a1", "story-again", "19:00"))
    village.send(village.check_in("a1", "story", "14:30"))
    with village.engine.connect() as connection:
        kept = list(find_deed_rows(connection, deed.c.account == "a1"))
    assert {row.title for row in kept} == {"story", "story-again"}
    assert set(map(encode, kept)) <= set(map(encode, told(village)))
