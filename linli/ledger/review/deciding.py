"""Deeds are posted or voided by a review; standings, balances and the feed follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Connection

from linli.ledger.feed.telling import News, tell
from linli.ledger.journal.decisions import decide
from linli.ledger.journal.sweeping import sweep
from linli.ledger.people.directory import read_holders
from linli.ledger.ranking.standings import update_standings
from linli.ledger.standard.versions import Standards


def review(
    connection: Connection,
    ids: Collection[str],
    state: str,
    reason: str,
    standards: Standards,
    now: dt.datetime,
) -> None:
    """Post or void all of these deeds, or none: raises DecisionError."""
    deeds = decide(connection, ids, state, reason, standards, now)
    holders = read_holders(connection, {d.account for d in deeds.after.values()})
    sweep(connection, holders, now)
    moved = update_standings(connection, deeds.both(), holders)
    tell(connection, News((), moved, deeds.after.values()), holders, {}, now)
