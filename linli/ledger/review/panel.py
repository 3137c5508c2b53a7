"""The review panel (考评监督小组): who sits on it, since when, and how many must agree."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, insert, select, update

from linli.ledger.database import upsert
from linli.ledger.people.directory import read_holders
from linli.ledger.review.opinions import Member
from linli.ledger.review.schema import panel, panel_member
from linli.sync.messages import Kind

LEADER, MEMBER = "leader", "member"
QUORUM = 3
"""Until a community chooses another."""


class PanelError(ValueError):
    """Somebody cannot be appointed or dismissed; the text says why. Nothing was changed."""


def set_quorum(connection: Connection, scope: str, quorum: int) -> None:
    """How many members must be of one opinion from now on. Raises PanelError."""
    if quorum < 1:
        raise PanelError(f"a quorum of {quorum} decides nothing: give 1 or more")
    upsert(connection, panel, [{"scope": scope, "quorum": quorum}])


def quorum_of(connection: Connection, scope: str) -> int:
    query = select(panel.c.quorum).where(panel.c.scope == scope)
    return connection.execute(query).scalar() or QUORUM


def appoint(
    connection: Connection, scope: str, account: str, role: str, stands_for: str, now: dt.datetime
) -> None:
    """Put a person of the community on its panel. Raises PanelError."""
    if role not in (LEADER, MEMBER):
        raise PanelError(f"{role!r} is no role on a panel: give leader or member")
    holder = read_holders(connection, [account]).get(account)
    if holder is None or holder.scope != scope or holder.kind is Kind.UNIT or holder.closed_at:
        raise PanelError(f"{account} is not a person of {scope}: members come from the community")
    sitting = members(connection, scope, now)
    if account in sitting:
        raise PanelError(f"{account} is on the panel of {scope} already: dismiss them first")
    if role == LEADER and any(member.role == LEADER for member in sitting.values()):
        raise PanelError(f"the panel of {scope} has a leader already: dismiss them first")
    if connection.execute(select(panel.c.scope).where(panel.c.scope == scope)).scalar() is None:
        connection.execute(insert(panel).values(scope=scope, quorum=QUORUM))
    connection.execute(
        insert(panel_member).values(
            scope=scope, account=account, since=now, role=role, stands_for=stands_for, until=None
        )
    )


def dismiss(connection: Connection, scope: str, account: str, now: dt.datetime) -> None:
    """They decide nothing from now on; what they decided stays. Raises PanelError."""
    ended = connection.execute(
        update(panel_member)
        .where(
            panel_member.c.scope == scope,
            panel_member.c.account == account,
            panel_member.c.until.is_(None),
        )
        .values(until=now)
    ).rowcount
    if not ended:
        raise PanelError(f"{account} is not on the panel of {scope}")


def seat_of(member: Member) -> str:
    """As what they sit there, for everybody's eyes."""
    return f"{member.stands_for}（组长）" if member.role == LEADER else member.stands_for


def members(connection: Connection, scope: str, at: dt.datetime) -> dict[str, Member]:
    """Who sat on the panel at a moment, by account."""
    query = (
        select(panel_member)
        .where(
            panel_member.c.scope == scope,
            panel_member.c.since <= at,
            panel_member.c.until.is_(None) | (panel_member.c.until > at),
        )
        .order_by(panel_member.c.role, panel_member.c.account)
    )
    return {
        row.account: Member(row.account, row.role, row.stands_for)
        for row in connection.execute(query)
    }
