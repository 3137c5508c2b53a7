"""Reads all rows that speak of one deed, for its steps."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Connection, Row, select

from linli.ledger.declarations.schema import declaration, desk_entry
from linli.ledger.declarations.steps import History, Objected, Round, Step, first_steps
from linli.ledger.journal.deed import CORRECTED, Deed, read_deeds
from linli.ledger.journal.schema import transfer
from linli.ledger.notice.schema import notice, notice_deed, objection
from linli.ledger.review.opinions import Choice, latest
from linli.ledger.review.panel import members, seat_of
from linli.ledger.review.schema import case_opened, opinion, verdict


def read_history(connection: Connection, deed_id: str) -> History | None:
    """None where there is no such deed: an entry at a desk is one once it is signed."""
    of = read_deeds(connection, [deed_id]).get(deed_id)
    if of is None:
        return None
    paid = connection.execute(select(transfer).where(transfer.c.id == of.transfer)).one()
    shown = _shown(connection, deed_id)
    objections = _objections(connection, deed_id)
    back_at, back_for = _taken_back(connection, of, objections)
    return History(
        began=_began(connection, of),
        state=of.state,
        flags=of.flags,
        decided_at=paid.decided_at,
        reason=paid.reason,
        rounds=_rounds(connection, deed_id),
        shown_at=None if shown is None else shown.frozen_at,
        objections=objections,
        sealed_at=shown.sealed_at if shown is not None and shown.sealed else None,
        taken_back_at=back_at,
        taken_back_for=back_for,
    )


def _began(connection: Connection, of: Deed) -> tuple[Step, ...]:
    declared = select(declaration.c.made_at).where(declaration.c.id == of.id)
    entered = select(desk_entry.c.entered_at, desk_entry.c.settled_at).where(
        desk_entry.c.id == of.id
    )
    made_at = connection.execute(declared).scalar()
    if made_at is not None:
        return first_steps(of.flags, made_at, None)
    row = connection.execute(entered).first()
    if row is not None:
        return first_steps(of.flags, row.entered_at, row.settled_at)
    return first_steps(of.flags, of.done_at, None)


def _rounds(connection: Connection, deed_id: str) -> tuple[Round, ...]:
    opened = {
        row.round: row
        for row in connection.execute(select(case_opened).where(case_opened.c.deed == deed_id))
    }
    decided = {
        row.round: row
        for row in connection.execute(select(verdict).where(verdict.c.deed == deed_id))
    }
    return tuple(
        _round(connection, opened.get(number), decided.get(number))
        for number in sorted(opened.keys() | decided.keys())
    )


def _round(connection: Connection, opened: Row[Any] | None, said: Row[Any] | None) -> Round:
    return Round(
        opened_at=None if opened is None else opened.at,
        opened_by="" if opened is None else opened.role,
        choice=None if said is None else Choice(said.choice),
        at=None if said is None else said.at,
        reason="" if said is None else said.reason,
        roles=() if said is None else _roles(connection, said),
        completed_at=None if said is None else said.completed_at,
        completion="" if said is None else said.completion or "",
    )


def _roles(connection: Connection, said: Row[Any]) -> tuple[str, ...]:
    """The seats of those who sat there then and were of the panel's opinion."""
    query = select(opinion).where(opinion.c.deed == said.deed, opinion.c.round == said.round)
    turns = [(r.member, r.turn, Choice(r.choice)) for r in connection.execute(query)]
    agreed = {who for who, choice in latest(turns).items() if choice == said.choice}
    sitting = members(connection, said.scope, said.at)
    return tuple(sorted(seat_of(seat) for who, seat in sitting.items() if who in agreed))


def _shown(connection: Connection, deed_id: str) -> Any:
    query = (
        select(notice.c.frozen_at, notice.c.sealed_at, notice_deed.c.sealed)
        .join(
            notice,
            (notice.c.scope == notice_deed.c.scope) & (notice.c.month == notice_deed.c.month),
        )
        .where(notice_deed.c.deed == deed_id)
    )
    return connection.execute(query).first()


def _objections(connection: Connection, deed_id: str) -> tuple[Objected, ...]:
    query = select(objection).where(objection.c.deed == deed_id)
    return tuple(
        Objected(row.made_at, row.answered_at, bool(row.upheld), row.answer or "")
        for row in connection.execute(query.order_by(objection.c.made_at, objection.c.id))
    )


def _taken_back(
    connection: Connection, of: Deed, objections: tuple[Objected, ...]
) -> tuple[dt.datetime | None, str]:
    """When and why: by the objection that was upheld, or by the transfer that took it back."""
    if CORRECTED not in of.flags:
        return None, ""
    for one in objections:
        if one.upheld:
            return one.answered_at, one.answer
    query = select(transfer.c.made_at, transfer.c.reason).where(
        transfer.c.deed == of.id, transfer.c.credit == of.debit
    )
    row = connection.execute(query.order_by(transfer.c.made_at)).first()
    return (None, "") if row is None else (row.made_at, row.reason)
