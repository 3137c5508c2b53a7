"""What is to be told becomes messages, and messages go out: an outbox in the database.

A message is made with all that waits for its route, and keeps its id through every try. A try is
claimed in a transaction of its own before it is made, so that of two processes one makes it. After
a crash in the middle of a try it is sent again once the claim has run out: at least once, and the
receiver knows the second by its id.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, or_, select, update

from linli.ledger.alerts.pace import GIVE_UP, HOUR, due, retry_after
from linli.ledger.alerts.rules import Urgency
from linli.ledger.alerts.schema import alert, alert_message, alert_route, alert_sent
from linli.ledger.database import reading

CLAIM = dt.timedelta(minutes=5)
"""For how long a try that was begun is nobody else's; longer than any try takes."""
AT_ONCE = 4
KEPT = dt.timedelta(days=90)
ALERTS_KEPT = dt.timedelta(days=400)
LONGEST_ERROR = 300
ALERTS, TEST = "alerts", "test"


@dataclass(frozen=True, slots=True)
class Told:
    """One alert as a message tells it; `turn` is `began`, `still` or `ended`."""

    number: int
    turn: str
    fault: str
    about: str
    subject: str
    scope: str | None
    urgency: Urgency
    says: str
    began: dt.datetime
    ended: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Message:
    """One to be sent now. `told` is empty for a test."""

    id: str
    route: str
    kind: str
    made_at: dt.datetime
    told: tuple[Told, ...]


def make_messages(engine: Engine, now: dt.datetime) -> int:
    """Of what waits, for every route whose time has come; returns how many."""
    with reading(engine) as connection:
        ready = _ready(connection, now)
    for route in ready:
        with engine.begin() as connection:
            _make(connection, route, now)
    return len(ready)


def make_test(connection: Connection, route: str, now: dt.datetime) -> str:
    """A message to see whether the route works; returns its id."""
    return _insert(connection, route, TEST, now)


def claim(engine: Engine, now: dt.datetime, most: int = AT_ONCE) -> list[Message]:
    """Those whose next try is this process's, from now on."""
    with reading(engine) as connection:
        if not connection.execute(_due(now).limit(1)).first():
            return []
    mine = []
    with engine.begin() as connection:
        rows = connection.execute(_due(now).limit(most).with_for_update(skip_locked=True)).all()
        for row in rows:
            values = {"next_at": now + CLAIM, "tries": row.tries + 1}
            connection.execute(
                update(alert_message).where(alert_message.c.id == row.id).values(values)
            )
            told = tuple(_told(connection, row.id))
            mine.append(Message(row.id, row.route, row.kind, row.made_at, told))
    return mine


def sent(engine: Engine, id_: str, now: dt.datetime) -> None:
    """It was taken by the other end."""
    with engine.begin() as connection:
        _set(connection, id_, sent_at=now, error="")


def failed(engine: Engine, id_: str, why: str, now: dt.datetime) -> None:
    """It was not; another try follows, until it is a day old."""
    with engine.begin() as connection:
        row = connection.execute(select(alert_message).where(alert_message.c.id == id_)).one()
        given_up = now if row.kind == TEST or now - row.made_at >= GIVE_UP else None
        next_at = now + retry_after(row.tries)
        _set(connection, id_, next_at=next_at, given_up_at=given_up, error=why[:LONGEST_ERROR])


def forget_old(engine: Engine, now: dt.datetime) -> None:
    """What was told long ago, what waits for a route that was closed, and alerts that ended long
    ago."""
    with engine.begin() as connection:
        closed = select(alert_route.c.id).where(alert_route.c.closed_at.is_not(None))
        nowhere = alert_sent.c.message.is_(None) & alert_sent.c.route.in_(closed)
        connection.execute(delete(alert_sent).where(nowhere))
        old = select(alert_message.c.id).where(alert_message.c.made_at < now - KEPT)
        connection.execute(delete(alert_sent).where(alert_sent.c.message.in_(old)))
        connection.execute(delete(alert_message).where(alert_message.c.made_at < now - KEPT))
        told = select(alert_sent.c.alert)
        ended = (alert.c.ended < now - ALERTS_KEPT) & alert.c.number.not_in(told)
        connection.execute(delete(alert).where(ended))


# --- which are ready -------------------------------------------------------------------------


def _ready(connection: Connection, now: dt.datetime) -> list[str]:
    waiting = _waiting(connection)
    if not waiting:
        return []
    query = select(alert_route).where(
        alert_route.c.id.in_(waiting), alert_route.c.closed_at.is_(None)
    )
    return [
        row.id
        for row in connection.execute(query).all()
        if not _in_hand(connection, row.id)
        and due(waiting[row.id], _made(connection, row.id, now), _quiet(row), now)
    ]


def _waiting(connection: Connection) -> dict[str, list[tuple[dt.datetime, Urgency]]]:
    query = (
        select(alert_sent.c.route, alert_sent.c.made_at, alert.c.urgency)
        .join(alert, alert.c.number == alert_sent.c.alert)
        .where(alert_sent.c.message.is_(None))
    )
    found: dict[str, list[tuple[dt.datetime, Urgency]]] = defaultdict(list)
    for route, made_at, urgency in connection.execute(query):
        found[route].append((made_at, Urgency(urgency)))
    return found


def _in_hand(connection: Connection, route: str) -> bool:
    """One at a time: what comes while a server is away goes with the next."""
    query = select(alert_message.c.id).where(
        alert_message.c.route == route, alert_message.c.kind == ALERTS, _open()
    )
    return connection.execute(query.limit(1)).first() is not None


def _made(connection: Connection, route: str, now: dt.datetime) -> list[dt.datetime]:
    query = select(alert_message.c.made_at).where(
        alert_message.c.route == route,
        alert_message.c.kind == ALERTS,
        alert_message.c.made_at > now - HOUR,
    )
    return list(connection.execute(query).scalars())


def _quiet(row: Row[Any]) -> tuple[int, int] | None:
    return None if row.quiet_from is None else (row.quiet_from, row.quiet_until)


# --- rows ------------------------------------------------------------------------------------


def _make(connection: Connection, route: str, now: dt.datetime) -> None:
    """Unless another process just made one."""
    held = select(alert_route.c.id).where(alert_route.c.id == route).with_for_update()
    connection.execute(held).all()
    if _in_hand(connection, route):
        return
    waits = (alert_sent.c.route == route) & alert_sent.c.message.is_(None)
    if connection.execute(select(alert_sent.c.number).where(waits).limit(1)).first() is None:
        return
    id_ = _insert(connection, route, ALERTS, now)
    connection.execute(update(alert_sent).where(waits).values(message=id_))


def _insert(connection: Connection, route: str, kind: str, now: dt.datetime) -> str:
    id_ = secrets.token_hex(16)
    row = {"id": id_, "route": route, "kind": kind, "made_at": now, "next_at": now}
    connection.execute(insert(alert_message).values({**row, "tries": 0, "error": ""}))
    return id_


def _open() -> Any:
    return alert_message.c.sent_at.is_(None) & alert_message.c.given_up_at.is_(None)


def _due(now: dt.datetime) -> Any:
    """A `next_at` that is further away than any pause is by a clock that was put back since."""
    far = now + dt.timedelta(days=1)
    when = or_(alert_message.c.next_at <= now, alert_message.c.next_at > far)
    return select(alert_message).where(_open(), when).order_by(alert_message.c.next_at)


def _set(connection: Connection, id_: str, **values: object) -> None:
    connection.execute(update(alert_message).where(alert_message.c.id == id_).values(values))


def _told(connection: Connection, id_: str) -> Sequence[Told]:
    """Each alert once, by what was said of it last; the most urgent first, ends last."""
    query = (
        select(alert_sent.c.turn, alert)
        .join(alert, alert.c.number == alert_sent.c.alert)
        .where(alert_sent.c.message == id_)
        .order_by(alert_sent.c.number)
    )
    last = {row.number: row for row in connection.execute(query)}
    found = [
        Told(
            number=row.number,
            turn=row.turn,
            fault=row.fault,
            about=row.about,
            subject=row.subject,
            scope=row.scope,
            urgency=Urgency(row.urgency),
            says=row.says,
            began=row.began,
            ended=row.ended,
        )
        for row in last.values()
    ]
    return sorted(found, key=lambda one: (one.turn == "ended", -one.urgency, one.number))
