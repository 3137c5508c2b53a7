"""Bringing the deeds that are kept to what the events say.

| what is kept             | what the events say      | what happens                              |
|--------------------------|--------------------------|-------------------------------------------|
| nothing                  | a deed                   | deed and pending transfer                 |
| pending                  | the same worth           | day and flags brought up to date          |
| pending                  | another worth            | transfer voided, a new one made           |
| pending                  | no deed                  | transfer voided, deed withdrawn           |
| withdrawn                | a deed                   | pending again, a new transfer             |
| posted or voided         | whatever                 | stays as the review left it               |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from linli.ledger.database import Lines, insert_rows, update_rows
from linli.ledger.journal.accounts import apply_moves, earned, issuance, open_system
from linli.ledger.journal.deed import (
    PENDING,
    VOIDED,
    WITHDRAWN,
    Deed,
    keep_deeds,
    read_deeds,
)
from linli.ledger.journal.limits import turned_marks
from linli.ledger.journal.schema import transfer
from linli.ledger.standard.versions import Standards


class Wanted(Struct, frozen=True, gc=False):
    """A deed as the events and the standard in force on its day say it should be. Without an
    activity it is one that somebody wrote down."""

    id: str
    account: str
    activity: str | None
    item: str
    class_code: str
    done_at: dt.datetime
    day: str
    points: int
    standard_version: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Deeds that changed: as they were, where they existed, and as they are now. `same` are those
    that were looked at and did not change."""

    before: dict[str, Deed]
    after: dict[str, Deed]
    same: dict[str, Deed] = field(default_factory=dict)

    def now(self, id_: str) -> Deed | None:
        """The deed as it is, among those that were looked at."""
        return self.after.get(id_) or self.same.get(id_)


def reconcile(
    connection: Connection,
    wanted: Mapping[str, Wanted | None],
    standards: Standards,
    now: dt.datetime,
) -> Reconciled:
    """Bring the deeds with these ids, and those that share a limit with them, to what is wanted;
    None wants no such deed. Transfers and balances follow."""
    known = read_deeds(connection, wanted.keys())
    after: dict[str, Deed] = {}
    for id_, want in wanted.items():
        changed = _changed(known.get(id_), want)
        if changed is not None:
            after[id_] = changed
    before = {id_: known[id_] for id_ in after if id_ in known}
    gone = [d for id_, d in before.items() if _leaves(d, after[id_])]
    fresh = [d for id_, d in after.items() if _is_new_transfer(known.get(id_), d)]
    for old, marked in turned_marks(connection, [*before.values(), *after.values()], standards):
        if old.id not in after:
            before[old.id] = old
        after[marked.id] = marked
    _void(connection, gone, now)
    _pay(connection, fresh, now)
    keep_deeds(connection, after.values(), before)
    apply_moves(
        connection,
        [d.move() for d in after.values()] + [d.move().undone() for d in before.values()],
    )
    same = {id_: kept for id_, kept in known.items() if id_ not in after}
    return Reconciled(before, after, same)


def _changed(known: Deed | None, want: Wanted | None) -> Deed | None:
    """The deed to keep, or None where nothing changes."""
    if known is None:
        return None if want is None else _fresh(want, f"{want.id}#1")
    if known.decided:
        return None
    if want is None:
        if known.state == VOIDED:
            return None
        flags = tuple(sorted({*known.flags, WITHDRAWN}))
        return replace(known, state=VOIDED, surplus=False, flags=flags)
    same_worth = (known.points, known.item, known.standard_version) == (
        want.points,
        want.item,
        want.standard_version,
    )
    if known.state == PENDING and same_worth:
        new = replace(known, done_at=want.done_at, day=want.day, flags=want.flags)
        return None if new == known else new
    return _fresh(want, _following(known.transfer))


def _fresh(want: Wanted, transfer_id: str) -> Deed:
    what = (want.item, want.done_at, want.day, want.points, want.standard_version)
    state, surplus = PENDING, False
    return Deed(
        *(want.id, want.account, want.activity, *what, state, surplus, want.flags, transfer_id),
        debit=issuance(want.class_code),
    )


def _following(transfer_id: str) -> str:
    deed_id, _, number = transfer_id.rpartition("#")
    return f"{deed_id}#{int(number) + 1}"


def _leaves(old: Deed, new: Deed) -> bool:
    """Whether the change takes the old transfer back."""
    return old.state == PENDING and (new.transfer != old.transfer or new.state == VOIDED)


def _is_new_transfer(old: Deed | None, new: Deed) -> bool:
    return old is None or new.transfer != old.transfer


def _void(connection: Connection, deeds: Sequence[Deed], now: dt.datetime) -> None:
    gone = {"state": VOIDED, "decided_at": now, "reason": "the events say otherwise now"}
    update_rows(connection, transfer, [{"id": d.transfer} | gone for d in deeds])


def _pay(connection: Connection, deeds: Sequence[Deed], now: dt.datetime) -> None:
    open_system(connection, {d.debit for d in deeds})
    names = ("id", "debit", "credit", "points", "deed", "item", "standard_version")
    same = {"state": PENDING, "made_at": now, "decided_at": None, "reason": ""}
    rows = [
        (
            *(d.transfer, d.debit, earned(d.account), d.points, d.id, d.item, d.standard_version),
            *same.values(),
        )
        for d in deeds
    ]
    insert_rows(connection, transfer, Lines((*names, *same), rows))
