"""An item's limit: which of somebody's deeds of one period are one too many.

A group is the deeds of one account and item in one period. Whenever one of a group changes, the
whole group is looked at again, so that the order in which deeds became known makes no difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec.structs import replace
from sqlalchemy import Connection, bindparam

from linli.ledger.database import among, update_rows
from linli.ledger.journal.deed import POSTED, VOIDED, Deed, deed_of_row, deeds_with_debit
from linli.ledger.journal.schema import deed
from linli.ledger.prepared import Prepared
from linli.ledger.standard.versions import Standards
from linli.sync.periods import days_of
from linli.sync.rules import Countable, surplus

Group = tuple[str, str, str, str]
"""Account, item, period kind, period."""
_AROUND = Prepared(
    deeds_with_debit().where(
        among(deed.c.account, "accounts"),
        among(deed.c.item, "items"),
        deed.c.day.between(bindparam("first"), bindparam("last")),
    )
)


def over_limit(deeds: Iterable[Deed], standards: Standards) -> frozenset[str]:
    """Ids of the surplus ones among all deeds of some groups; voided deeds take no place."""
    groups: dict[Group, list[Deed]] = defaultdict(list)
    limits: dict[Group, int] = {}
    for kept in deeds:
        limit = standards.limit(kept.item, kept.day)
        if limit is None or kept.state == VOIDED:
            continue
        per, key, awards = limit
        group = (kept.account, kept.item, per, key)
        groups[group].append(kept)
        limits[group] = min(awards, limits.get(group, awards))
    found: set[str] = set()
    for group, members in groups.items():
        if len(members) <= limits[group]:
            continue
        countable = [Countable(d.id, d.done_at, d.state == POSTED) for d in members]
        found |= surplus(countable, limits[group])
    return frozenset(found)


def mark_surplus(
    connection: Connection, changed: Sequence[Deed], standards: Standards
) -> list[tuple[Deed, Deed]]:
    """Look again at every group that one of `changed` is in, and mark or unmark its surplus.

    Returns the deeds whose mark turned, as they were and as they are."""
    turned = turned_marks(connection, changed, standards)
    update_rows(connection, deed, [{"id": new.id, "surplus": new.surplus} for _, new in turned])
    return turned


def turned_marks(
    connection: Connection, changed: Sequence[Deed], standards: Standards
) -> list[tuple[Deed, Deed]]:
    """The same, but nothing is written. `changed` need not be written either: of a deed that
    stands there more than once, it is as the last says."""
    groups: dict[Group, list[Deed]] = {_group(d, standards): [] for d in changed}
    if not groups:
        return []
    known = {d.id: d for d in _around(connection, groups)} | {d.id: d for d in changed}
    for d in known.values():
        group = groups.get(_group(d, standards))
        if group is not None:
            group.append(d)
    members = [d for group in groups.values() for d in group]
    # Every limit is one or more: who is alone in a group is not over it.
    over = over_limit((d for g in groups.values() if len(g) > 1 for d in g), standards)
    return [
        (d, replace(d, surplus=d.id in over))
        for d in members
        if d.surplus != (d.id in over) and d.state != VOIDED
    ]


def _group(of: Deed, standards: Standards) -> Group:
    """A deed without a limit is in a group of its day, which is never over it."""
    limit = standards.limit(of.item, of.day)
    per, key = ("day", of.day) if limit is None else limit[:2]
    return (of.account, of.item, per, key)


def _around(connection: Connection, touched: Collection[Group]) -> Iterator[Deed]:
    """All members of these groups, and others of the same people that are done between them."""
    spans = [days_of(key) for *_, key in touched]
    rows = _AROUND.all(
        connection,
        accounts={account for account, *_ in touched},
        items={item for _, item, *_ in touched},
        first=min(first for first, _ in spans).isoformat(),
        last=max(last for _, last in spans).isoformat(),
    )
    return map(deed_of_row, rows)
