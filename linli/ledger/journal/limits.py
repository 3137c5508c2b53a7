"""An item's limit: which of somebody's deeds of one period are one too many.

A group is the deeds of one account and item in one period. Whenever one of a group changes, the
whole group is looked at again, so that the order in which deeds became known makes no difference.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, update

from linli.ledger.database import in_chunks
from linli.ledger.journal.deed import POSTED, VOIDED, Deed, find_deeds
from linli.ledger.journal.schema import deed
from linli.ledger.standard.versions import Standards
from linli.sync.rules import Countable, surplus

Group = tuple[str, str, str, str]
"""Account, item, period kind, period."""
SPAN = dt.timedelta(days=366)
"""No period is longer: what shares a group with a day lies this near to it."""


def over_limit(deeds: Iterable[Deed], standards: Standards) -> frozenset[str]:
    """Ids of the surplus ones among all deeds of some groups; voided deeds take no place."""
    groups: dict[Group, list[Deed]] = defaultdict(list)
    limits: dict[Group, int] = {}
    for kept in deeds:
        limit = standards.limit(kept.item, dt.date.fromisoformat(kept.day))
        if limit is None or kept.state == VOIDED:
            continue
        per, key, awards = limit
        group = (kept.account, kept.item, per, key)
        groups[group].append(kept)
        limits[group] = min(awards, limits.get(group, awards))
    found: set[str] = set()
    for group, members in groups.items():
        countable = [Countable(d.id, d.done_at, d.state == POSTED) for d in members]
        found |= surplus(countable, limits[group])
    return frozenset(found)


def mark_surplus(
    connection: Connection, changed: Sequence[Deed], standards: Standards
) -> list[tuple[Deed, Deed]]:
    """Look again at every group that one of `changed` is in, and mark or unmark its surplus.

    Returns the deeds whose mark turned, as they were and as they are."""
    touched = {(d.account, d.item) for d in changed}
    if not touched:
        return []
    days = [dt.date.fromisoformat(d.day) for d in changed]
    members = _members(connection, touched, min(days) - SPAN, max(days) + SPAN)
    over = over_limit(members, standards)
    turned = [
        (d, replace(d, surplus=d.id in over))
        for d in members
        if d.state != VOIDED and d.surplus != (d.id in over)
    ]
    if turned:
        connection.execute(
            update(deed).where(deed.c.id == bindparam("of")).values(surplus=bindparam("over")),
            [{"of": new.id, "over": new.surplus} for _, new in turned],
        )
    return turned


def _members(
    connection: Connection, touched: set[tuple[str, str]], first: dt.date, last: dt.date
) -> list[Deed]:
    items = {item for _, item in touched}
    return [
        found
        for chunk in in_chunks({account for account, _ in touched})
        for found in find_deeds(
            connection,
            deed.c.account.in_(chunk)
            & deed.c.item.in_(items)
            & deed.c.day.between(first.isoformat(), last.isoformat()),
        )
        if (found.account, found.item) in touched
    ]
