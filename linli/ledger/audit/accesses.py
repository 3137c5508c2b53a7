"""Checks of the log of looks at personal data: no row is missing, none was changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import Connection, select

from linli.ledger.audit.difference import Difference
from linli.ledger.people.access_log import GENESIS, digest_of
from linli.ledger.people.personal_schema import audit_head, audit_log
from linli.ledger.standard.versions import Standards


def looks_are_chained(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Each row follows the one before it, up to the head."""
    number, digest = 0, GENESIS
    for row in connection.execute(select(audit_log).order_by(audit_log.c.number)):
        told = row._asdict()
        kept = told.pop("digest")
        told["at"] = row.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
        if (row.number, row.previous) != (number + 1, digest):
            yield Difference(
                f"look {row.number}, number and the digest before it",
                (row.number, row.previous),
                (number + 1, digest),
            )
        if kept != digest_of(told):
            yield Difference(f"look {row.number}, digest", kept, digest_of(told))
        number, digest = row.number, kept
    head = connection.execute(select(audit_head.c.number, audit_head.c.digest)).first()
    if head is None or tuple(head) != (number, digest):
        yield Difference(
            "looks, their end", None if head is None else tuple(head), (number, digest)
        )
