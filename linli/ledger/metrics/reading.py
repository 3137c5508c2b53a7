"""Figures that the database tells: of the fleet, alerts, roll-outs, and what waits."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Column, ColumnElement, Connection, Table, false, func, select

from linli.ledger.alerts.schema import alert, alert_message
from linli.ledger.feed.schema import change
from linli.ledger.fleet.health.listing import fleet
from linli.ledger.fleet.jobs.schema import job, rollout
from linli.ledger.ingest.schema import parked, waiting_word
from linli.sync.jobs import OPEN

VERSIONS = 20
"""Versions that are told apart; the rest is `other`."""
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Figures:
    """`alerts` by fault and whether somebody has acknowledged it. `publish_lag_s` is how long the
    oldest change waits for the broker."""

    terminals: Mapping[str, int] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    problems: Mapping[str, int] = field(default_factory=dict)
    alerts: Mapping[tuple[str, bool], int] = field(default_factory=dict)
    messages_waiting: int = 0
    messages_tried: int = 0
    parked: Mapping[str, int] = field(default_factory=dict)
    words_waiting: int = 0
    changes_waiting: int = 0
    publish_lag_s: float = 0.0
    outbox: int = 0
    jobs: Mapping[str, int] = field(default_factory=dict)
    rollouts: Mapping[str, int] = field(default_factory=dict)


def read_figures(connection: Connection, now: dt.datetime) -> Figures:
    """Of this moment. No name of anybody or anything is in it."""
    devices = [one for one in fleet(connection, now) if one.of.retired_at is None]
    states = Counter(
        "maintained"
        if one.maintained
        else "online"
        if one.online
        else "offline"
        if one.presence
        else "never"
        for one in devices
    )
    versions = Counter(one.vitals.version for one in devices if one.vitals)
    kept = dict(versions.most_common(VERSIONS))
    if rest := versions.total() - sum(kept.values()):
        kept[OTHER] = kept.get(OTHER, 0) + rest
    oldest, waiting = connection.execute(
        select(func.min(change.c.at), func.count()).where(change.c.published == false())
    ).one()
    messages = _waiting_messages(connection)
    return Figures(
        terminals=states,
        versions=kept,
        problems=Counter(problem.kind.value for one in devices for problem in one.problems),
        alerts=_alerts(connection),
        messages_waiting=messages[0],
        messages_tried=messages[1],
        parked=_by(connection, parked.c.reason),
        words_waiting=_count(connection, waiting_word),
        changes_waiting=waiting,
        publish_lag_s=max(0.0, (now - oldest).total_seconds()) if oldest is not None else 0.0,
        outbox=sum(one.vitals.outbox for one in devices if one.vitals),
        jobs=_by(connection, job.c.state, job.c.state.in_([state.value for state in OPEN])),
        rollouts=_by(connection, rollout.c.state),
    )


def _alerts(connection: Connection) -> dict[tuple[str, bool], int]:
    taken = alert.c.acknowledged_at.is_not(None)
    query = (
        select(alert.c.fault, taken, func.count())
        .where(alert.c.began.is_not(None), alert.c.ended.is_(None))
        .group_by(alert.c.fault, taken)
    )
    return {(fault, bool(mine)): count for fault, mine, count in connection.execute(query)}


def _waiting_messages(connection: Connection) -> tuple[int, int]:
    """How many, and how many of them were tried in vain."""
    open_ = alert_message.c.sent_at.is_(None) & alert_message.c.given_up_at.is_(None)
    rows = connection.execute(select(alert_message.c.error).where(open_)).all()
    return len(rows), sum(bool(row.error) for row in rows)


def _by(connection: Connection, column: Column[str], *where: ColumnElement[bool]) -> dict[str, int]:
    query = select(column, func.count()).where(*where).group_by(column)
    return {row[0]: row[1] for row in connection.execute(query)}


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())
