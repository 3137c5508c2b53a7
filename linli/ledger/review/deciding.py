"""Deeds are posted or voided by a review; standings, balances and the feed follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Connection

from linli.ledger.feed.following import follow
from linli.ledger.journal.decisions import decide
from linli.ledger.journal.sweeping import sweep
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
    sweep(connection, {d.account for d in deeds.after.values()}, now)
    follow(connection, deeds, now)
