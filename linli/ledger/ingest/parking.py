"""What cannot be taken is kept with the reason, for a person to look at; it disturbs nothing.

Messages that nobody vouches for (no valid signature) are bounded in number and size: anybody who
reaches the broker could send them. What a known terminal signed is kept for good; where very much
of one piles up, nothing more of it is taken until somebody has looked (`guard.py`), so that it
still has itself whatever would come on top.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from linli.ledger.database import upsert
from linli.ledger.ingest.events import Reason
from linli.ledger.ingest.schema import parked
from linli.ledger.terminals.schema import terminal

UNSIGNED_KEPT = 1000
SIZE_CAP = 1024 * 1024
"""A batch of a hundred events is some 40 kB; nothing of ours is ever this large."""
PAYLOAD_KEPT = 64 * 1024
"""Of a message that nobody vouches for, this many bytes are kept."""
TRIM_EVERY = 100
UNSIGNED_OF_ONE = 200
"""Of these, as many may stand under one name: one that talks rubbish does not push out what shows
that another's key is wrong."""
PILE, PILE_BYTES = 200_000, 256 * 1024 * 1024
"""More than an honest terminal brings after a month without the network, all of it set aside
because the ledger lost its people or its activities."""


@dataclass(frozen=True)
class Parked:
    """One thing that waits for a person. `count` is how often it came."""

    terminal: str
    digest: str
    reason: str
    detail: str
    signed: bool
    seq: int | None
    count: int
    first_at: dt.datetime
    last_at: dt.datetime


def park(
    connection: Connection,
    terminal: str,
    payload: bytes,
    reason: Reason,
    detail: str,
    now: dt.datetime,
    *,
    signed: bool,
    seq: int | None = None,
) -> None:
    """Keep it, or count it once more where just this is kept already."""
    digest = hashlib.sha256(payload).hexdigest()
    name = terminal[:200].replace("\0", "�")
    key = (parked.c.terminal == name) & (parked.c.digest == digest)
    known = connection.execute(
        update(parked).where(key).values(count=parked.c.count + 1, last_at=now)
    )
    if known.rowcount and not (signed and _nobody_vouched(connection, key)):
        return
    row = {
        "terminal": name,
        "digest": digest,
        "reason": reason.value,
        "detail": detail[:500].replace("\0", "�"),
        "signed": signed,
        "seq": seq,
        "payload": payload if signed else payload[:PAYLOAD_KEPT],
        "count": 1,
        "first_at": now,
        "last_at": now,
    }
    upsert(connection, parked, [row])
    if not signed:
        _trim(connection, name)


def _nobody_vouched(connection: Connection, key: ColumnElement[bool]) -> bool:
    """It came before under a name that was not registered yet: now it is worth more."""
    return not connection.execute(select(parked.c.signed).where(key)).scalar_one()


def _trim(connection: Connection, name: str) -> None:
    unsigned = parked.c.signed.is_(False)
    _keep_newest(connection, unsigned & (parked.c.terminal == name), UNSIGNED_OF_ONE)
    _keep_newest(connection, unsigned, UNSIGNED_KEPT)


def _keep_newest(connection: Connection, which: ColumnElement[bool], most: int) -> None:
    kept = connection.execute(select(func.count()).select_from(parked).where(which)).scalar_one()
    if kept < most + TRIM_EVERY:
        return
    newest = select(parked.c.last_at).where(which).order_by(parked.c.last_at.desc())
    last_at = connection.execute(newest.offset(most - 1).limit(1)).scalar_one()
    connection.execute(delete(parked).where(which, parked.c.last_at < last_at))


def piled_up(connection: Connection) -> list[str]:
    """Terminals in service of which so much is set aside that a person has to look first."""
    count, size = func.count(), func.sum(func.length(parked.c.payload))
    query = (
        select(parked.c.terminal)
        .join(terminal, terminal.c.name == parked.c.terminal)
        .where(parked.c.signed.is_(True), terminal.c.quarantined_at.is_(None))
        .group_by(parked.c.terminal)
        .having((count > PILE) | (size > PILE_BYTES))
    )
    return list(connection.execute(query).scalars())


def list_parked(connection: Connection, scope: str | None = None) -> list[Parked]:
    """Everything parked, newest first; with `scope` without what is of terminals of other
    communities."""
    columns = [parked.c[name] for name in Parked.__dataclass_fields__]
    query = select(*columns).order_by(parked.c.last_at.desc())
    if scope is not None:
        others = select(terminal.c.name).where(terminal.c.scope != scope)
        query = query.where(parked.c.terminal.not_in(others))
    rows = connection.execute(query)
    return [Parked(**row._asdict()) for row in rows]
