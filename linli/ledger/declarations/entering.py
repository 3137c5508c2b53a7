"""手工录入: a clerk writes down at the desk what no card witnessed, and somebody else of the staff
signs it. Only then it is a deed, and the panel has still to decide it.

Entries invented by an insider are the attack seen in practice: so no entry without evidence, none
with one signature, none for oneself, and all of them apart on the public notice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from linli.ledger.declarations.asking import check_day, require_bearer, require_item
from linli.ledger.declarations.deriving import REFUSED, SIGNED, derive_written, written_as
from linli.ledger.declarations.evidence import keep_photos
from linli.ledger.declarations.photos import Photo
from linli.ledger.declarations.refusals import DeclarationError, Refusal
from linli.ledger.declarations.schema import desk_entry
from linli.ledger.declarations.words import form_id, plain_words
from linli.ledger.people.bearers import bearers
from linli.ledger.people.directory import Holder
from linli.ledger.people.holding import lock
from linli.ledger.review.weekly import complete
from linli.ledger.staff.accounts import Worker
from linli.ledger.standard.versions import Standards

BACK = dt.timedelta(days=92)
"""A quarter: paper lists come to the desk late."""
LONGEST_PAPER = 64


@dataclass(frozen=True, slots=True)
class Entered:
    """What a clerk enters: with photos, the number of a paper, or both. `token` is the form's."""

    account: str
    item: str
    day: dt.date
    reason: str
    token: str
    paper: str = ""
    photos: Sequence[Photo] = ()


def enter(
    connection: Connection, new: Entered, by: Worker, standards: Standards, now: dt.datetime
) -> str:
    """Write it down and return its id; it waits for the second signature. Raises
    DeclarationError."""
    id_ = form_id("by-hand", by.login, new.token)
    reason = plain_words(new.reason)
    paper = plain_words(new.paper, LONGEST_PAPER) if new.paper.strip() else ""
    lock(connection, [new.account])
    if _is_known(connection, id_, new, reason, paper):
        return id_
    if not paper and not new.photos:
        raise DeclarationError(
            Refusal.NO_EVIDENCE, "an entry needs a photo, or the number of a paper that proves it"
        )
    _check_hand(connection, require_bearer(connection, new.account), by)
    check_day(connection, new.account, new.day, BACK, now)
    require_item(standards, new.item, new.day)
    connection.execute(
        insert(desk_entry).values(
            id=id_,
            account=new.account,
            item=new.item,
            day=new.day.isoformat(),
            reason=reason,
            paper=paper,
            entered_by=by.login,
            entered_role=by.role.value,
            entered_account=by.account,
            entered_at=now,
            why="",
        )
    )
    keep_photos(connection, id_, new.photos, now)
    return id_


def sign(
    connection: Connection, id_: str, by: Worker, standards: Standards, now: dt.datetime
) -> bool:
    """The second signature: it is a deed, pending. False where the same person signed it already.
    Raises DeclarationError: for who entered it, and for an entry that was settled otherwise."""
    row = _hold(connection, id_)
    if (row.outcome, row.settled_by) == (SIGNED, by.login):
        return False
    _require_waiting(row)
    if _is_one_person(connection, row, by):
        raise DeclarationError(Refusal.SAME_PERSON, f"{by.name} entered it: somebody else signs it")
    _check_hand(connection, require_bearer(connection, row.account), by)
    require_item(standards, row.item, dt.date.fromisoformat(row.day))
    _settle(connection, id_, SIGNED, by, "", now)
    derive_written(connection, written_as(connection, id_), standards, now)
    return True


def refuse(connection: Connection, id_: str, by: Worker, why: str, now: dt.datetime) -> None:
    """It will be no deed; who entered it may take it back like this. Raises DeclarationError."""
    words = plain_words(why)
    _require_waiting(_hold(connection, id_))
    _settle(connection, id_, REFUSED, by, words, now)


def complete_entry(
    connection: Connection,
    id_: str,
    by: Worker,
    words: str,
    photos: Sequence[Photo],
    now: dt.datetime,
) -> None:
    """The panel returned it and who entered it adds what it lacked. Raises DeclarationError for
    anybody else; ReviewError for an entry that was not returned."""
    added = plain_words(words)
    row = _hold(connection, id_)
    if row.entered_by != by.login:
        raise DeclarationError(
            Refusal.UNKNOWN, f"{by.name} did not enter {id_}: who did completes it"
        )
    complete(connection, id_, added, now)
    keep_photos(connection, id_, photos, now)


def _hold(connection: Connection, id_: str) -> Row[Any]:
    """The entry; its account is locked, so two who sign it wait for each other."""
    query = select(desk_entry).where(desk_entry.c.id == id_)
    row = connection.execute(query).first()
    if row is None:
        raise DeclarationError(Refusal.UNKNOWN, f"there is no entry {id_}")
    lock(connection, [row.account])
    return connection.execute(query).one()


def _require_waiting(row: Row[Any]) -> None:
    if row.outcome is not None:
        raise DeclarationError(
            Refusal.SETTLED, f"entry {row.id} was signed or refused already: look at it again"
        )


def _is_one_person(connection: Connection, row: Row[Any], by: Worker) -> bool:
    if row.entered_by == by.login:
        return True
    if row.entered_account is None or by.account is None:
        return False
    ends = bearers(connection, [row.entered_account, by.account])
    return ends[row.entered_account] == ends[by.account]


def _check_hand(connection: Connection, of: Holder, by: Worker) -> None:
    if by.scope not in (None, of.scope):
        raise DeclarationError(
            Refusal.ELSEWHERE, f"account {of.account} is of {of.scope}: its own desk writes it down"
        )
    if by.account is None:
        return
    if bearers(connection, [by.account])[by.account] == of.bearer:
        raise DeclarationError(Refusal.OWN, "nobody writes down or signs a deed of their own")


def _settle(
    connection: Connection, id_: str, outcome: str, by: Worker, why: str, now: dt.datetime
) -> None:
    connection.execute(
        update(desk_entry)
        .where(desk_entry.c.id == id_)
        .values(
            outcome=outcome,
            settled_by=by.login,
            settled_role=by.role.value,
            settled_account=by.account,
            settled_at=now,
            why=why,
        )
    )


def _is_known(connection: Connection, id_: str, new: Entered, reason: str, paper: str) -> bool:
    """Raises DeclarationError where the form came before with something else in it."""
    row = connection.execute(select(desk_entry).where(desk_entry.c.id == id_)).first()
    if row is None:
        return False
    before = (row.account, row.item, row.day, row.reason, row.paper)
    if before != (new.account, new.item, new.day.isoformat(), reason, paper):
        raise DeclarationError(
            Refusal.OTHER_CONTENT, "this form was sent before with something else: open it anew"
        )
    return True
