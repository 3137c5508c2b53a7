"""A terminal's copy of its scope: what the ledger's feed says, kept to be read in a moment.

A cache (docs/decisions/0002): it may be deleted at any time and is then fetched again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, Select, bindparam, delete, select
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from linli.sync.messages import (
    ActivityRow,
    Change,
    HotList,
    MomentRow,
    Row,
    Snapshot,
    StandardDoc,
    Stream,
    encode,
)
from linli.sync.replica_reads import ReplicaReads
from linli.sync.replica_schema import (
    KIND_OF,
    KINDS,
    RowKind,
    document,
    is_damage,
    moment,
    open_replica,
    position,
    remake_replica,
)
from linli.sync.sqlite import Database
from linli.sync.statements import upsert

log = structlog.get_logger()
MOMENTS_KEPT = 500

_PUT = {kind.struct: upsert(kind.table) for kind in KINDS}
_PUT_POSITION, _PUT_DOCUMENT = upsert(position), upsert(document)
_TRIM_MOMENTS = delete(moment).where(
    moment.c.id.in_(
        select(moment.c.id)
        .order_by(moment.c.at.desc(), moment.c.id.desc())
        .limit(-1)
        .offset(bindparam("kept"))
    )
)


class Outcome(StrEnum):
    """What came of a change: `gap` means that changes before it are missing."""

    APPLIED = "applied"
    OLD = "old"
    GAP = "gap"


class WrongFeedError(ValueError):
    """A change or snapshot is of another scope or stream than this replica follows."""


class Replica(ReplicaReads):
    """The replica of `scope` in the file at `path`, following `streams`.

    Reads may come from any thread; writes wait for each other. `on_change` listeners run after
    each write on the writing thread and must be quick.
    """

    def __init__(self, path: Path, scope: str, streams: tuple[Stream, ...]) -> None:
        self.scope = scope
        self.streams = streams
        self.programme = 0
        """Rises with each write that may have changed an activity."""
        self.misplaced = 0
        """Rows that came on a stream they do not belong to; they are left out."""
        self.on_change: list[Callable[[], None]] = []
        self._path = path
        self._writing = threading.Lock()
        self._engine = open_replica(path, scope)
        self._database = Database(self._engine)
        self._positions = {
            Stream(row.stream): int(row.number) for row in self._all(select(position))
        }
        self._hot_list: HotList | None = None
        self._hot: frozenset[str] = frozenset()
        self._standards: dict[str, bytes] = {}
        """Kept in memory too: the broker sends them once a connection, so a file made anew must
        get them from here."""
        for row in self._all(select(document)):
            if row.name == "hotlist" and (hot := self._decoded(HotList, row.body)) is not None:
                self._remember_hot(hot)
            elif row.name == "standard":
                self._standards[row.version] = row.body

    def position(self, stream: Stream) -> int | None:
        """The number of the newest change applied, None while nothing was loaded."""
        return self._positions.get(stream)

    def close(self) -> None:
        self._engine.dispose()

    def is_hot(self, card_id: str) -> bool:
        """Whether no terminal may accept the card with this id."""
        return card_id in self._hot

    # --- writing -----------------------------------------------------------------------------

    def apply(self, change: Change) -> Outcome:
        """Take the next change. Raises WrongFeedError, and SQLAlchemyError where the file cannot
        be written; nothing of the change is then kept."""
        self._check_feed(change)

        def write(connection: Connection) -> None:
            self._put(connection, change.stream, change.rows)
            _set_position(connection, change.stream, change.number)

        with self._writing:
            known = self._positions.get(change.stream)
            if known is None or change.number > known + 1:
                return Outcome.GAP
            if change.number <= known:
                return Outcome.OLD
            if not self._write(write):
                return Outcome.GAP
            self._positions[change.stream] = change.number
        self._changed(any(isinstance(row, ActivityRow) for row in change.rows))
        return Outcome.APPLIED

    def load(self, snapshot: Snapshot, *, replace: bool = False) -> None:
        """Put the snapshot in place of all rows of its stream, at once or not at all. One older
        than what is known is ignored, unless told to `replace` (the ledger was restored from a
        backup). Raises like `apply`."""
        self._check_feed(snapshot)

        def write(connection: Connection) -> None:
            for kind in KINDS:
                if kind.stream is snapshot.stream:
                    connection.execute(delete(kind.table))
            self._put(connection, snapshot.stream, snapshot.rows)
            _set_position(connection, snapshot.stream, snapshot.number)

        with self._writing:
            known = self._positions.get(snapshot.stream)
            if known is not None and snapshot.number < known and not replace:
                return
            if not self._write(write):
                return
            self._positions[snapshot.stream] = snapshot.number
        self._changed(snapshot.stream is Stream.CHANGES)

    def set_hot_list(self, doc: HotList) -> None:
        """Replace the hot list by a newer one; an older or equal version is ignored. Raises like
        `apply`."""
        if doc.scope != self.scope:
            raise WrongFeedError(f"the hot list is for {doc.scope}, not for {self.scope}")

        with self._writing:
            known = self._hot_list
            if known is not None and doc.version <= known.version:
                return
            self._remember_hot(doc)
            try:
                self._write(lambda connection: _put_hot_list(connection, doc))
            except SQLAlchemyError:
                # In force although it cannot be kept; sent again, it is to be written again.
                self._hot_list = known
                raise
        self._changed()

    def set_standard(self, doc: StandardDoc) -> None:
        """Keep a version of the standard beside those known; one with the same day takes the
        other's place. Raises like `apply`."""
        day, body = doc.effective_from.isoformat(), encode(doc)
        with self._writing:
            if self._standards.get(day) == body:
                return
            # A file made anew on the way is given all that is remembered, this one too.
            known, self._standards = self._standards, {**self._standards, day: body}
            try:
                self._write(lambda connection: _set_document(connection, "standard", day, body))
            except SQLAlchemyError:
                self._standards = known
                raise
        self._changed()

    def _remember_hot(self, doc: HotList) -> None:
        self._hot_list, self._hot = doc, frozenset(doc.cards)

    def _check_feed(self, message: Change | Snapshot) -> None:
        if message.scope != self.scope or message.stream not in self.streams:
            raise WrongFeedError(
                f"the replica of {self.scope} does not follow {message.scope}/{message.stream}"
            )

    def _put(self, connection: Connection, stream: Stream, rows: Iterable[Row]) -> None:
        by_kind: dict[type[Row], list[Row]] = {}
        for row in rows:
            by_kind.setdefault(type(row), []).append(row)
        for struct, group in by_kind.items():
            kind = KIND_OF[struct]
            if kind.stream is not stream:
                self._leave_out(struct, len(group))
                continue
            _upsert(connection, kind, group)
            if struct is MomentRow:
                _trim_moments(connection)

    def _leave_out(self, struct: type[Row], count: int) -> None:
        if self.misplaced == 0:
            log.warning("rows on the wrong stream left out", row=struct.__name__, scope=self.scope)
        self.misplaced += count

    def _changed(self, activities: bool = False) -> None:
        self.programme += activities
        for listener in self.on_change:
            listener()

    # --- the file ----------------------------------------------------------------------------

    def _write(self, work: Callable[[Connection], None]) -> bool:
        """Whether it was written; a file found broken is made anew instead, empty."""
        try:
            with self._database.writing() as connection:
                work(connection)
        except DatabaseError as error:
            if not is_damage(error):
                raise
            self._remake(error)
            return False
        return True

    def _all(self, query: Select[Any], **values: object) -> Sequence[Any]:
        database = self._database
        try:
            return database.read(query, **values)
        except DatabaseError as error:
            if not is_damage(error):
                raise
            broken = error
        with self._writing:
            if self._database is database:
                self._remake(broken)
        return self._database.read(query, **values)

    def _unreadable(self, struct: type[Any], error: Exception) -> None:
        """The rest of the file serves on; the stream is fetched anew as soon as it can be."""
        stream = KIND_OF[struct].stream if struct in KIND_OF else None
        with self._writing:
            if stream is not None and self._positions.get(stream):
                log.error("row unreadable, fetching anew", row=struct.__name__, error=str(error))
                self._positions[stream] = 0

    def _remake(self, error: Exception) -> None:
        log.error("replica damaged, made anew", scope=self.scope, error=str(error))
        self._engine = remake_replica(self._engine, self._path, self.scope)
        self._database = Database(self._engine)
        self._positions = {}
        self.programme += 1
        with self._database.writing() as connection:
            if self._hot_list is not None:
                _put_hot_list(connection, self._hot_list)
            for day, body in self._standards.items():
                _set_document(connection, "standard", day, body)


def _upsert(connection: Connection, kind: RowKind, rows: Sequence[Row]) -> None:
    columns = [{**kind.columns(row), "body": encode(row)} for row in rows]
    connection.execute(_PUT[kind.struct], columns)


def _trim_moments(connection: Connection) -> None:
    connection.execute(_TRIM_MOMENTS, {"kept": MOMENTS_KEPT})


def _set_position(connection: Connection, stream: Stream, number: int) -> None:
    connection.execute(_PUT_POSITION, {"stream": stream.value, "number": number})


def _put_hot_list(connection: Connection, doc: HotList) -> None:
    _set_document(connection, "hotlist", "newest", encode(doc))


def _set_document(connection: Connection, name: str, version: str, body: bytes) -> None:
    connection.execute(_PUT_DOCUMENT, {"name": name, "version": version, "body": body})
