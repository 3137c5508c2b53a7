"""Somebody says that they look after an alert: it is not told again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, select, update

from linli.ledger.alerts.schema import alert

LONGEST_WHY = 200


class AcknowledgeError(ValueError):
    """An alert cannot be acknowledged; the text says why."""


def acknowledge(connection: Connection, number: int, by: str, why: str, now: dt.datetime) -> None:
    """`why` is what they are going to do. Raises AcknowledgeError."""
    if not 0 < len(why) <= LONGEST_WHY:
        raise AcknowledgeError(f"say in 1 to {LONGEST_WHY} characters what you do about it")
    open_ = (
        (alert.c.number == number)
        & alert.c.began.is_not(None)
        & alert.c.ended.is_(None)
        & alert.c.acknowledged_at.is_(None)
    )
    values = {"acknowledged_at": now, "acknowledged_by": by, "acknowledged_why": why}
    if connection.execute(update(alert).where(open_).values(values)).rowcount:
        return
    row = connection.execute(select(alert).where(alert.c.number == number)).first()
    if row is None or row.began is None:
        raise AcknowledgeError("there is no such alert")
    if row.acknowledged_by is not None:
        raise AcknowledgeError(f"{row.acknowledged_by} has acknowledged it already")
    raise AcknowledgeError("it is over already")
