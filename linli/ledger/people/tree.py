"""The org tree: street, community, building, household. All nodes of a call are taken or none."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from linli.ledger.database import in_chunks
from linli.ledger.feed.rows import find_orgs
from linli.ledger.feed.writer import append_many
from linli.ledger.people.checks import (
    COMMUNITY,
    COUNTED,
    HOUSEHOLD,
    LEVELS,
    NewOrg,
    check_org,
    check_parent,
    refuse_repeats,
)
from linli.ledger.people.known import refuse_known
from linli.ledger.people.schema import org
from linli.sync.messages import OrgRow, Stream


@dataclass(frozen=True, slots=True)
class Node:
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
    refuse_known("org node", connection, org.c.id, [new.id for new in orgs])
    nodes = read_nodes(connection, [new.parent for new in orgs if new.parent is not None])
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


def read_nodes(connection: Connection, ids: Iterable[str]) -> dict[str, Node]:
    """Those of `ids` that are in the tree."""
    columns = (org.c.id, org.c.level, org.c.scope, org.c.path, org.c.counted_in)
    return {
        row.id: Node(row.level, row.scope, row.path, row.counted_in)
        for chunk in in_chunks(ids)
        for row in connection.execute(select(*columns).where(org.c.id.in_(chunk)))
    }


def _placed(new: NewOrg, nodes: dict[str, Node]) -> Node:
    above = None if new.parent is None else nodes.get(new.parent)
    check_parent(new, None if above is None else above.level)
    path = new.id if above is None else f"{above.path} {new.id}"
    counted = "" if above is None else above.counted_in
    if new.level in COUNTED:
        counted = f"{counted} {new.id}".strip()
    scope = new.id if new.level == COMMUNITY else None if above is None else above.scope
    return Node(new.level, scope, path, counted)


def _tell_orgs(connection: Connection, rows: Sequence[dict[str, Any]], now: dt.datetime) -> None:
    """A community is told of its nodes, a new one of those above it too; a street without
    communities has nobody to tell. Nobody is told of households: a family's door is not public."""
    groups: dict[str, list[OrgRow]] = defaultdict(list)
    for row in rows:
        if row["level"] == COMMUNITY:
            above = row["path"].split()[:-1]
            groups[row["scope"]] += find_orgs(connection, org.c.id.in_(above))
    for row in rows:
        if row["scope"] is not None and row["level"] != HOUSEHOLD:
            groups[row["scope"]].append(
                OrgRow(id=row["id"], parent=row["parent"], level=row["level"], name=row["name"])
            )
    told = {(scope, Stream.CHANGES): group for scope, group in groups.items()}
    append_many(connection, told, now)
