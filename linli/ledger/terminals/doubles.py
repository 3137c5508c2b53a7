"""One identity in use twice: an SD card was copied, or a disk put back to an older state.

Two things tell. A program that was started before another one of the same terminal speaks again
after it (`boot_id`): each start has a number of its own that never comes back. And batches that
contradict each other (a fork of the chain). Both are shown to a maintainer until somebody has
looked; nothing is thrown away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, func, insert, select, update

from linli.ledger.terminals.schema import identity_alarm, terminal, terminal_boot

BOOTS_KEPT = 50


class Sign(StrEnum):
    """What showed it."""

    BOOT = "boot"
    FORK = "fork"
    ENROL = "enrol"


class Start(StrEnum):
    """What a start of a program is, among those that were heard of."""

    NEW = "new"
    SAME = "same"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Not settled yet. `count` is how often it was seen."""

    terminal: str
    kind: Sign
    detail: str
    count: int
    first_at: dt.datetime
    last_at: dt.datetime


def judge(known: Sequence[str], heard: str) -> Start:
    """`known` are the starts before, the newest last. Pure."""
    if known and known[-1] == heard:
        return Start.SAME
    return Start.BACK if heard in known else Start.NEW


def hear(connection: Connection, name: str, boot: str, now: dt.datetime) -> Start | None:
    """A program of this terminal said that it is there. None where nobody has that name."""
    held = select(terminal.c.name).where(terminal.c.name == name).with_for_update()
    if connection.execute(held).first() is None:
        return None
    of_it = terminal_boot.c.terminal == name
    rows = connection.execute(
        select(terminal_boot).where(of_it).order_by(terminal_boot.c.number)
    ).all()
    start = judge([row.boot for row in rows], boot[:64])
    if start is Start.BACK:
        detail = "a program that was started earlier speaks again after a later one"
        raise_alarm(connection, name, Sign.BOOT, detail, now)
    if start is Start.NEW:
        number = rows[-1].number + 1 if rows else 1
        row = {"terminal": name, "number": number, "boot": boot[:64], "heard_at": now}
        connection.execute(insert(terminal_boot).values(row))
        connection.execute(
            delete(terminal_boot).where(of_it, terminal_boot.c.number <= number - BOOTS_KEPT)
        )
    return start


def raise_alarm(
    connection: Connection, name: str, kind: Sign, detail: str, now: dt.datetime
) -> None:
    """Show it to a maintainer, once more where it was settled before."""
    table = identity_alarm
    key = (table.c.terminal == name) & (table.c.kind == kind.value)
    again = {"detail": detail[:500], "count": table.c.count + 1, "last_at": now}
    known = connection.execute(
        update(table).where(key).values({**again, "settled_at": None, "settled_by": None})
    )
    if not known.rowcount:
        row = {"terminal": name, "kind": kind.value, "detail": detail[:500], "count": 1}
        connection.execute(insert(table).values({**row, "first_at": now, "last_at": now}))


def alarms(connection: Connection, scope: str) -> list[Alarm]:
    """What is not settled, of a community's terminals."""
    table = identity_alarm
    query = (
        select(table)
        .join(terminal, terminal.c.name == table.c.terminal)
        .where(terminal.c.scope == scope, table.c.settled_at.is_(None))
        .order_by(table.c.last_at.desc())
    )
    return [
        Alarm(
            terminal=row.terminal,
            kind=Sign(row.kind),
            detail=row.detail,
            count=row._mapping["count"],
            first_at=row.first_at,
            last_at=row.last_at,
        )
        for row in connection.execute(query)
    ]


def count_alarms(connection: Connection, scope: str) -> int:
    table = identity_alarm
    query = (
        select(func.count())
        .select_from(table)
        .join(terminal, terminal.c.name == table.c.terminal)
        .where(terminal.c.scope == scope, table.c.settled_at.is_(None))
    )
    return int(connection.execute(query).scalar_one())


def settle(connection: Connection, name: str, by: str, now: dt.datetime) -> int:
    """Somebody has looked after it. Returns how many signs there were."""
    open_ = (identity_alarm.c.terminal == name) & identity_alarm.c.settled_at.is_(None)
    done = update(identity_alarm).where(open_).values(settled_at=now, settled_by=by)
    return connection.execute(done).rowcount
