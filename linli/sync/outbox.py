"""What the terminal still owes the ledger: events, and the signed batches made of them.

A number is given out once and for good: `seq` to an event inside the transaction that commits the
tap, `number` to a batch before it is published for the first time. Rows leave the outbox only on
the ledger's watermark (docs/decisions/0004); events and batches themselves are kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import UNSET, Raw
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from linli.sync.clock import Clock
from linli.sync.messages import TYPE_OF_EVENT, Batch, Envelope, Event, encode
from linli.sync.signing import GENESIS, seal
from linli.sync.sqlite import Database
from linli.sync.tracing import traceparent

BATCH_EVENTS = 100

metadata = MetaData()

event_table = Table(
    "event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("type", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("made_at", String, nullable=False),
)

outbox_table = Table(
    "outbox",
    metadata,
    Column("seq", ForeignKey("event.seq"), primary_key=True, autoincrement=False),
)

batch_table = Table(
    "batch",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("payload", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    Column("first_seq", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("settled", Boolean, nullable=False, index=True),
)

# Built once: to build a statement costs more than to run it.
_HIGHEST = select(func.max(event_table.c.seq))
_OLDEST = (
    select(event_table.c.made_at)
    .join(outbox_table, outbox_table.c.seq == event_table.c.seq)
    .order_by(outbox_table.c.seq)
    .limit(1)
)
_LOWEST = select(func.min(outbox_table.c.seq))
_WAITING = select(func.count()).select_from(outbox_table)
_ADD_EVENT, _ADD_TO_OUTBOX, _ADD_BATCH = (
    insert(event_table),
    insert(outbox_table),
    insert(batch_table),
)
_CHAIN_END = (
    select(batch_table.c.number, batch_table.c.digest, batch_table.c.last_seq)
    .order_by(batch_table.c.number.desc())
    .limit(1)
)
_LOOSE = (
    select(event_table.c.seq, event_table.c.body)
    .where(event_table.c.seq > bindparam("after"))
    .order_by(event_table.c.seq)
    .limit(bindparam("most"))
)
"""The next events in no batch; batches hold consecutive seqs, so they lie above the last."""
_PENDING = (
    select(batch_table)
    .where(batch_table.c.settled.is_(False))
    .order_by(batch_table.c.number)
    .limit(bindparam("most"))
)
_DIGEST = select(batch_table.c.digest).where(batch_table.c.number == bindparam("number"))
_TAKE_OFF = delete(outbox_table).where(outbox_table.c.seq <= bindparam("watermark"))
_SETTLE = (
    update(batch_table)
    .where(batch_table.c.settled.is_(False), batch_table.c.last_seq <= bindparam("watermark"))
    .values(settled=True)
)

_SETTLED_TO = select(func.max(batch_table.c.last_seq)).where(batch_table.c.settled)
_OWE_AGAIN = insert(outbox_table).from_select(
    ["seq"],
    select(event_table.c.seq).where(
        event_table.c.seq > bindparam("watermark"),
        event_table.c.seq.not_in(select(outbox_table.c.seq)),
    ),
)
_UNSETTLE = (
    update(batch_table)
    .where(batch_table.c.settled, batch_table.c.last_seq > bindparam("watermark"))
    .values(settled=False)
)


class WatermarkError(ValueError):
    """The other end confirms events that were never sent to it: it holds another terminal's
    events under this name, or this terminal's database is an old copy. Nothing was deleted."""


@dataclass(frozen=True)
class Sealed:
    """A batch as it goes over the wire, the same bytes each time."""

    number: int
    payload: bytes
    first_seq: int
    last_seq: int


@dataclass(frozen=True)
class _Link:
    """The end of the chain: what the next batch follows."""

    number: int
    digest: str
    last_seq: int


NOTHING_SENT = _Link(0, GENESIS, 0)


class Outbox:
    """One terminal's events on their way, in the terminal's own database. `boot_id` is new with
    each start of the program; `clock` gives the monotonic time that events of one boot share.

    Every method raises SQLAlchemyError where the database cannot be read or written; nothing of
    the call is then kept."""

    def __init__(
        self, database: Database, terminal: str, key: Ed25519PrivateKey, clock: Clock, boot_id: str
    ) -> None:
        self.terminal = terminal
        self._database = database
        self._key = key
        self._clock = clock
        self._boot_id = boot_id

    def record(
        self, connection: Connection, event: Event, at: dt.datetime | None = None, trace: str = ""
    ) -> int:
        """Append the event inside the caller's transaction and return its seq. `at` is the
        moment the caller decided by, where that matters; else now. `trace` names the tap.

        The transaction must have begun with BEGIN IMMEDIATE (`Database.writing` sees to it):
        the number is the highest so far plus one, so one rolled back leaves no gap."""
        highest: int | None = connection.execute(_HIGHEST).scalar()
        seq = (highest or 0) + 1
        moment = at or self._clock.now()
        envelope = Envelope(
            id=f"{self.terminal}/{seq}",
            source=self.terminal,
            type=TYPE_OF_EVENT[type(event)],
            time=moment,
            seq=seq,
            bootid=self._boot_id,
            monotonicms=int(self._clock.monotonic() * 1000),
            clockgood=self._clock.good(),
            data=Raw(encode(event)),
            traceparent=traceparent(trace) if trace else UNSET,
        )
        row = {
            "seq": seq,
            "type": envelope.type,
            "body": encode(envelope),
            "made_at": moment.isoformat(),
        }
        connection.execute(_ADD_EVENT, row)
        connection.execute(_ADD_TO_OUTBOX, {"seq": seq})
        return seq

    def waiting(self) -> int:
        """Events that the ledger has not confirmed."""
        return int(self._database.read(_WAITING)[0][0])

    def oldest(self) -> dt.datetime | None:
        """When the first event that the ledger has not confirmed was made, by the clock of then."""
        rows = self._database.read(_OLDEST)
        return dt.datetime.fromisoformat(rows[0].made_at) if rows else None

    def form(self, limit: int | None = None) -> list[Sealed]:
        """Put events that are in no batch yet into new ones, at most `limit`, and return those.

        They are committed when this returns, so that whatever was published once can be
        published again byte for byte, also after a crash."""
        end = _end_of(self._database.read(_CHAIN_END))
        if not self._database.read(_LOOSE, after=end.last_seq, most=1):
            return []
        with self._database.writing() as connection:
            return list(self._formed(connection, limit))

    def _formed(self, connection: Connection, limit: int | None) -> Iterator[Sealed]:
        end, made = _end_of(connection.execute(_CHAIN_END).all()), 0
        while limit is None or made < limit:
            events = connection.execute(_LOOSE, {"after": end.last_seq, "most": BATCH_EVENTS}).all()
            if not events:
                return
            batch = Batch(
                terminal=self.terminal,
                number=end.number + 1,
                previous=end.digest,
                events=[Raw(event.body) for event in events],
            )
            payload, digest = seal(batch, self._key)
            sealed = Sealed(batch.number, payload, events[0].seq, events[-1].seq)
            connection.execute(_ADD_BATCH, {**vars(sealed), "digest": digest, "settled": False})
            end, made = _Link(sealed.number, digest, sealed.last_seq), made + 1
            yield sealed

    def pending_batches(self, limit: int | None = None) -> list[Sealed]:
        """Batches above the watermark, oldest first, at most `limit`."""
        rows = self._database.read(_PENDING, most=-1 if limit is None else limit)
        return [Sealed(row.number, row.payload, row.first_seq, row.last_seq) for row in rows]

    def settle(self, watermark: int, batch: int = 0, digest: str = "") -> int:
        """The ledger keeps everything up to `watermark`: take it off the outbox and return how
        many events that were. One lower than before puts events back: then the answer is below 0.
        `batch` and `digest` say which batch brought the last of it, where the ledger tells.

        Raises WatermarkError for one beyond what was ever put into a batch, and for a batch of
        another terminal with this name: then nothing here is confirmed."""
        if batch and [row.digest for row in self._database.read(_DIGEST, number=batch)] != [digest]:
            raise WatermarkError(
                f"the ledger keeps another batch {batch} under the name {self.terminal}: this"
                " identity is in use twice, or terminal.db is an old copy"
            )
        sent = _end_of(self._database.read(_CHAIN_END)).last_seq
        if watermark < self._settled_to():
            return self._reopen(watermark)
        lowest: int | None = self._database.read(_LOWEST)[0][0]
        if watermark > sent:
            raise WatermarkError(
                f"the ledger confirms events of {self.terminal} up to {watermark}, but only"
                f" {sent} were ever sent: check that no other terminal has this name and that"
                " terminal.db is not an old copy"
            )
        if lowest is None or watermark < lowest:
            return 0
        with self._database.writing() as connection:
            deleted = connection.execute(_TAKE_OFF, {"watermark": watermark})
            connection.execute(_SETTLE, {"watermark": watermark})
            return deleted.rowcount

    def _settled_to(self) -> int:
        """The highest seq that the ledger has confirmed so far."""
        return int(self._database.read(_SETTLED_TO)[0][0] or 0)

    def _reopen(self, watermark: int) -> int:
        """The ledger confirms less than before: it was put back to an older state, and what it
        has lost is owed again. Returns minus how many events that are; a late answer costs no
        more than sending them once too often."""
        with self._database.writing() as connection:
            owed = connection.execute(_OWE_AGAIN, {"watermark": watermark}).rowcount
            connection.execute(_UNSETTLE, {"watermark": watermark})
            return -owed


def _end_of(rows: Sequence[Row[int, str, int]]) -> _Link:
    return _Link(rows[0].number, rows[0].digest, rows[0].last_seq) if rows else NOTHING_SENT
