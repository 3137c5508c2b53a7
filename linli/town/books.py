"""What the ledger of a running town knows of somebody, and what a day's errands came to in its
books. Only reads."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Engine, Select, func, select

from linli.ledger.database import open_unchanged, reading
from linli.ledger.journal.schema import account, deed
from linli.ledger.notice.schema import notice, notice_deed, objection
from linli.ledger.people.card_life import BLOCKED
from linli.ledger.people.schema import card, holder, holder_pin
from linli.ledger.shop.handing import paid_for
from linli.ledger.shop.schema import (
    door_trouble,
    handed_out,
    lease,
    lease_spend,
    locker_door,
    redemption,
    voucher,
)
from linli.ledger.shop.troubles import JAM
from linli.ledger.stories.schema import story


@dataclass(frozen=True)
class Came:
    """What a day's errands came to. Points `spent` without those that were `given_back`."""

    points_spent: int
    points_given_back: int
    handed_out: int
    vouchers_used: int
    objections: int
    consents: int
    doors_to_look_at: int


class Books:
    """`close` it before the town's directory goes."""

    def __init__(self, ledger_db: Path) -> None:
        self._engine: Engine = open_unchanged(ledger_db)

    def close(self) -> None:
        self._engine.dispose()

    # --- of one person -----------------------------------------------------------------------

    def left(self, holder_: str) -> int:
        """What they can redeem, with what terminals hold of it."""
        return self._sum(
            account.c.posted, (account.c.holder == holder_) & (account.c.purse != "earned")
        )

    def deed_on_notice(self, holder_: str) -> str | None:
        """The newest of their deeds on the notice that hangs."""
        query = (
            select(deed.c.id)
            .join(notice_deed, notice_deed.c.deed == deed.c.id)
            .join(
                notice,
                (notice.c.scope == notice_deed.c.scope) & (notice.c.month == notice_deed.c.month),
            )
            .where(deed.c.account == holder_, notice.c.sealed_at.is_(None))
            .order_by(deed.c.done_at.desc(), deed.c.id)
        )
        with reading(self._engine) as connection:
            return connection.execute(query).scalars().first()

    def waiting_order(self, holder_: str) -> str | None:
        """What they paid for last and have not been given, as staff know it."""
        with reading(self._engine) as connection:
            orders = paid_for(connection, [holder_], 1)
        return next((order.id for order in orders if order.handed_at is None), None)

    def newest_story(self) -> int | None:
        query = select(func.max(story.c.number)).where(story.c.approved_at.is_not(None))
        with reading(self._engine) as connection:
            return connection.execute(query).scalar()

    def door_with(self, terminal: str, ware: str) -> int:
        """The door from which it comes next. Raises LookupError where none is filled."""
        mine = (locker_door.c.terminal == terminal) & (locker_door.c.ware == ware)
        query = select(func.min(locker_door.c.door)).where(mine, locker_door.c.filled.is_(True))
        with reading(self._engine) as connection:
            door = connection.execute(query).scalar()
        if door is None:
            raise LookupError(f"{ware} is behind no door of {terminal}")
        return int(door)

    def has_objected(self, holder_: str) -> bool:
        return self._count(objection.c.account == holder_) > 0

    def agrees(self, holder_: str) -> bool:
        return self._count(holder.c.account == holder_, holder.c.public_consent.is_(True)) > 0

    def has_pin(self, holder_: str) -> bool:
        return self._count(holder_pin.c.account == holder_) > 0

    def is_stopped(self, holder_: str) -> bool:
        return self._count(card.c.account == holder_, card.c.status == BLOCKED) > 0

    def has_jammed_door(self, holder_: str) -> bool:
        """Staff have a door to look at that did not open for them."""
        mine = (door_trouble.c.account == holder_) & (door_trouble.c.reason == JAM)
        return self._count(mine, door_trouble.c.settled_at.is_(None)) > 0

    def spent_by_lease(self, holder_: str) -> bool:
        return self._count(lease_spend.c.lease == lease.c.id, lease.c.holder == holder_) > 0

    # --- of a day ----------------------------------------------------------------------------

    def came(self, since: dt.datetime) -> Came:
        """What happened later than `since`."""
        bought, spent = redemption.c.points, lease_spend.c.taken
        made, heard = redemption.c.made_at > since, lease_spend.c.received_at > since
        kept, back = redemption.c.refunded_at, lease_spend.c.refunded_at
        return Came(
            points_spent=self._sum(bought, made & kept.is_(None))
            + self._sum(spent, heard & back.is_(None)),
            points_given_back=self._sum(bought, kept > since) + self._sum(spent, back > since),
            handed_out=self._count(handed_out.c.at > since),
            vouchers_used=self._count(voucher.c.used_at > since),
            objections=self._count(objection.c.made_at > since),
            consents=self._count(holder.c.consent_said_at > since),
            doors_to_look_at=self._count(door_trouble.c.settled_at.is_(None)),
        )

    def _count(self, *where: ColumnElement[bool]) -> int:
        return self._number(select(func.count()).where(*where))

    def _sum(self, column: Column[int], where: ColumnElement[bool]) -> int:
        return self._number(select(func.coalesce(func.sum(column), 0)).where(where))

    def _number(self, query: Select[Any]) -> int:
        with reading(self._engine) as connection:
            return int(connection.execute(query).scalar_one())
