"""The buildings and communities that a form offers."""

from __future__ import annotations

from sqlalchemy import Connection, select

from linli.ledger.people.checks import BUILDING
from linli.ledger.people.schema import org


def buildings_of(connection: Connection, scope: str) -> list[tuple[str, str]]:
    """Id and name, in the order in which people count: 2号楼 before 10号楼."""
    query = select(org.c.id, org.c.name).where(org.c.scope == scope, org.c.level == BUILDING)
    rows = [(row.id, row.name) for row in connection.execute(query)]
    return sorted(rows, key=lambda row: _counted(row[1]))


def communities(connection: Connection) -> list[tuple[str, str]]:
    """All of them, id and name: somebody may move to any."""
    query = select(org.c.id, org.c.name).where(org.c.level == "community").order_by(org.c.id)
    return [(row.id, row.name) for row in connection.execute(query)]


def _counted(name: str) -> tuple[int, str]:
    digits = "".join(c for c in name if c in "0123456789")
    return (int(digits[:9]) if digits else 0, name)
