"""Takes in who there is: account holders at their homes. All of a call is taken or none of it.

Names are masked here, at the door; nothing of a full name goes any further.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, insert

from linli.ledger.feed.rows import holder_rows
from linli.ledger.feed.writer import append_many
from linli.ledger.journal.accounts import open_purses
from linli.ledger.people.cards import by_scope
from linli.ledger.people.checks import (
    NewHolder,
    check_holder,
    check_home,
    refuse_repeats,
)
from linli.ledger.people.known import refuse_known
from linli.ledger.people.masking import alias_of, masked
from linli.ledger.people.schema import holder
from linli.ledger.people.tree import read_nodes
from linli.sync.messages import Stream


def enrol(connection: Connection, holders: Sequence[NewHolder], now: dt.datetime) -> None:
    """Open accounts for people and units at their homes. Raises PeopleError."""
    for new in holders:
        check_holder(new)
    accounts = [new.account for new in holders]
    refuse_repeats("account", accounts)
    refuse_known("account", connection, holder.c.account, accounts)
    homes = read_nodes(connection, [new.home for new in holders])
    for new in holders:
        home = homes.get(new.home)
        check_home(new.account, new.kind, new.home, None if home is None else home.level)
    rows = [
        {
            "account": new.account,
            "kind": new.kind.value,
            "home": new.home,
            "scope": homes[new.home].scope,
            "name_masked": masked(new.name, new.kind),
            "alias": alias_of(new.account),
            "public_consent": new.consent,
            "under14": new.under14,
            "enrolled_at": now,
        }
        for new in holders
    ]
    if rows:
        connection.execute(insert(holder), rows)
        open_purses(connection, accounts)
        groups = by_scope((str(row["scope"]), str(row["account"])) for row in rows)
        told = {
            (scope, Stream.HOLDERS): holder_rows(connection, group)
            for scope, group in groups.items()
        }
        append_many(connection, told, now)
