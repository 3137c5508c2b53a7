"""Reads what is known of all devices, as the values that rules judge."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from linli.ledger.alerts.observed import District, Observed, Off, Stopped
from linli.ledger.fleet.health.listing import SILENT_AFTER
from linli.ledger.fleet.health.schema import terminal_health, terminal_presence
from linli.ledger.fleet.jobs.rollouts import RolloutState
from linli.ledger.fleet.jobs.schema import rollout
from linli.ledger.shop.schema import retired_terminal
from linli.ledger.terminals.schema import identity_alarm, terminal, terminal_certificate
from linli.sync.health_messages import Health
from linli.sync.parsing import parse
from linli.sync.signing import MalformedError

LOOKED_AFTER = dt.timedelta(days=1)
"""One that went away while it was out of service is forgotten for no longer than this."""


def district(
    connection: Connection, linked_since: dt.datetime | None, now: dt.datetime
) -> District:
    """Of this moment."""
    twice = _counted(connection)
    certified = _certified(connection)
    devices = [
        _observed(row, certified.get(row.name), twice.get(row.name, 0), now)
        for row in connection.execute(_DEVICES)
    ]
    return District(devices, linked_since, _stopped(connection))


_DEVICES: Select[Any] = (
    select(
        terminal.c.name,
        terminal.c.kind,
        terminal.c.scope,
        terminal.c.centre,
        terminal.c.quarantined_at,
        retired_terminal.c.at.label("retired_at"),
        terminal_presence.c.online,
        terminal_presence.c.since,
        terminal_health.c.heard_at,
        terminal_health.c.doc,
    )
    .outerjoin(retired_terminal, retired_terminal.c.terminal == terminal.c.name)
    .outerjoin(terminal_presence, terminal_presence.c.terminal == terminal.c.name)
    .outerjoin(terminal_health, terminal_health.c.terminal == terminal.c.name)
    .order_by(terminal.c.name)
)


def _observed(
    row: Row[Any], certified: dt.datetime | None, twice: int, now: dt.datetime
) -> Observed:
    away = _away_since(row, now)
    health = _said(row.doc) if row.doc is not None and row.retired_at is None else None
    return Observed(
        name=row.name,
        kind=row.kind,
        scope=row.scope,
        centre=row.centre,
        away_since=away,
        heard=row.online is not None or row.heard_at is not None,
        health=health,
        fresh=away is None and row.heard_at is not None,
        off=_off(row, health, now),
        certified_until=certified,
        twice=twice,
        quarantined=row.quarantined_at is not None,
    )


def _said(doc: bytes) -> Health | None:
    """None where a ledger of another version kept what this one does not read: that of one device
    must not silence all alerts."""
    try:
        return parse(doc, Health)
    except MalformedError:
        return None


def _away_since(row: Row[Any], now: dt.datetime) -> dt.datetime | None:
    """Of one that the broker says is there and that says nothing: its last word."""
    if row.online is False:
        since: dt.datetime = row.since
        return since
    if row.heard_at is not None and now - row.heard_at > SILENT_AFTER:
        heard_at: dt.datetime = row.heard_at
        return heard_at
    return None


def _off(row: Row[Any], health: Health | None, now: dt.datetime) -> Off | None:
    if row.retired_at is not None:
        return Off.RETIRED
    if health is None or not health.maintained or now - row.heard_at > LOOKED_AFTER:
        return None
    return Off.MAINTAINED


def _stopped(connection: Connection) -> list[Stopped]:
    """Roll-outs that held themselves, and that nobody has looked at yet."""
    query = select(rollout.c.id, rollout.c.scope, rollout.c.why)
    stopped = query.where(rollout.c.state == RolloutState.STOPPED.value)
    return [
        Stopped(id_, scope, f"“{why or id_}”里失败的终端太多，其余的没有动")
        for id_, scope, why in connection.execute(stopped)
    ]


def _counted(connection: Connection) -> dict[str, int]:
    query = (
        select(identity_alarm.c.terminal, func.count())
        .where(identity_alarm.c.settled_at.is_(None))
        .group_by(identity_alarm.c.terminal)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _certified(connection: Connection) -> dict[str, dt.datetime]:
    query = (
        select(terminal_certificate.c.terminal, func.max(terminal_certificate.c.until))
        .where(terminal_certificate.c.revoked_at.is_(None))
        .group_by(terminal_certificate.c.terminal)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
