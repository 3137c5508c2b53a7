"""The retained messages of each scope: heads of its feeds, the standard, the hot list.

What should be on a topic is named by a short `edition`, so that a look for news reads no
document; the payloads are read for what has changed only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from linli.ledger.feed.schema import feed_head
from linli.ledger.people.schema import card, holder, hot_list, org
from linli.ledger.standard.schema import standard
from linli.sync import topics
from linli.sync.messages import Head, HotList, Stream, encode
from linli.sync.periods import business_day


@dataclass(frozen=True)
class Retained:
    """A topic's content: `payload` is retained, after those of `before` went out as news."""

    topic: str
    edition: str
    payload: bytes
    before: tuple[bytes, ...] = ()


def news(connection: Connection, told: Mapping[str, str], now: dt.datetime) -> Iterator[Retained]:
    """Retained messages whose edition differs from the one told on their topic. The connection
    must see one moment only."""
    yield from _heads(connection, told)
    yield from _standards(connection, told, now)
    yield from _hot_lists(connection, told)


def head_message(scope: str, stream: Stream, number: int) -> Retained:
    head = Head(scope=scope, stream=stream, number=number)
    return Retained(topics.head(scope, stream), str(number), encode(head))


def _heads(connection: Connection, told: Mapping[str, str]) -> Iterator[Retained]:
    for row in connection.execute(select(feed_head)):
        message = head_message(row.scope, Stream(row.stream), row.number)
        if told.get(message.topic) != message.edition:
            yield message


def _standards(
    connection: Connection, told: Mapping[str, str], now: dt.datetime
) -> Iterator[Retained]:
    """The version in force today is retained; later ones go out before it, so that terminals
    that are there have them when their day comes. Before the first day of any version, the
    first is retained."""
    days = list(
        connection.execute(
            select(standard.c.effective_from).order_by(standard.c.effective_from)
        ).scalars()
    )
    if not days:
        return
    today = business_day(now).isoformat()
    in_force = max((day for day in days if day <= today), default=days[0])
    edition = " ".join(day for day in days if day >= in_force)
    scopes = connection.execute(select(org.c.id).where(org.c.level == "community")).scalars()
    waiting = [scope for scope in scopes if told.get(topics.standard(scope)) != edition]
    if not waiting:
        return
    query = select(standard.c.doc).where(standard.c.effective_from >= in_force)
    newest_first = query.order_by(standard.c.effective_from.desc())
    *later, payload = connection.execute(newest_first).scalars()
    for scope in waiting:
        yield Retained(topics.standard(scope), edition, payload, tuple(later))


def _hot_lists(connection: Connection, told: Mapping[str, str]) -> Iterator[Retained]:
    for row in connection.execute(select(hot_list)).all():
        topic, edition = topics.hot_list(row.scope), str(row.version)
        if told.get(topic) == edition:
            continue
        cards = (
            select(card.c.id)
            .join(holder, holder.c.account == card.c.account)
            .where(holder.c.scope == row.scope, card.c.status != "active")
            .order_by(card.c.id)
        )
        doc = HotList(
            scope=row.scope,
            version=row.version,
            cards=list(connection.execute(cards).scalars()),
        )
        yield Retained(topic, edition, encode(doc))
