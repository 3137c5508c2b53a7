"""Where on public feeds somebody's name stands: boards must hear when it changes or goes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, select

from linli.ledger.activities.schema import activity
from linli.ledger.database import in_chunks
from linli.ledger.feed.moments import moment_rows
from linli.ledger.feed.notices import notice_rows, notices_of
from linli.ledger.feed.rows import standing_rows
from linli.ledger.feed.stories import stories_of, story_rows
from linli.ledger.feed.telling import Pair, Told
from linli.ledger.ingest.schema import attendance
from linli.ledger.ranking.schema import standing
from linli.ledger.ranking.sums import Key
from linli.sync.messages import Stream


def scopes_naming(connection: Connection, accounts: Collection[str], now: dt.datetime) -> set[str]:
    """The communities whose feeds `naming_rows` speaks of: lock them before."""
    return {
        *_ranked_in(connection, accounts),
        *_came_to(connection, accounts),
        *(scope for scope, _ in notices_of(connection, accounts, now)),
        *stories_of(connection, accounts),
    }


def naming_rows(connection: Connection, accounts: Collection[str], now: dt.datetime) -> Told:
    """Every public row with a name of these accounts in it: standings, moments, notices and
    stories, by community."""
    told: Told = defaultdict(list)
    for scope, keys in _ranked_in(connection, accounts).items():
        told[scope, Stream.CHANGES] += standing_rows(connection, keys)
    for scope, pairs in _came_to(connection, accounts).items():
        told[scope, Stream.CHANGES] += moment_rows(connection, pairs)
    for scope, month in sorted(notices_of(connection, accounts, now)):
        told[scope, Stream.CHANGES] += notice_rows(connection, scope, [month])
    for scope, numbers in stories_of(connection, accounts).items():
        told[scope, Stream.CHANGES] += story_rows(connection, numbers)
    return told


def _ranked_in(connection: Connection, accounts: Collection[str]) -> dict[str, list[Key]]:
    found: dict[str, list[Key]] = defaultdict(list)
    for chunk in in_chunks(accounts):
        query = select(standing.c.scope, standing.c.period, standing.c.account).where(
            standing.c.account.in_(chunk), standing.c.points > 0
        )
        for row in connection.execute(query):
            found[row.scope].append((row.period, row.account))
    return found


def _came_to(connection: Connection, accounts: Collection[str]) -> dict[str, list[Pair]]:
    found: dict[str, list[Pair]] = defaultdict(list)
    for chunk in in_chunks(accounts):
        query = (
            select(attendance.c.account, attendance.c.activity, activity.c.scope)
            .join(activity, activity.c.id == attendance.c.activity)
            .where(attendance.c.account.in_(chunk))
        )
        for row in connection.execute(query):
            found[row.scope].append((row.account, row.activity))
    return found
