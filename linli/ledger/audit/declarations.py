"""Checks of deeds that no card witnessed: each was written down, and by whom it must be."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection, exists, select

from linli.ledger.audit.difference import Difference
from linli.ledger.database import in_chunks
from linli.ledger.declarations.deriving import SIGNED, Written, wanted_deed, written_of
from linli.ledger.declarations.recorders import recorders
from linli.ledger.declarations.schema import declaration, desk_entry, evidence, photo
from linli.ledger.journal.deed import PENDING, Deed, find_deeds
from linli.ledger.journal.reconciling import Wanted
from linli.ledger.journal.schema import deed
from linli.ledger.people.bearers import bearers
from linli.ledger.people.directory import read_holders
from linli.ledger.people.schema import holder
from linli.ledger.review.risk import Doubt
from linli.ledger.review.schema import opinion
from linli.ledger.standard.versions import Standards

HOW = frozenset({Doubt.DECLARED.value, Doubt.BY_HAND.value})


def written_deeds(connection: Connection, standards: Standards) -> Iterator[Difference]:
    """Each declaration and each signed entry has its deed, of the worth that the standard gives,
    and each deed without an activity has its declaration or entry."""
    accounts = connection.execute(select(holder.c.account).order_by(holder.c.account)).scalars()
    for chunk in in_chunks(accounts.all()):
        holders = read_holders(connection, chunk)
        deeds = {
            found.id: found
            for found in find_deeds(connection, deed.c.account.in_(chunk))
            if found.activity is None or HOW & set(found.flags)
        }
        for one in written_of(connection, chunk):
            wanted = wanted_deed(one, standards, holders[one.account].deeds_until)
            yield from _compared(one, deeds.pop(one.id, None), wanted)
        for id_ in sorted(deeds):
            yield Difference(f"deed {id_}", "a deed", "none: nobody wrote it down")


def entries_have_two_hands(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Nobody signed what they entered, or what is their own, or decided on it afterwards."""
    query = select(desk_entry).where(desk_entry.c.outcome == SIGNED).order_by(desk_entry.c.id)
    rows = connection.execute(query).all()
    hands = recorders(connection, [row.id for row in rows])
    ends = bearers(connection, {row.account for row in rows})
    for row in rows:
        if row.settled_by in (None, row.entered_by):
            yield Difference(f"entry {row.id}, signed by", row.settled_by, "another person")
        if ends[row.account] in hands[row.id]:
            yield Difference(f"entry {row.id}, written down by", "its bearer", "somebody else")
    for chunk in in_chunks(hands):
        said = select(opinion.c.deed, opinion.c.member).where(opinion.c.deed.in_(chunk))
        for deed_id, member in connection.execute(said.order_by(opinion.c.deed)):
            if member in hands[deed_id]:
                yield Difference(
                    f"opinion on {deed_id}", f"by {member}", "none of who wrote it down"
                )


def photos_speak_for_deeds(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Each photo is the bytes that were kept, and speaks for something that was written down."""
    for row in connection.execute(select(photo).order_by(photo.c.id)):
        digest = hashlib.sha256(row.jpeg).hexdigest()
        if digest != row.id:
            yield Difference(f"photo {row.id}, digest", row.id, digest)
    alone = select(photo.c.id).where(~exists().where(evidence.c.photo == photo.c.id))
    for id_ in connection.execute(alone.order_by(photo.c.id)).scalars():
        yield Difference(f"photo {id_}", "a photo", "none: it speaks for nothing")
    of_nothing = select(evidence.c.deed).where(
        ~exists().where(declaration.c.id == evidence.c.deed),
        ~exists().where(desk_entry.c.id == evidence.c.deed),
    )
    for id_ in connection.execute(of_nothing.order_by(evidence.c.deed)).scalars():
        yield Difference(f"evidence of {id_}", "a photo", "none: nobody wrote it down")


def _compared(of: Written, kept: Deed | None, wanted: Wanted | None) -> Iterator[Difference]:
    """What a review decided stays as it decided, but is still of the item and day written down."""
    where = f"deed {of.id}"
    if kept is None:
        if wanted is not None:
            yield Difference(where, "no such deed", _worth(wanted))
    elif kept.decided:
        said = (of.item, of.day.isoformat())
        if (kept.item, kept.day) != said:
            yield Difference(f"{where}, item and day", (kept.item, kept.day), said)
    elif wanted is None:
        if kept.state == PENDING:
            yield Difference(where, "a pending deed", "none: what was written down makes none")
    elif kept.state != PENDING or _worth(kept) != _worth(wanted):
        yield Difference(where, (kept.state, *_worth(kept)), (PENDING, *_worth(wanted)))


def _worth(of: Deed | Wanted) -> tuple[str | int | None, ...]:
    who_and_when = (of.account, of.activity, of.done_at.astimezone(dt.UTC).isoformat(), of.day)
    return (*who_and_when, of.item, of.points, of.standard_version, " ".join(of.flags))
