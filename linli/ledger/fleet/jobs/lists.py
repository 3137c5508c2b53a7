"""What terminals are told of their jobs: the retained `Jobs`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Raw
from sqlalchemy import Connection, select

from linli.ledger.database import in_chunks
from linli.ledger.feed.documents import Retained
from linli.ledger.fleet.jobs.schema import job, job_list
from linli.ledger.shop.schema import retired_terminal
from linli.sync import topics
from linli.sync.job_messages import OPEN_AT_ONCE, JobOrder, Jobs
from linli.sync.messages import encode


def listed(connection: Connection, told: Mapping[str, str]) -> Iterator[Retained]:
    """The lists that are not told yet, of terminals in service. The connection must see one
    moment only."""
    query = (
        select(job_list.c.terminal, job_list.c.edition)
        .outerjoin(retired_terminal, retired_terminal.c.terminal == job_list.c.terminal)
        .where(job_list.c.edition > 0, retired_terminal.c.terminal.is_(None))
        .order_by(job_list.c.terminal)
    )
    changed = {
        row.terminal: str(row.edition)
        for row in connection.execute(query)
        if told.get(topics.jobs(row.terminal)) != str(row.edition)
    }
    for chunk in in_chunks(changed):
        orders = _orders(connection, chunk)
        for name in chunk:
            message = Jobs(terminal=name, jobs=orders[name])
            yield Retained(topics.jobs(name), changed[name], encode(message))


def _orders(connection: Connection, names: list[str]) -> dict[str, list[JobOrder]]:
    """The oldest open jobs of each; what waits beyond them is told when one of them has ended."""
    query = (
        select(job)
        .where(job.c.terminal.in_(names), job.c.ended_at.is_(None))
        .order_by(job.c.given_at, job.c.id)
    )
    orders: defaultdict[str, list[JobOrder]] = defaultdict(list)
    for row in connection.execute(query):
        if len(orders[row.terminal]) < OPEN_AT_ONCE:
            orders[row.terminal].append(
                JobOrder(
                    id=row.id,
                    until=row.until,
                    deadline_s=float(row.deadline_s),
                    task=Raw(row.task),
                    canceled=row.canceled_at is not None,
                )
            )
    return orders
