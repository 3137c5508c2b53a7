"""Builds the rows of the wire from the tables, each as it stands in this transaction.

Every kind of row has a function that takes keys, for the feed, and a reader that takes a
condition, for snapshots. Keys that do not exist are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Column, ColumnElement, Connection, func, select

from linli.ledger.activities.reading import activity_row
from linli.ledger.activities.schema import activity
from linli.ledger.database import in_chunks
from linli.ledger.feed.known_rows import row_of_deed, rows_of_holders
from linli.ledger.feed.reasons import told_reason
from linli.ledger.ingest.schema import attendance
from linli.ledger.journal.accounts import EARNED, REDEEMABLE
from linli.ledger.journal.schema import account, deed, transfer
from linli.ledger.people.checks import HOUSEHOLD
from linli.ledger.people.directory import read_holders
from linli.ledger.people.homes import AT_HOME, building
from linli.ledger.people.masking import public_name
from linli.ledger.people.schema import card, holder, holder_pin, org
from linli.ledger.ranking.schema import standing
from linli.ledger.standard.versions import Standards, StandardShelf
from linli.sync.messages import (
    ActivityRow,
    AttendanceRow,
    CardRow,
    DeedRow,
    HolderRow,
    Kind,
    OrgRow,
    StandingRow,
)

Pair = tuple[str, str]

# --- by key, for the feed --------------------------------------------------------------------


def org_rows(connection: Connection, scope: str) -> list[OrgRow]:
    """The nodes of a community and those above it, parents first; households are not told of."""
    path = connection.execute(select(org.c.path).where(org.c.id == scope)).scalar()
    above = [] if path is None else path.split()[:-1]
    here = (org.c.scope == scope) & (org.c.level != HOUSEHOLD)
    return list(find_orgs(connection, here | org.c.id.in_(above)))


def activity_rows(connection: Connection, ids: Collection[str]) -> list[ActivityRow]:
    return [
        row
        for chunk in in_chunks(ids)
        for row in find_activities(connection, activity.c.id.in_(chunk))
    ]


def standing_rows(connection: Connection, keys: Collection[Pair]) -> list[StandingRow]:
    """Standings by (period, account)."""
    wanted = set(keys)
    return [
        row
        for where in _pairs(standing.c.period, standing.c.account, keys)
        for row in find_standings(connection, where)
        if (row.period, row.account) in wanted
    ]


def holder_rows(connection: Connection, accounts: Collection[str]) -> list[HolderRow]:
    holders = read_holders(connection, accounts)
    known = [holders[account] for account in dict.fromkeys(accounts) if account in holders]
    return rows_of_holders(connection, known)


def card_rows(connection: Connection, ids: Collection[str]) -> list[CardRow]:
    return [row for chunk in in_chunks(ids) for row in find_cards(connection, card.c.id.in_(chunk))]


# --- by condition, for snapshots -------------------------------------------------------------


def find_orgs(connection: Connection, where: ColumnElement[bool]) -> Iterator[OrgRow]:
    """Parents first."""
    for row in connection.execute(select(org).where(where).order_by(org.c.path)):
        yield OrgRow(id=row.id, parent=row.parent, level=row.level, name=row.name)


def find_activities(connection: Connection, where: ColumnElement[bool]) -> Iterator[ActivityRow]:
    query = select(activity).where(where).order_by(activity.c.starts_at, activity.c.id)
    return map(activity_row, connection.execute(query))


def find_standings(connection: Connection, where: ColumnElement[bool]) -> Iterator[StandingRow]:
    query = (
        select(
            standing,
            holder.c.name_masked,
            holder.c.alias,
            holder.c.public_consent,
            holder.c.under14,
            org.c.name.label("building_name"),
        )
        .join(holder, holder.c.account == standing.c.account)
        .join(org, org.c.id == standing.c.building)
        .where(where)
    )
    for row in connection.execute(query):
        kind = Kind(row.kind)
        yield StandingRow(
            account=row.account,
            kind=kind,
            name=public_name(
                row.name_masked,
                row.alias,
                kind,
                consent=row.public_consent,
                under14=row.under14,
            ),
            building=row.building,
            building_name=row.building_name,
            period=row.period,
            pending=row.pending,
            posted=row.posted,
            reached_at=row.reached_at,
        )


def find_holders(connection: Connection, where: ColumnElement[bool]) -> Iterator[HolderRow]:
    earned, redeemable = account.alias(), account.alias()
    query = (
        select(
            holder.c.account,
            holder.c.kind,
            holder.c.name_masked,
            building.c.id.label("building"),
            building.c.name.label("building_name"),
            func.coalesce(redeemable.c.posted, 0).label("redeemable"),
            func.coalesce(earned.c.posted, 0).label("earned"),
            func.coalesce(earned.c.pending, 0).label("pending"),
            holder.c.public_consent,
            holder.c.under14,
            holder_pin.c.account.label("has_pin"),
        )
        .select_from(AT_HOME)
        .outerjoin(holder_pin, holder_pin.c.account == holder.c.account)
        .outerjoin(earned, (earned.c.holder == holder.c.account) & (earned.c.purse == EARNED))
        .outerjoin(
            redeemable,
            (redeemable.c.holder == holder.c.account) & (redeemable.c.purse == REDEEMABLE),
        )
        .where(where)
    )
    for row in connection.execute(query):
        yield HolderRow(
            account=row.account,
            kind=Kind(row.kind),
            name=row.name_masked,
            building=row.building,
            building_name=row.building_name,
            redeemable=row.redeemable,
            earned=row.earned,
            pending=row.pending,
            consent=row.public_consent and not row.under14,
            under14=row.under14,
            pin=row.has_pin is not None,
        )


def find_cards(connection: Connection, where: ColumnElement[bool]) -> Iterator[CardRow]:
    """The condition may name columns of the card's holder too."""
    query = select(card).join(holder, holder.c.account == card.c.account).where(where)
    for row in connection.execute(query):
        yield CardRow(
            card=row.id,
            uid=row.uid,
            account=row.account,
            chip=row.chip,
            key=row.key,
            status=row.status,
            next_key=row.next_key,
        )


def find_attendance(connection: Connection, where: ColumnElement[bool]) -> Iterator[AttendanceRow]:
    """The condition may name columns of the activity and of the holder too."""
    query = (
        select(attendance)
        .join(activity, activity.c.id == attendance.c.activity)
        .join(holder, holder.c.account == attendance.c.account)
        .where(where)
        .order_by(attendance.c.activity, attendance.c.account)
    )
    for row in connection.execute(query):
        yield AttendanceRow(
            account=row.account, activity=row.activity, in_at=row.in_at, out_at=row.out_at
        )


def find_deed_rows(connection: Connection, where: ColumnElement[bool]) -> Iterator[DeedRow]:
    """Titled by their activity, or by their item where there is none. The condition may name
    columns of the deed's holder too."""
    query = (
        select(deed, activity.c.title, transfer.c.reason)
        .join(holder, holder.c.account == deed.c.account)
        .outerjoin(transfer, transfer.c.id == deed.c.transfer)
        .outerjoin(activity, activity.c.id == deed.c.activity)
        .where(where)
    )
    standards: Standards | None = None
    for row in connection.execute(query).all():
        title = row.title
        if title is None:
            standards = standards or StandardShelf().read(connection)
            title = standards.name_of(row.item, row.day)
        reason = told_reason(row.state, row.flags.split(), row.reason or "")
        yield row_of_deed(row, title, reason)


def by_attendance(pairs: Iterable[Pair]) -> Iterator[ColumnElement[bool]]:
    """Conditions that together find the attendance of (account, activity) pairs, and may find
    others too."""
    turned = [(activity_id, account_id) for account_id, activity_id in pairs]
    return _pairs(attendance.c.activity, attendance.c.account, turned)


def _pairs(
    few: Column[str], many: Column[str], pairs: Iterable[Pair]
) -> Iterator[ColumnElement[bool]]:
    """One condition for each value of `few` and chunk of `many`: SQLite answers a list of pairs,
    `(few, many) IN (VALUES …)`, by reading the whole table."""
    grouped: dict[str, list[str]] = {}
    for first, second in pairs:
        grouped.setdefault(first, []).append(second)
    for first, seconds in sorted(grouped.items()):
        for chunk in in_chunks(seconds):
            yield (few == first) & many.in_(chunk)
