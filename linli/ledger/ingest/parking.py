"""What cannot be taken is kept with the reason, for a person to look at; it disturbs nothing.

Messages that nobody vouches for (no valid signature) are bounded in number and size: anybody who
reaches the broker could send them. What a known terminal signed is kept for good.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from linli.ledger.database import upsert
from linli.ledger.ingest.events import Reason
from linli.ledger.ingest.schema import parked

UNSIGNED_KEPT = 1000
SIZE_CAP = 1024 * 1024
"""A batch of a hundred events is some 40 kB; nothing of ours is ever this large."""
PAYLOAD_KEPT = 64 * 1024
"""Of a message that nobody vouches for, this many bytes are kept."""
TRIM_EVERY = 100


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
        _trim(connection)


def _nobody_vouched(connection: Connection, key: ColumnElement[bool]) -> bool:
    """It came before under a name that was not registered yet: now it is worth more."""
    return not connection.execute(select(parked.c.signed).where(key)).scalar_one()


def _trim(connection: Connection) -> None:
    unsigned = parked.c.signed.is_(False)
    kept = connection.execute(select(func.count()).select_from(parked).where(unsigned)).scalar_one()
    if kept < UNSIGNED_KEPT + TRIM_EVERY:
        return
    oldest_kept = (
        select(parked.c.last_at)
        .where(unsigned)
        .order_by(parked.c.last_at.desc())
        .offset(UNSIGNED_KEPT - 1)
        .limit(1)
    )
    last_at = connection.execute(oldest_kept).scalar_one()
    connection.execute(delete(parked).where(unsigned, parked.c.last_at < last_at))


def list_parked(connection: Connection) -> list[Parked]:
    """Everything parked, newest first."""
    columns = [parked.c[name] for name in Parked.__dataclass_fields__]
    rows = connection.execute(select(*columns).order_by(parked.c.last_at.desc()))
    return [Parked(**row._asdict()) for row in rows]
