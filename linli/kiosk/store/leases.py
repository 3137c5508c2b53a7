"""Leases that this terminal asked for: what it still has of each, with what it told the ledger.

Only what the terminal knows by itself counts: the feed says that a lease was granted, but what was
spent of it since is in this table before the ledger hears of it. A lease that is not in it (of a
database that was lost) is never spent from; staff retire the terminal that held it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from linli.kiosk.redeeming.way import LeaseLeft
from linli.kiosk.store.moments import as_moment, as_text
from linli.kiosk.store.saving import Saving, Writing
from linli.kiosk.store.schema import held_lease
from linli.sync.messages import LeaseRequest, LeaseReturn, LeaseRow, LeaseSpend, LeaseState
from linli.sync.rules import lease_id


class Holding(StrEnum):
    """`returned` is over by this terminal's word, `ended` without it."""

    ASKED = "asked"
    REFUSED = "refused"
    HELD = "held"
    RECALLED = "recalled"
    RETURNED = "returned"
    ENDED = "ended"


HERE = (Holding.HELD, Holding.RECALLED)
"""While it is here its points are this terminal's to spend or to give back."""


@dataclass(frozen=True)
class HeldLease:
    """`account` is who has the points, `asked_of` who they were asked of."""

    id: str
    account: str
    card: str
    request: str
    state: Holding
    granted: int
    reserved: int
    spent: int
    returned: int
    asked_at: dt.datetime
    used_at: dt.datetime

    @property
    def left(self) -> int:
        """What may still be promised to somebody. 0 for one that is not here."""
        if self.state not in HERE:
            return 0
        return self.granted - self.reserved - self.spent - self.returned

    @property
    def asked_of(self) -> str:
        return self.id.removesuffix(f".{self.request}")

    def as_left(self) -> LeaseLeft:
        recalled = self.state is Holding.RECALLED
        return LeaseLeft(self.id, self.left, busy=self.reserved > 0, recalled=recalled)


class LeaseGoneError(ValueError):
    """A lease holds less than is to be spent of it, or is not here any more. Nothing was changed:
    decide anew."""


_OF = select(held_lease).where(held_lease.c.account == bindparam("account"))
_ALL = select(held_lease).order_by(held_lease.c.id)
_NOT_OVER = _ALL.where(held_lease.c.state.not_in([Holding.RETURNED, Holding.ENDED]))
_OPEN = _ALL.where(held_lease.c.state.in_([Holding.ASKED, *HERE]))
_ONE = select(held_lease).where(held_lease.c.id == bindparam("id"))
_WHICH = update(held_lease).where(held_lease.c.id == bindparam("of"))


class HeldLeases:
    """The table behind verbs, each one transaction. They raise NotSavedError."""

    def __init__(self, saving: Saving) -> None:
        self._saving = saving

    # --- what there is -----------------------------------------------------------------------

    def of(self, account: str) -> list[HeldLease]:
        """All of somebody's, also those that are over."""
        return [_lease(row) for row in self._saving.read(_OF, account=account)]

    def open(self) -> list[HeldLease]:
        """Those that are asked for, or here."""
        return [_lease(row) for row in self._saving.read(_OPEN)]

    def held(self, account: str) -> int:
        """How many of somebody's points are here to be spent."""
        return sum(lease.left for lease in self.of(account))

    # --- what is said ------------------------------------------------------------------------

    def ask(self, account: str, card: str, request: str, points: int, at: dt.datetime) -> None:
        """Ask the ledger for a lease; asked for before, the same goes out again."""
        id_ = lease_id(account, request)
        event = LeaseRequest(account=account, request=request, points=points, card=card)

        def work(writing: Writing) -> None:
            if writing.connection.execute(_ONE, {"id": id_}).first() is None:
                row = {
                    "id": id_,
                    "account": account,
                    "card": card,
                    "request": request,
                    "state": Holding.ASKED,
                    "granted": points,
                    "reserved": 0,
                    "spent": 0,
                    "returned": 0,
                    "asked_at": as_text(at),
                    "used_at": as_text(at),
                }
                writing.connection.execute(insert(held_lease), row)
            else:
                writing.connection.execute(_WHICH.values(asked_at=as_text(at)), {"of": id_})
            writing.tell(event, at)

        self._saving.write(work)

    def hear(self, rows: Collection[LeaseRow], at: dt.datetime) -> None:
        """What the feed says of leases. What is over here stays over; what is not this terminal's
        own request is none of its leases."""
        known = {row.id: _lease(row) for row in self._saving.read(_NOT_OVER)}
        news = [
            (row.id, change)
            for row in rows
            if row.id in known and (change := _heard(known[row.id], row, at))
        ]
        if not news:
            return

        def work(writing: Writing) -> None:
            for id_, change in news:
                writing.connection.execute(_WHICH.values(change), {"of": id_})

        self._saving.write(work)

    def give_back(self, id_: str, at: dt.datetime) -> bool:
        """Give what is left of it back, and say so; False where it is not here, or held back for a
        door that is being opened."""

        def work(writing: Writing) -> bool:
            try:
                give_back(writing, id_, at)
            except LeaseGoneError:
                return False
            return True

        return self._saving.write(work)


# --- inside another transaction --------------------------------------------------------------


def give_back(writing: Writing, id_: str, at: dt.datetime) -> None:
    """Raises LeaseGoneError where it cannot be given back now."""
    lease = _read(writing, id_)
    if lease.state not in HERE or lease.reserved:
        raise LeaseGoneError(f"{id_} is {lease.state}, and {lease.reserved} points are held back")
    left = lease.left
    change = {"state": Holding.RETURNED, "returned": left}
    writing.connection.execute(_WHICH.values(change), {"of": id_})
    writing.tell(LeaseReturn(account=lease.account, lease=id_, points=left), at)


def reserve(writing: Writing, id_: str, points: int) -> None:
    """Hold points back for a door that is about to be opened. Raises LeaseGoneError."""
    lease = _read(writing, id_)
    if lease.state is not Holding.HELD or lease.left < points:
        raise LeaseGoneError(f"{id_} is {lease.state} and holds {lease.left}, not {points} points")
    writing.connection.execute(_WHICH.values(reserved=lease.reserved + points), {"of": id_})


def free(writing: Writing, id_: str, points: int) -> None:
    """What was held back may be spent again."""
    lease = _read(writing, id_)
    writing.connection.execute(_WHICH.values(reserved=lease.reserved - points), {"of": id_})


def spend(writing: Writing, id_: str, points: int, what: str, ware: str, at: dt.datetime) -> int:
    """Spend what was held back; returns the event's number."""
    lease = _read(writing, id_)
    change = {
        "reserved": lease.reserved - points,
        "spent": lease.spent + points,
        "used_at": as_text(at),
    }
    writing.connection.execute(_WHICH.values(change), {"of": id_})
    event = LeaseSpend(account=lease.account, lease=id_, points=points, what=what, ware=ware)
    return writing.tell(event, at)


def _read(writing: Writing, id_: str) -> HeldLease:
    row = writing.connection.execute(_ONE, {"id": id_}).first()
    if row is None:
        raise LeaseGoneError(f"this terminal asked for no lease {id_}")
    return _lease(row)


def _heard(known: HeldLease, row: LeaseRow, at: dt.datetime) -> dict[str, Any] | None:
    """What a row changes, or None."""
    state = {
        LeaseState.GRANTED: Holding.HELD,
        LeaseState.RECALLED: Holding.RECALLED,
        LeaseState.REFUSED: Holding.REFUSED,
        LeaseState.ENDED: Holding.ENDED,
    }[row.state]
    if known.state in HERE and state is Holding.REFUSED:
        return None
    if (state, row.account) == (known.state, known.account):
        return None
    change: dict[str, Any] = {"state": state, "account": row.account}
    if state in HERE and known.state not in HERE:
        change |= {"granted": row.points, "used_at": as_text(at)}
    return change


def _lease(row: Row[Any]) -> HeldLease:
    values = row._asdict()
    values["state"] = Holding(row.state)
    values["asked_at"], values["used_at"] = as_moment(row.asked_at), as_moment(row.used_at)
    return HeldLease(**values)
