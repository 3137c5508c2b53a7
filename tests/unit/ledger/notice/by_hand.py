"""A deed of the village as two of the staff would have written it down."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from linli.ledger.schema import deed, desk_entry, staff
from tests.unit.ledger.village import NOW


def write_down(connection: Connection, id_: str, reason: str) -> None:
    """As if 李芳 had entered this deed, and 王敏 signed it."""
    for login, name in (("li", "李芳"), ("wang", "王敏")):
        connection.execute(
            insert(staff).values(
                login=login,
                name=name,
                role="clerk",
                scope="village",
                password="",
                must_change=False,
                made_at=NOW,
            )
        )
    of = connection.execute(select(deed).where(deed.c.id == id_)).one()
    connection.execute(
        insert(desk_entry).values(
            id=id_,
            account=of.account,
            item=of.item,
            day=of.day,
            reason=reason,
            paper="签到表2026-17",
            entered_by="li",
            entered_role="clerk",
            entered_at=NOW,
            outcome="signed",
            settled_by="wang",
            settled_role="clerk",
            settled_at=NOW,
            why="",
        )
    )
