"""What a terminal that is gone had not sent yet, brought to the ledger from its card.

The card is only read: its database is copied first, as it may be the last thing it does. Batches
that the terminal had signed go as they are. Events that were in no batch yet are put into batches
with the terminal's own key, which lies beside them; the same ones each time, so that it may be done
twice. The terminal must not run again after that: it would form other ones.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import requests
from sqlalchemy.exc import SQLAlchemyError
from urllib3.exceptions import HTTPError

from linli.sync.clock import Clock
from linli.sync.enrolment import Brought, read_brought
from linli.sync.outbox import Outbox
from linli.sync.signing import MalformedError, load_or_make_key, sender_of
from linli.sync.sqlite import Database, open_engine

DATABASE, KEY = "terminal.db", "terminal.key"
BESIDE = ("", "-wal", "-shm")
TIMEOUT_S = (5.0, 60.0)
LARGEST = 64 * 1024
HIGHEST = "SELECT coalesce(max(number), 0) FROM batch"
BATCH = "SELECT last_seq, settled, payload FROM batch WHERE number = ?"
LOOSE = "SELECT count(*) FROM event WHERE seq > (SELECT coalesce(max(last_seq), 0) FROM batch)"


class RescueError(OSError):
    """Nothing can be brought; the text says why and what to do."""


@dataclass(frozen=True)
class Batch:
    number: int
    last_seq: int
    settled: bool
    payload: bytes


@dataclass
class Card:
    """What was found on it. `unreadable` are numbers of batches that the disk does not give any
    more; `loose` events are in no batch, and there is no key to sign one with."""

    terminal: str = ""
    batches: list[Batch] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    formed: int = 0
    loose: int = 0


@dataclass
class Rescued:
    """`fresh` events the ledger had not, in `sent` batches; `forks` were set aside whole; up to
    `watermark` it has all."""

    terminal: str
    sent: int = 0
    fresh: int = 0
    forks: int = 0
    watermark: int = 0
    missing: int = 0
    """Batches that are not readable, and events without a key."""

    @property
    def whole(self) -> bool:
        return not self.missing and not self.forks


def read_card(directory: Path, work: Path, clock: Clock) -> Card:
    """What is on the card mounted at `directory`; `work` is an empty directory of ours. Raises
    RescueError."""
    source = directory / DATABASE
    if not source.exists():
        raise RescueError(f"there is no {source}: give the directory that `data` named there")
    try:
        for ending in BESIDE:
            if (part := Path(f"{source}{ending}")).exists():
                shutil.copyfile(part, work / part.name)
        card = _read(work / DATABASE)
    except (OSError, sqlite3.Error) as error:
        raise RescueError(f"{source} cannot be read: {error}") from error
    if card.loose and (directory / KEY).exists():
        _form(card, directory / KEY, work, clock)
    if not card.terminal:
        raise RescueError(f"{source} holds nothing of a terminal: it never signed a batch")
    return card


def bring(card: Card, post: Callable[[bytes], Brought]) -> Rescued:
    """Everything that the ledger may not have. `post` brings one batch; what it raises is passed
    on, and what was brought before that is kept: start again."""
    done = Rescued(card.terminal, missing=len(card.unreadable) + card.loose)
    owed = [batch for batch in card.batches if not batch.settled]
    for batch in owed or card.batches[-1:]:
        _bring(batch, done, post)
    settled = [batch for batch in card.batches if batch.settled and batch.last_seq > done.watermark]
    for batch in settled if not done.forks else ():
        # The ledger was put back to an older state since it confirmed these.
        _bring(batch, done, post)
    return done


def poster(url: str, terminal: str, session: requests.Session) -> Callable[[bytes], Brought]:
    """Brings batches to the ledger at `url`; RescueError where it does not take one."""
    address = f"{url.rstrip('/')}/v1/terminals/{terminal}/batches"

    def post(payload: bytes) -> Brought:
        try:
            answer = session.post(
                address, data=payload, timeout=TIMEOUT_S, allow_redirects=False, stream=True
            )
            body = answer.raw.read(LARGEST, decode_content=True)
            if answer.status_code != requests.codes.ok:
                said = body.decode("utf-8", "replace")[:300]
                raise RescueError(f"{address} answered {answer.status_code}: {said}")
            return read_brought(body)
        except (requests.RequestException, HTTPError, MalformedError) as error:
            raise RescueError(f"{address}: {error}. Start again: nothing is taken twice") from error

    return post


def _bring(batch: Batch, done: Rescued, post: Callable[[bytes], Brought]) -> None:
    answer = post(batch.payload)
    done.sent += 1
    done.fresh += answer.fresh
    done.forks += not answer.taken
    done.watermark = answer.watermark


def _read(database: Path) -> Card:
    """Row by row: a page that is gone costs what is on it alone. Raises sqlite3.Error."""
    card = Card()
    with closing(sqlite3.connect(database)) as connection:
        (highest,) = connection.execute(HIGHEST).fetchone()
        for number in range(1, highest + 1):
            try:
                last_seq, settled, payload = connection.execute(BATCH, (number,)).fetchone()
                card.terminal = sender_of(payload)
            except (sqlite3.DatabaseError, MalformedError, TypeError):
                card.unreadable.append(number)
            else:
                card.batches.append(Batch(number, last_seq, bool(settled), payload))
        card.loose = connection.execute(LOOSE).fetchone()[0]
        if card.loose and not card.terminal:
            card.terminal = _source(connection)
    return card


def _source(connection: sqlite3.Connection) -> str:
    """Whose events these are, where no batch says it."""
    query = "SELECT json_extract(body, '$.source') FROM event ORDER BY seq LIMIT 1"
    return str(connection.execute(query).fetchone()[0] or "")


def _form(card: Card, key_file: Path, work: Path, clock: Clock) -> None:
    """Put the loose events into batches, in the copy."""
    try:
        key = load_or_make_key(key_file)
        engine = open_engine(work / DATABASE)
    except (MalformedError, SQLAlchemyError):
        return
    try:
        formed = Outbox(Database(engine), card.terminal, key, clock, "rescue").form()
    except SQLAlchemyError:
        return
    finally:
        engine.dispose()
    card.batches += [Batch(one.number, one.last_seq, False, one.payload) for one in formed]
    card.formed, card.loose = card.loose, 0
