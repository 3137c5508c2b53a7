"""Drafts of monthly adjustments: made, changed, thrown away, until one is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update

from linli.ledger.database import upsert
from linli.ledger.standard.applying import refuse_contradictions, require_current
from linli.ledger.standard.changes import Change, Field, Placed, of_item, written
from linli.ledger.standard.checks import LONGEST_REASON, check_change, checked_words
from linli.ledger.standard.faults import AdjustError, Fault
from linli.ledger.standard.schema import adjustment, adjustment_change
from linli.ledger.standard.sets import ChangeSet, read_set
from linli.ledger.standard.versions import StandardShelf, hold_versions
from linli.sync.messages import StandardDoc

TWO_MONTHS = dt.timedelta(days=62)


def draft(
    connection: Connection, month: str, effective_on: dt.date, by: str, now: dt.datetime
) -> str:
    """Begin a draft for a month; returns its id, such as 2026-12-1. Raises AdjustError."""
    _check_days(month, effective_on)
    hold_versions(connection)  # two drafts that are begun at once are two
    query = select(adjustment.c.id).where(adjustment.c.month == month)
    numbers = [int(id_.rsplit("-", 1)[1]) for id_ in connection.execute(query).scalars()]
    id_ = f"{month}-{max(numbers, default=0) + 1}"
    connection.execute(
        insert(adjustment).values(
            id=id_, month=month, effective_on=effective_on.isoformat(), made_by=by, made_at=now
        )
    )
    return id_


def set_day(connection: Connection, id_: str, effective_on: dt.date) -> None:
    """Let a draft take effect on another day. Raises AdjustError."""
    _check_days(hold_draft(connection, id_).month, effective_on)
    connection.execute(
        update(adjustment)
        .where(adjustment.c.id == id_)
        .values(effective_on=effective_on.isoformat())
    )


def put_change(connection: Connection, id_: str, change: Change, reason: str) -> None:
    """Take a change into a draft, in place of an earlier one of the same field. Raises
    AdjustError: also where its old value is not what the newest version says, and where it
    contradicts another of the draft. The transaction is to be given up then."""
    hold_draft(connection, id_)
    base = newest_version(connection)
    require_current(base, change)
    check_change(change, base)
    why = f"the reason for {change.code}"
    row = {
        "adjustment": id_,
        "code": change.code,
        "field": change.field.value,
        "old": written(change.old),
        "new": written(change.new),
        "reason": checked_words(why, reason, LONGEST_REASON, Fault.NO_REASON),
    }
    upsert(connection, adjustment_change, [row])
    refuse_contradictions(read_set(connection, id_).changes)


def put_item(
    connection: Connection, id_: str, shown: Placed, wanted: Placed, reason: str
) -> tuple[Change, ...]:
    """Let a draft change an item from what was `shown` to what is `wanted`, in place of all that
    it did to the item before. Returns the changes. Raises AdjustError."""
    changes = tuple(of_item(shown, wanted))
    _put_instead(connection, id_, shown.item.code, changes, reason)
    return changes


def withdraw_item(connection: Connection, id_: str, shown: Placed, reason: str) -> None:
    """Let a draft withdraw an item, in place of all that it did to it before. Raises
    AdjustError."""
    code = shown.item.code
    gone = Change(code, Field.WITHDRAWN, shown, None)
    _put_instead(connection, id_, code, (gone,), reason)


def drop_item(connection: Connection, id_: str, code: str) -> None:
    """Let a draft leave an item as it is. Raises AdjustError where it does so already."""
    hold_draft(connection, id_)
    here = (adjustment_change.c.adjustment == id_) & (adjustment_change.c.code == code)
    if not connection.execute(delete(adjustment_change).where(here)).rowcount:
        raise AdjustError(Fault.STALE, f"draft {id_} does not change {code}")


def _put_instead(
    connection: Connection, id_: str, code: str, changes: Sequence[Change], reason: str
) -> None:
    if any(change.code == code for change in hold_draft(connection, id_).changes):
        drop_item(connection, id_, code)
    elif not changes:
        raise AdjustError(Fault.NO_CHANGE, f"nothing of {code} is changed")
    for change in changes:
        put_change(connection, id_, change, reason)


def discard(connection: Connection, id_: str) -> None:
    """Throw a draft away. Raises AdjustError."""
    hold_draft(connection, id_)
    connection.execute(delete(adjustment_change).where(adjustment_change.c.adjustment == id_))
    connection.execute(delete(adjustment).where(adjustment.c.id == id_))


def hold_draft(connection: Connection, id_: str) -> ChangeSet:
    """The draft, which nobody else changes or publishes meanwhile. Raises AdjustError."""
    found = read_set(connection, id_, lock=True)
    if found.version is not None:
        raise AdjustError(
            Fault.PUBLISHED,
            f"{id_} is published as version {found.version} and stays as it is: make another draft",
        )
    return found


def newest_version(connection: Connection) -> StandardDoc:
    """The version that the next one changes. Raises AdjustError where there is none."""
    docs = StandardShelf().read(connection).docs
    if not docs:
        raise AdjustError(Fault.NO_STANDARD, "there is no standard yet: import one first")
    return docs[-1]


def _check_days(month: str, effective_on: dt.date) -> None:
    try:
        first = dt.date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise AdjustError(
            Fault.BAD_MONTH, f"{month!r} is no month: write it like 2026-12"
        ) from error
    if not first <= effective_on < first + TWO_MONTHS:
        raise AdjustError(
            Fault.BAD_MONTH,
            f"an adjustment of {month} takes effect in that month or the next, not on"
            f" {effective_on}",
        )
