"""The deeds on a notice as the sheet says them, and some lines at a time for pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, and_, select

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

FORGOTTEN = "应本人要求不再显示"
"""In place of a reason that was erased with the person."""


@dataclass(frozen=True, slots=True)
class Deeds:
    """Some lines of a notice, of `total` in all; and all that were `written` down by hand."""

    lines: Sequence[PostedDeed]
    total: int
    written: Sequence[DeskDeed]


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
    """The posted deeds of a notice by day, those apart that no card and no phone witnessed. Lines
    are of everybody without a kind; what was written down by hand always is."""
    rows = _posted(connection, scope, month)
    witnessed = [id_ for id_, of, _, entry in rows if not entry and kind in (None, of)]
    by_hand = [id_ for _, id_ in sorted((day, id_) for id_, _, day, entry in rows if entry)]
    page = witnessed[offset:][:most]
    said = _in_words(connection, [*page, *by_hand], standards)
    entries = signed_entries(connection, by_hand)
    return Deeds(
        [said[id_] for id_ in page],
        len(witnessed),
        [desk_deed(said[id_], entries[id_]) for id_ in by_hand],
    )


def _posted(
    connection: Connection, scope: str, month: str
) -> Sequence[Row[str, str, str, str | None]]:
    """Read once for lines, their number and what is apart: a month of a community is a few thousand
    deeds, and to look for each of them is what takes the time."""
    signed = and_(desk_entry.c.id == deed.c.id, desk_entry.c.outcome == SIGNED)
    query = (
        select(deed.c.id, holder.c.kind, deed.c.day, desk_entry.c.id.label("entry"))
        .select_from(notice_deed)
        .join(deed, deed.c.id == notice_deed.c.deed)
        .join(holder, holder.c.account == deed.c.account)
        .outerjoin(desk_entry, signed)
        .where(notice_deed.c.scope == scope, notice_deed.c.month == month, deed.c.state == POSTED)
        .order_by(deed.c.day, deed.c.item, deed.c.id)
    )
    return connection.execute(query).all()


def _in_words(
    connection: Connection, ids: Sequence[str], standards: Standards
) -> dict[str, PostedDeed]:
    known = read_deeds(connection, ids)
    holders = read_holders(connection, {of.account for of in known.values()})
    return {id_: posted_deed(known[id_], holders[known[id_].account], standards) for id_ in ids}
