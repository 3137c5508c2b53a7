"""The deeds on a notice as the sheet says them, and some lines at a time for pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from linli.ledger.declarations.deriving import SIGNED
from linli.ledger.declarations.reading import Signed, signed_entries
from linli.ledger.declarations.schema import desk_entry
from linli.ledger.documents.model import DeskDeed, PostedDeed
from linli.ledger.journal.deed import POSTED, Deed, read_deeds
from linli.ledger.journal.schema import deed
from linli.ledger.notice.schema import notice_deed
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.people.masking import masked
from linli.ledger.people.schema import holder
from linli.ledger.standard.versions import Standards
from linli.sync.messages import Kind

BY_HAND = deed.c.id.in_(select(desk_entry.c.id).where(desk_entry.c.outcome == SIGNED))
FORGOTTEN = "应本人要求不再显示"
"""In place of a reason that was erased with the person."""


@dataclass(frozen=True, slots=True)
class Deeds:
    """Some lines of a notice, of `total` in all."""

    lines: Sequence[PostedDeed]
    total: int


def posted_deed(of: Deed, bearer: Holder, standards: Standards) -> PostedDeed:
    """In everybody's words."""
    day = dt.date.fromisoformat(of.day)
    return PostedDeed(bearer.public_name, standards.name_of(of.item, day), day, of.points)


def desk_deed(of: PostedDeed, entry: Signed) -> DeskDeed:
    """With who wrote it down, who signed it, and why."""
    by = f"{masked(entry.entered_by)}（{masked(entry.signed_by)}复核）"
    return DeskDeed(of.name, of.item, of.day, of.points, by, entry.reason or FORGOTTEN)


def deeds_shown(
    connection: Connection,
    scope: str,
    month: str,
    standards: Standards,
    kind: Kind | None,
    offset: int,
    most: int | None,
) -> Deeds:
    """The posted deeds of a notice by day, those written down by hand left out. Of everybody
    without a kind."""
    where = ~BY_HAND if kind is None else ~BY_HAND & (holder.c.kind == kind.value)
    query = _shown(scope, month, where)
    total = connection.execute(query.with_only_columns(func.count())).scalar_one()
    order = (deed.c.day, deed.c.item, deed.c.id)
    ids = connection.execute(query.order_by(*order).limit(most).offset(offset)).scalars().all()
    return Deeds(list(_in_words(connection, ids, standards).values()), int(total))


def desk_deeds(
    connection: Connection, scope: str, month: str, standards: Standards
) -> list[DeskDeed]:
    """The posted deeds of a notice that no card and no phone witnessed, by day."""
    query = _shown(scope, month, BY_HAND).order_by(deed.c.day, deed.c.id)
    ids = connection.execute(query).scalars().all()
    entries = signed_entries(connection, ids)
    said = _in_words(connection, ids, standards)
    return [desk_deed(said[id_], entries[id_]) for id_ in ids]


def _shown(scope: str, month: str, where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(deed.c.id)
        .select_from(notice_deed)
        .join(deed, deed.c.id == notice_deed.c.deed)
        .join(holder, holder.c.account == deed.c.account)
        .where(notice_deed.c.scope == scope, notice_deed.c.month == month, where)
        .where(deed.c.state == POSTED)
    )


def _in_words(
    connection: Connection, ids: Sequence[str], standards: Standards
) -> dict[str, PostedDeed]:
    known = read_deeds(connection, ids)
    holders = read_holders(connection, {of.account for of in known.values()})
    return {id_: posted_deed(known[id_], holders[known[id_].account], standards) for id_ in ids}
