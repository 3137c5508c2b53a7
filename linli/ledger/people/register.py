"""Takes in who there is: org nodes, account holders, cards. All of a call is taken or none of it.

Names are masked here, at the door; nothing of a full name goes any further.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Row, func, insert, select, update

from linli.ledger.database import in_chunks, upsert
from linli.ledger.feed.rows import card_rows, find_orgs, holder_rows
from linli.ledger.feed.writer import append, append_many
from linli.ledger.journal.accounts import open_purses
from linli.ledger.people.checks import (
    COMMUNITY,
    COUNTED,
    LEVELS,
    NewCard,
    NewHolder,
    NewOrg,
    PeopleError,
    check_card,
    check_holder,
    check_org,
    check_parent,
    refuse_repeats,
)
from linli.ledger.people.masking import alias_of, masked
from linli.ledger.people.schema import card, holder, hot_list, org
from linli.sync.messages import OrgRow, Stream

__all__ = [
    "NewCard",
    "NewHolder",
    "NewOrg",
    "PeopleError",
    "add_orgs",
    "block_card",
    "enrol",
    "issue_cards",
]


@dataclass(frozen=True, slots=True)
class _Node:
    """What a node hands down to those below it."""

    level: str
    scope: str | None
    path: str
    counted_in: str


def add_orgs(connection: Connection, orgs: Sequence[NewOrg], now: dt.datetime) -> None:
    """Add nodes to the tree, in any order; parents may be among them. Raises PeopleError."""
    for new in orgs:
        check_org(new)
    refuse_repeats("org node", (new.id for new in orgs))
    _refuse_known("org node", connection, org.c.id, [new.id for new in orgs])
    nodes = _read_nodes(connection, [new.parent for new in orgs if new.parent is not None])
    rows = []
    for new in sorted(orgs, key=lambda new: LEVELS.index(new.level)):
        nodes[new.id] = node = _placed(new, nodes)
        rows.append(
            {
                "id": new.id,
                "parent": new.parent,
                "level": new.level,
                "name": new.name.strip(),
                "scope": node.scope,
                "path": node.path,
                "counted_in": node.counted_in,
            }
        )
    if rows:
        connection.execute(insert(org), rows)
        _tell_orgs(connection, rows, now)


def enrol(connection: Connection, holders: Sequence[NewHolder], now: dt.datetime) -> None:
    """Open accounts for people and units at their homes. Raises PeopleError."""
    for new in holders:
        check_holder(new)
    accounts = [new.account for new in holders]
    refuse_repeats("account", accounts)
    _refuse_known("account", connection, holder.c.account, accounts)
    homes = _read_nodes(connection, [new.home for new in holders])
    for new in holders:
        _check_home(new, homes.get(new.home))
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
        }
        for new in holders
    ]
    if rows:
        connection.execute(insert(holder), rows)
        open_purses(connection, accounts)
        groups = _by_scope((str(row["scope"]), str(row["account"])) for row in rows)
        told = {
            (scope, Stream.HOLDERS): holder_rows(connection, group)
            for scope, group in groups.items()
        }
        append_many(connection, told, now)


def issue_cards(connection: Connection, cards: Sequence[NewCard], now: dt.datetime) -> None:
    """Give cards to account holders; they are active from now on. Raises PeopleError."""
    for new in cards:
        check_card(new)
    refuse_repeats("card", (new.id for new in cards))
    refuse_repeats("UID", (new.uid.lower() for new in cards))
    _refuse_known("card", connection, card.c.id, [new.id for new in cards])
    _refuse_known("UID", connection, card.c.uid, [new.uid.lower() for new in cards])
    scopes = _scopes_of(connection, [new.account for new in cards])
    rows = []
    for new in cards:
        if new.account not in scopes:
            raise PeopleError(
                f"card {new.id} is for account {new.account!r}, which is not there: enrol it first"
            )
        rows.append(
            {
                "id": new.id,
                "uid": new.uid.lower(),
                "account": new.account,
                "chip": new.chip,
                "key": None if new.key is None else new.key.lower(),
                "status": "active",
                "blocked_at": None,
            }
        )
    if rows:
        connection.execute(insert(card), rows)
        groups = _by_scope((scopes[new.account], new.id) for new in cards)
        told = {
            (scope, Stream.HOLDERS): card_rows(connection, group) for scope, group in groups.items()
        }
        append_many(connection, told, now)


def block_card(connection: Connection, card_id: str, now: dt.datetime) -> bool:
    """Put a card on the hot list of its holder's community; False where it is there already.
    `ingest.stopping.stop_card` also looks at the taps that are known.

    Raises PeopleError for a card that does not exist."""
    scope = connection.execute(
        select(holder.c.scope)
        .join(card, card.c.account == holder.c.account)
        .where(card.c.id == card_id)
    ).scalar()
    if scope is None:
        raise PeopleError(f"there is no card {card_id!r}: check the number printed on it")
    blocked = connection.execute(
        update(card)
        .where(card.c.id == card_id, card.c.status != "blocked")
        .values(status="blocked", blocked_at=now)
    ).rowcount
    if not blocked:
        return False
    _renew_hot_list(connection, scope, now)
    append(connection, scope, Stream.HOLDERS, card_rows(connection, [card_id]), now)
    return True


def _renew_hot_list(connection: Connection, scope: str, now: dt.datetime) -> None:
    """Versions follow the time, so that a ledger put back to an older state goes on above what
    terminals have seen of it: they take no older list."""
    query = select(hot_list.c.version).where(hot_list.c.scope == scope)
    before = connection.execute(query.with_for_update()).scalar() or 0
    minutes = int(now.timestamp()) // 60
    upsert(connection, hot_list, [{"scope": scope, "version": max(before + 1, minutes)}])


# --- placing ---------------------------------------------------------------------------------


def _placed(new: NewOrg, nodes: dict[str, _Node]) -> _Node:
    above = None if new.parent is None else nodes.get(new.parent)
    check_parent(new, None if above is None else above.level)
    path = new.id if above is None else f"{above.path} {new.id}"
    counted = "" if above is None else above.counted_in
    if new.level in COUNTED:
        counted = f"{counted} {new.id}".strip()
    scope = new.id if new.level == COMMUNITY else None if above is None else above.scope
    return _Node(new.level, scope, path, counted)


def _check_home(new: NewHolder, home: _Node | None) -> None:
    allowed = ("building", COMMUNITY) if new.kind == "unit" else ("building",)
    if home is None:
        raise PeopleError(
            f"account {new.account} lives at {new.home!r}, which is not in the tree: add it first"
        )
    if home.level not in allowed:
        raise PeopleError(
            f"account {new.account} ({new.kind.value}) cannot live at the {home.level} {new.home}:"
            f" give its {' or '.join(allowed)}"
        )


def _read_nodes(connection: Connection, ids: Iterable[str]) -> dict[str, _Node]:
    columns = (org.c.id, org.c.level, org.c.scope, org.c.path, org.c.counted_in)
    return {
        row.id: _Node(row.level, row.scope, row.path, row.counted_in)
        for chunk in in_chunks(ids)
        for row in connection.execute(select(*columns).where(org.c.id.in_(chunk)))
    }


# --- asking the tables -----------------------------------------------------------------------


def _refuse_known(
    what: str, connection: Connection, column: Column[str], values: Collection[str]
) -> None:
    for chunk in in_chunks(values):
        found = connection.execute(select(func.min(column)).where(column.in_(chunk))).scalar()
        if found is not None:
            raise PeopleError(
                f"{what} {found} is in the ledger already: give another, or leave it out"
            )


def _scopes_of(connection: Connection, accounts: Iterable[str]) -> dict[str, str]:
    columns = (holder.c.account, holder.c.scope)
    found: list[Row[Any]] = []
    for chunk in in_chunks(accounts):
        found += connection.execute(select(*columns).where(holder.c.account.in_(chunk)))
    return {row.account: row.scope for row in found}


# --- telling ---------------------------------------------------------------------------------


def _tell_orgs(connection: Connection, rows: Sequence[dict[str, Any]], now: dt.datetime) -> None:
    """A community is told of its nodes, a new one of those above it too; a street without
    communities has nobody to tell."""
    groups: dict[str, list[OrgRow]] = defaultdict(list)
    for row in rows:
        if row["level"] == COMMUNITY:
            above = row["path"].split()[:-1]
            groups[row["scope"]] += find_orgs(connection, org.c.id.in_(above))
    for row in rows:
        if row["scope"] is not None:
            groups[row["scope"]].append(
                OrgRow(id=row["id"], parent=row["parent"], level=row["level"], name=row["name"])
            )
    told = {(scope, Stream.CHANGES): group for scope, group in groups.items()}
    append_many(connection, told, now)


def _by_scope(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for scope, key in pairs:
        groups[scope].append(key)
    return groups
