"""积分申报: somebody declares from their phone what they did, with words and photos.

It becomes a pending deed at once, with the doubt that nobody saw it: the panel decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from linli.ledger.declarations.asking import check_day, require_bearer, require_item
from linli.ledger.declarations.deriving import DECLARABLE, derive_written, written_as
from linli.ledger.declarations.evidence import keep_photos
from linli.ledger.declarations.photos import Photo
from linli.ledger.declarations.refusals import DeclarationError, Refusal
from linli.ledger.declarations.schema import declaration
from linli.ledger.declarations.words import form_id, plain_words
from linli.ledger.journal.deed import PENDING
from linli.ledger.journal.schema import deed
from linli.ledger.people.bearers import taken_over
from linli.ledger.people.holding import lock
from linli.ledger.review.weekly import complete
from linli.ledger.standard.versions import Scored, Standards
from linli.sync.messages import Item

BACK = dt.timedelta(days=31)
"""Who was there still remembers, and can be asked."""
MOST_WAITING = 10
"""Undecided declarations of one person: nobody floods the panel."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What somebody declares. `token` is the form's: sent twice, it is declared once."""

    account: str
    item: str
    day: dt.date
    words: str
    token: str
    photos: Sequence[Photo] = ()


def declarable(standards: Standards, day: dt.date) -> list[Item]:
    """The items that people declare themselves, by the standard of that day, in its order."""
    doc = standards.in_force(day)
    classes = [] if doc is None else doc.classes
    return [item for class_ in classes for item in class_.items if item.record in DECLARABLE]


def declare(connection: Connection, new: Declared, standards: Standards, now: dt.datetime) -> str:
    """Write it down and return the id of its deed, which the panel has to decide. Raises
    DeclarationError."""
    id_ = form_id("declared", new.account, new.token)
    words = plain_words(new.words)
    lock(connection, [new.account])
    if _is_known(connection, id_, new, words):
        return id_
    require_bearer(connection, new.account)
    check_day(connection, new.account, new.day, BACK, now)
    _require_declarable(require_item(standards, new.item, new.day))
    _require_room(connection, new.account)
    connection.execute(
        insert(declaration).values(
            id=id_,
            account=new.account,
            item=new.item,
            day=new.day.isoformat(),
            words=words,
            made_at=now,
        )
    )
    keep_photos(connection, id_, new.photos, now)
    derive_written(connection, written_as(connection, id_), standards, now)
    return id_


def complete_declared(
    connection: Connection,
    account: str,
    id_: str,
    words: str,
    photos: Sequence[Photo],
    now: dt.datetime,
) -> None:
    """The panel returned it and its bearer adds what it lacked. Raises DeclarationError for a
    declaration of somebody else; ReviewError for one that was not returned."""
    added = plain_words(words)
    lock(connection, [account])
    theirs = [account, *taken_over(connection, [account])]
    query = select(declaration.c.id).where(
        declaration.c.id == id_, declaration.c.account.in_(theirs)
    )
    if connection.execute(query).scalar() is None:
        raise DeclarationError(Refusal.UNKNOWN, f"{account} declared nothing with the id {id_}")
    complete(connection, id_, added, now)
    keep_photos(connection, id_, photos, now)


def _is_known(connection: Connection, id_: str, new: Declared, words: str) -> bool:
    """Raises DeclarationError where the form came before with something else in it."""
    query = select(declaration).where(declaration.c.id == id_)
    row = connection.execute(query).first()
    if row is None:
        return False
    if (row.item, row.day, row.words) != (new.item, new.day.isoformat(), words):
        raise DeclarationError(
            Refusal.OTHER_CONTENT, "this form was sent before with something else: open it anew"
        )
    return True


def _require_declarable(scored: Scored) -> None:
    if scored.record not in DECLARABLE:
        raise DeclarationError(
            Refusal.BY_CARD, f"{scored.name} is not declared: tap the card where it is done"
        )


def _require_room(connection: Connection, account: str) -> None:
    theirs = [account, *taken_over(connection, [account])]
    query = (
        select(func.count())
        .select_from(declaration)
        .join(deed, deed.c.id == declaration.c.id)
        .where(declaration.c.account.in_(theirs), deed.c.state == PENDING)
    )
    if connection.execute(query).scalar_one() >= MOST_WAITING:
        raise DeclarationError(
            Refusal.TOO_MANY_WAITING,
            f"{MOST_WAITING} declarations of {account} wait for the panel: declare more afterwards",
        )
