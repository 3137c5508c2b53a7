"""Publishing an adjustment: it becomes the next version of the standard, once and for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Connection, update

from linli.ledger.ingest.rescoring import adopt
from linli.ledger.standard.applying import apply
from linli.ledger.standard.checks import check_items
from linli.ledger.standard.codes import misused
from linli.ledger.standard.drafting import hold_draft, newest_version
from linli.ledger.standard.faults import AdjustError, Fault
from linli.ledger.standard.schema import adjustment
from linli.ledger.standard.sets import ChangeSet
from linli.ledger.standard.versions import Standards, StandardShelf, hold_versions
from linli.sync.messages import StandardDoc
from linli.sync.periods import business_day


def publish(connection: Connection, id_: str, seen: str, by: str, now: dt.datetime) -> StandardDoc:
    """Make a draft the next version: deeds done from its effective day on are scored by it.
    `seen` is the mark of the set that `by` was shown. Raises AdjustError; nothing is published
    then."""
    found = hold_draft(connection, id_)
    if found.seen != seen:
        raise AdjustError(Fault.STALE, f"draft {id_} has changed since it was shown: look again")
    hold_versions(connection)
    based_on = newest_version(connection)
    doc = next_version(connection, found, business_day(now))
    adopt(connection, doc, now)
    connection.execute(
        update(adjustment)
        .where(adjustment.c.id == id_)
        .values(based_on=based_on.version, version=doc.version, published_by=by, published_at=now)
    )
    return doc


def next_version(connection: Connection, of: ChangeSet, today: dt.date) -> StandardDoc:
    """The version that publishing a draft today would make. Raises AdjustError for what keeps it
    from being published."""
    docs = StandardShelf().read(connection).docs
    base = newest_version(connection)
    if not of.entries:
        raise AdjustError(Fault.EMPTY, f"draft {of.id} changes nothing yet")
    if of.effective_on < today:
        raise AdjustError(
            Fault.PAST, f"draft {of.id} would take effect on {of.effective_on}, which is over"
        )
    if of.effective_on <= base.effective_from:
        raise AdjustError(
            Fault.TOO_EARLY,
            f"draft {of.id} would take effect on {of.effective_on}, but version {base.version}"
            f" does on {base.effective_from}: choose a later day",
        )
    doc = apply(base, of.changes, _name(of.month, [d.version for d in docs]), of.effective_on)
    check_items(doc)
    for wrong in misused(Standards((*docs, doc)).docs):
        raise AdjustError(Fault.CODE_TAKEN, wrong)
    return doc


def _name(month: str, taken: Collection[str]) -> str:
    """A version is called by its month; the second of a month gets a number."""
    number = 2
    name = month
    while name in taken:
        name, number = f"{month}-{number}", number + 1
    return name
