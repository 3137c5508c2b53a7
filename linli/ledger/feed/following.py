"""What follows when deeds were decided, taken back or marked anew: standings, and the news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Connection

from linli.ledger.feed.notices import OnNotice
from linli.ledger.feed.telling import News, tell
from linli.ledger.journal.reconciling import Reconciled
from linli.ledger.people.directory import read_holders
from linli.ledger.ranking.standings import update_standings


def follow(
    connection: Connection,
    deeds: Reconciled,
    now: dt.datetime,
    notices: Collection[OnNotice] = (),
) -> None:
    """Bring the standings of these deeds' bearers up to date and tell their communities, also of
    the notices that show such a deed."""
    holders = read_holders(connection, {deed.account for deed in deeds.after.values()})
    moved = update_standings(connection, deeds, holders)
    tell(connection, News({}, moved, deeds, notices), holders, {}, now)
