"""Objections to what is on a notice: anybody of the community may object, each is answered."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import Connection, func, insert, select, update

from linli.ledger.declarations.recorders import recorders
from linli.ledger.feed.following import follow
from linli.ledger.journal.correcting import correct
from linli.ledger.journal.deed import POSTED, read_deeds
from linli.ledger.notice.answers import upheld as named
from linli.ledger.notice.debts import owe
from linli.ledger.notice.publishing import read_notice
from linli.ledger.notice.schema import notice_deed, objection
from linli.ledger.people.bearers import bearers
from linli.ledger.people.directory import read_holders
from linli.ledger.review.opinions import Interest, may_decide
from linli.ledger.review.panel import members
from linli.ledger.standard.versions import Standards

LONGEST = 500


class Way(StrEnum):
    """How somebody objected: at the terminal, on the phone, or to a clerk."""

    CARD = "card"
    PHONE = "phone"
    DESK = "desk"


class ObjectionError(ValueError):
    """An objection cannot be taken or answered; the text says why. Nothing was changed."""


def object_to(
    connection: Connection, deed_id: str, by: str, way: Way, words: str, now: dt.datetime
) -> str:
    """Take an objection to a deed on a notice that hangs; returns its id. The same person's
    objection to the same deed, while it waits, is the same one. Raises ObjectionError."""
    words = words.strip()
    if not 0 < len(words) <= LONGEST:
        raise ObjectionError(f"say in 1 to {LONGEST} characters what is wrong")
    shown = connection.execute(select(notice_deed).where(notice_deed.c.deed == deed_id)).first()
    hanging = (
        None if shown is None else read_notice(connection, shown.scope, shown.month, lock=True)
    )
    if hanging is None or hanging.sealed_at is not None or now >= hanging.until:
        raise ObjectionError(f"deed {deed_id} is on no notice that hangs now")
    objector = read_holders(connection, [by]).get(by)
    if objector is None or objector.scope != hanging.scope:
        raise ObjectionError(f"{by} is not of {hanging.scope}: its own people object")
    before = select(objection).where(objection.c.deed == deed_id, objection.c.account == by)
    for row in connection.execute(before):
        if row.answered_at is None:
            return str(row.id)
    count = select(func.count()).select_from(objection).where(objection.c.deed == deed_id)
    id_ = f"{deed_id}!{connection.execute(count).scalar_one() + 1}"
    connection.execute(
        insert(objection).values(
            id=id_, deed=deed_id, account=by, way=way.value, words=words, made_at=now
        )
    )
    return id_


def answer(
    connection: Connection,
    id_: str,
    by: str,
    words: str,
    standards: Standards,
    now: dt.datetime,
    *,
    upheld: bool,
) -> None:
    """A panel member answers; an upheld objection takes the deed back. Raises ObjectionError:
    also for a member who did the deed, wrote it down or objected to it themselves."""
    row = connection.execute(
        select(objection, notice_deed.c.scope, notice_deed.c.sealed)
        .join(notice_deed, notice_deed.c.deed == objection.c.deed)
        .where(objection.c.id == id_)
        .with_for_update()
    ).first()
    if row is None:
        raise ObjectionError(f"there is no objection {id_}")
    if row.answered_at is not None:
        raise ObjectionError(f"objection {id_} is answered already")
    if by not in members(connection, row.scope, now):
        raise ObjectionError(f"{by} is not on the panel of {row.scope}")
    known = read_deeds(connection, [row.deed])[row.deed]
    bearer = bearers(connection, [known.account])[known.account]
    hands = recorders(connection, [known.id]).get(known.id, frozenset())
    if may_decide(by, Interest(bearer, hands | {row.account})):
        raise ObjectionError(
            f"{by} did the deed, wrote it down or objected to it: another member answers"
        )
    if not 0 < len(words.strip()) <= LONGEST:
        raise ObjectionError(f"answer in 1 to {LONGEST} characters: the one who objected is told")
    connection.execute(
        update(objection)
        .where(objection.c.id == id_)
        .values(upheld=upheld, answer=words.strip(), answered_by=by, answered_at=now)
    )
    if upheld and known.state == POSTED:
        take_back(connection, known.id, named(id_), standards, now, sealed=row.sealed)


def take_back(
    connection: Connection,
    deed_id: str,
    reason: str,
    standards: Standards,
    now: dt.datetime,
    *,
    sealed: bool,
) -> None:
    """Correct a posted deed, with all that follows. Raises DecisionError."""
    done = correct(connection, deed_id, reason, standards, now, sealed=sealed)
    owe(connection, done.deeds.after[deed_id], done.owed)
    query = select(notice_deed.c.scope, notice_deed.c.month).where(notice_deed.c.deed == deed_id)
    shown = [(row.scope, row.month) for row in connection.execute(query)]
    follow(connection, done.deeds, now, shown)
