"""Redemptions of this terminal: each step of one is a transaction, with the events it sends.

Of two that would take the same step, the second raises SteppedOnError and changes nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from linli.kiosk.redeeming.redemption import UNFINISHED, Ending, Redemption, State, Thing
from linli.kiosk.store import doors, leases
from linli.kiosk.store.moments import as_moment, as_text, moment_or_none, text_or_none
from linli.kiosk.store.saving import Saving, Writing
from linli.kiosk.store.schema import redemption as table
from linli.sync.asks import Tapped
from linli.sync.messages import Delivered, NotDelivered, Trust

SHOWN_AGAIN = dt.timedelta(hours=24)
"""For how long a code that was shown can be shown again to the same card."""

_ONE = select(table).where(table.c.request == bindparam("request"))
_UNFINISHED = select(table).where(table.c.state.in_(UNFINISHED)).order_by(table.c.made_at)
_VOUCHERS = (
    select(table)
    .where(
        table.c.account == bindparam("account"),
        table.c.card == bindparam("card"),
        table.c.code != "",
        table.c.until > bindparam("now"),
        table.c.shown_at.is_(None) | (table.c.shown_at > bindparam("since")),
    )
    .order_by(table.c.made_at.desc())
)
_STEP = update(table).where(
    table.c.request == bindparam("which"), table.c.state == bindparam("before")
)
_SHOWN = (
    update(table)
    .where(table.c.request == bindparam("which"), table.c.shown_at.is_(None))
    .values(shown_at=bindparam("at"))
)
_FORGET = (
    update(table)
    .where(
        table.c.code != "",
        (table.c.shown_at <= bindparam("since")) | (table.c.until <= bindparam("now")),
    )
    .values(code="")
)


class SteppedOnError(RuntimeError):
    """The redemption is in another state than it was taken for: somebody else went on with it."""


class Redemptions:
    """The table behind verbs. All raise NotSavedError; nothing of the verb is then kept."""

    def __init__(self, saving: Saving) -> None:
        self._saving = saving

    # --- what there is -----------------------------------------------------------------------

    def find(self, request: str) -> Redemption | None:
        rows = self._saving.read(_ONE, request=request)
        return _redemption(rows[0]) if rows else None

    def unfinished(self) -> list[Redemption]:
        """Those that something must still be done for, the oldest first."""
        return [_redemption(row) for row in self._saving.read(_UNFINISHED)]

    def vouchers(self, who: Tapped, now: dt.datetime) -> list[Redemption]:
        """Codes that may be shown to the card that was tapped, the newest first: those never
        shown, and those shown since yesterday."""
        since = as_text(now - SHOWN_AGAIN)
        values = {"account": who.account, "card": who.card, "now": as_text(now), "since": since}
        return [_redemption(row) for row in self._saving.read(_VOUCHERS, **values)]

    # --- steps -------------------------------------------------------------------------------

    def begin(
        self, redemption: Redemption, at: dt.datetime, returning: tuple[str, ...] = ()
    ) -> bool:
        """Write down that it begins; False where this request began before. `returning` are leases
        that are given back for it, `redemption.lease` holds back what is opened with.

        Raises LeaseGoneError."""

        def work(writing: Writing) -> bool:
            if writing.connection.execute(_ONE, {"request": redemption.request}).first():
                return False
            for id_ in returning:
                leases.give_back(writing, id_, at)
            if redemption.lease:
                leases.reserve(writing, redemption.lease, redemption.thing.points)
            writing.connection.execute(insert(table), _row(redemption, at))
            return True

        return self._saving.write(work)

    def over_the_counter(self, redemption: Redemption, at: dt.datetime) -> Redemption | None:
        """A lease pays for what staff give out: begun and ended in one. None where this request
        began before. Raises LeaseGoneError."""

        def work(writing: Writing) -> Redemption | None:
            if writing.connection.execute(_ONE, {"request": redemption.request}).first():
                return None
            leases.reserve(writing, redemption.lease, redemption.thing.points)
            order = self._spend(writing, redemption, at)
            ended = replace(redemption, state=State.COUNTER, order=order)
            writing.connection.execute(insert(table), _row(ended, at))
            return ended

        return self._saving.write(work)

    def step(self, before: State, redemption: Redemption, at: dt.datetime) -> None:
        """From `before` to the state that it is in now, where the ledger need not be told."""
        self._saving.write(lambda writing: _step(writing, before, redemption, at))

    def end(
        self, before: State, redemption: Redemption, ending: Ending, at: dt.datetime
    ) -> Redemption:
        """The end of one from a door, with the events that tell of it."""

        def work(writing: Writing) -> Redemption:
            ended = replace(redemption, state=ending.state, reason=ending.reason or "")
            if redemption.lease and ending.spends:
                ended = replace(ended, order=self._spend(writing, redemption, at))
            elif redemption.lease:
                leases.free(writing, redemption.lease, redemption.thing.points)
            _step(writing, before, ended, at)
            seq = writing.tell(_word(ended), at)
            if ending.uses_door:
                doors.use(writing, ended.door, seq)
            return ended

        return self._saving.write(work)

    def shown(self, request: str, at: dt.datetime) -> None:
        """The code was on the screen."""
        values = {"which": request, "at": as_text(at)}
        self._saving.write(lambda writing: writing.connection.execute(_SHOWN, values))

    def forget_codes(self, now: dt.datetime) -> None:
        """Codes that nobody may be shown any more are taken off this terminal."""
        values = {"since": as_text(now - SHOWN_AGAIN), "now": as_text(now)}
        self._saving.write(lambda writing: writing.connection.execute(_FORGET, values))

    def _spend(self, writing: Writing, redemption: Redemption, at: dt.datetime) -> str:
        """Spend what its lease holds back; returns the order that this is."""
        thing = redemption.thing
        seq = leases.spend(writing, redemption.lease, thing.points, thing.title, thing.ware, at)
        return f"spend.{self._saving.terminal}.{seq}"


def _step(writing: Writing, before: State, redemption: Redemption, at: dt.datetime) -> None:
    which = {"which": redemption.request, "before": before}
    found = writing.connection.execute(_STEP.values(_row(redemption, at)), which)
    if found.rowcount != 1:
        raise SteppedOnError(f"{redemption.request} is not {before} any more")


def _word(ended: Redemption) -> Delivered | NotDelivered:
    account, order = ended.who.account, ended.order
    if ended.state is State.OUT:
        return Delivered(account=account, order=order, door=ended.door)
    return NotDelivered(
        account=account, door=ended.door, reason=ended.reason, ware=ended.thing.ware, order=order
    )


def _row(redemption: Redemption, at: dt.datetime) -> dict[str, Any]:
    who, thing = redemption.who, redemption.thing
    return {
        "request": redemption.request,
        "account": who.account,
        "card": who.card,
        "trust": who.trust,
        "counter": who.counter,
        "title": thing.title,
        "points": thing.points,
        "ware": thing.ware,
        "offer": thing.offer,
        "way": "lease" if redemption.lease else "ledger",
        "lease": redemption.lease or None,
        "door": thing.door,
        "nonce": redemption.nonce,
        "state": redemption.state,
        "order": redemption.order,
        "reason": redemption.reason,
        "left": redemption.left,
        "code": redemption.code,
        "merchant": redemption.merchant,
        "until": text_or_none(redemption.until),
        "shown_at": text_or_none(redemption.shown_at),
        "made_at": as_text(redemption.made_at),
        "changed_at": as_text(at),
    }


def _redemption(row: Row[Any]) -> Redemption:
    return Redemption(
        request=row.request,
        who=Tapped(account=row.account, card=row.card, trust=Trust(row.trust), counter=row.counter),
        thing=Thing(row.title, row.points, row.ware, row.offer, row.door),
        state=State(row.state),
        made_at=as_moment(row.made_at),
        lease=row.lease or "",
        nonce=row.nonce,
        order=row.order,
        reason=row.reason,
        left=row.left,
        code=row.code,
        merchant=row.merchant,
        until=moment_or_none(row.until),
        shown_at=moment_or_none(row.shown_at),
    )
