"""Keeps what terminals say of themselves: their last word, whether they are there, and what
happened meanwhile. No time that a terminal says decides anything but about itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from linli.ledger.database import in_chunks, upsert
from linli.ledger.fleet.health.history import FIRST, Before, Happening, What, append, happened
from linli.ledger.fleet.health.problems import carried, packed, problems_of, unpacked
from linli.ledger.fleet.health.schema import terminal_health, terminal_presence
from linli.ledger.terminals.schema import terminal, terminal_boot
from linli.sync.health_messages import Health
from linli.sync.messages import PresenceState, encode

LARGEST = 2**31 - 1
"""More does not fit into an integer of PostgreSQL."""
STALE = dt.timedelta(minutes=2)
"""A word this old stood at the broker while nobody listened."""


def keep_health(connection: Connection, words: Mapping[str, Health], now: dt.datetime) -> list[str]:
    """Keep the newest word of each terminal. Returns the names that nobody is registered under.
    A word that is known already says nothing new: the broker repeats the last one."""
    unknown: list[str] = []
    for names in in_chunks(sorted(words)):
        query = select(terminal.c.name).where(terminal.c.name.in_(names))
        registered = set(connection.execute(query).scalars())
        unknown += [name for name in names if name not in registered]
        before = _before(connection, names)
        rows, happenings = [], {}
        for name in (name for name in names if name in registered):
            row, word = before.get(name), words[name]
            if row is not None and (row.bootid, row.said_at) == (word.bootid, word.at):
                continue
            rows.append(_kept(row, word, now))
            old = None if row is None else _as_before(row)
            happenings[name] = happened(old, word, unpacked(str(rows[-1]["problems"])))
        upsert(connection, terminal_health, rows)
        append(connection, happenings, now)
    return unknown


def keep_presence(
    connection: Connection, name: str, state: PresenceState, bootid: str, now: dt.datetime
) -> None:
    """Whoever calls it holds that terminal, which is registered. An `offline` of an earlier start
    than said `online` last is a session's that is gone; one of a start that nobody heard of came
    and went while this ledger was away."""
    of_it = terminal_presence.c.terminal == name
    row = connection.execute(select(terminal_presence).where(of_it)).first()
    online, bootid = state is PresenceState.ONLINE, bootid[:64]
    if row is None:
        new = {"terminal": name, "online": online, "since": now, "bootid": bootid}
        connection.execute(insert(terminal_presence).values(new))
    elif not online and row.bootid != bootid and _heard_of(connection, name, bootid):
        return
    elif row.online != online:
        changed = {"online": online, "since": now, "bootid": bootid}
        connection.execute(update(terminal_presence).where(of_it).values(changed))
    else:
        if row.bootid != bootid:
            connection.execute(update(terminal_presence).where(of_it).values(bootid=bootid))
        return
    what = What.ONLINE if online else What.OFFLINE
    detail = FIRST if row is None else ""
    append(connection, {name: [Happening(what, detail=detail)]}, now)


def _heard_of(connection: Connection, name: str, bootid: str) -> bool:
    table = terminal_boot.c
    query = select(table.number).where(table.terminal == name, table.boot == bootid)
    return connection.execute(query).first() is not None


_BEFORE = [
    terminal_health.c[name]
    for name in ("terminal", "said_at", "began_at", "bootid", "version", "firmware", "problems")
]


def _before(connection: Connection, names: list[str]) -> dict[str, Row[Any]]:
    query = select(*_BEFORE).where(terminal_health.c.terminal.in_(names))
    return {row.terminal: row for row in connection.execute(query)}


def _as_before(row: Row[Any]) -> Before:
    return Before(row.began_at, row.bootid, row.version, row.firmware, unpacked(row.problems))


def _kept(row: Row[Any] | None, word: Health, now: dt.datetime) -> dict[str, Any]:
    machine = word.machine
    stood = unpacked(row.problems) if row is not None else []
    old = machine.clock_good and now - word.at > STALE
    return {
        "terminal": word.terminal,
        "heard_at": word.at if old else now,
        "said_at": word.at,
        "began_at": word.began_at,
        "bootid": word.bootid,
        "version": word.version,
        "firmware": word.firmware,
        "trial": word.trial,
        "maintained": word.maintained,
        "outbox": min(word.outbox, LARGEST),
        "outbox_oldest_s": word.outbox_oldest_s,
        "celsius": machine.celsius,
        "disk_free_mb": None if (free := machine.disk_free_mb) is None else min(free, LARGEST),
        "clock_good": machine.clock_good,
        "problems": packed(carried(problems_of(word, now), stood, now)),
        "doc": encode(word),
    }
