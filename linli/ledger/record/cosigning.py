"""Cosignatures that come from elsewhere: made by a panel's leader on a machine of their own, looked
at here, and put under the checkpoint. No private key of theirs is ever on this side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from linli.ledger.database import upsert
from linli.ledger.record.log import RecordError
from linli.ledger.record.schema import cosigner, log_checkpoint
from linli.sync.periods import SHANGHAI
from linli.sync.record.checkpoint import (
    Checkpoint,
    CosignerKey,
    cosigned_at,
    parse_checkpoint,
)
from linli.sync.record.keys import NoteError
from linli.sync.record.notes import LONGEST_NOTE, Note, parse_note, verify

AHEAD = dt.timedelta(minutes=10)
"""How far a cosigner's clock may be before ours."""


@dataclass(frozen=True, slots=True)
class Cosigned:
    """Who stood by a checkpoint, and when. `known` is whether the key is one of a leader's here."""

    name: str
    at: dt.datetime
    known: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint with those who cosigned it."""

    checkpoint: Checkpoint
    made_at: dt.datetime
    cosigned: Sequence[Cosigned]


def checkpoints(connection: Connection) -> list[Kept]:
    """All that were made, the newest first."""
    keys = [CosignerKey.parse(key) for key in connection.execute(select(cosigner.c.key)).scalars()]
    query = select(log_checkpoint).order_by(log_checkpoint.c.size.desc())
    return [_kept(parse_note(r.note), r.made_at, keys) for r in connection.execute(query)]


def read_note(connection: Connection, size: int) -> bytes:
    """The checkpoint of that size as it is published. Raises RecordError."""
    query = select(log_checkpoint.c.note).where(log_checkpoint.c.size == size)
    kept = connection.execute(query).scalar()
    if kept is None:
        raise RecordError(f"there is no checkpoint of {size} leaves")
    return bytes(kept)


def key_of(connection: Connection, login: str) -> str:
    """The public key that they cosigned with last, empty before the first time."""
    query = select(cosigner.c.key).where(cosigner.c.login == login)
    return connection.execute(query).scalar() or ""


def take_cosignature(
    connection: Connection, login: str, raw: bytes, key_text: str, now: dt.datetime
) -> Checkpoint:
    """What a leader brings: the file, and the line of their public key, which is kept. Raises
    RecordError."""
    key = _key(key_text)
    checkpoint = put_cosignature(connection, raw, key, now)
    upsert(connection, cosigner, [{"login": login, "key": str(key), "since": now}])
    return checkpoint


def put_cosignature(
    connection: Connection, raw: bytes, key: CosignerKey, now: dt.datetime
) -> Checkpoint:
    """Put the cosignature in this file, made with this key, under the checkpoint that it is of;
    what is there already stays. Raises RecordError for anything that does not fit."""
    note, checkpoint = _read(raw)
    query = select(log_checkpoint.c.note).where(log_checkpoint.c.size == checkpoint.size)
    published = connection.execute(query.with_for_update()).scalar()
    if published is None or (kept := parse_note(published)).text != note.text:
        raise RecordError("this is no checkpoint of this record: download it anew and cosign that")
    if key.name == checkpoint.origin:
        raise RecordError("a cosigner needs a name of their own, not that of the record")
    mine = [one for one in note.signatures if one.made_with(key)]
    if not mine:
        raise RecordError(
            "the file is not cosigned with this key: take the file and the key of one"
        )
    try:
        verify(Note(note.text, (mine[-1],)), [key])
    except NoteError as error:
        raise RecordError("the cosignature is wrong: cosign the downloaded file again") from error
    if cosigned_at(mine[-1]) > (now + AHEAD).timestamp():
        raise RecordError("the cosignature is of a time to come: set your computer's clock right")
    whole = str(kept.signed_by(mine[-1])).encode()
    where = log_checkpoint.c.size == checkpoint.size
    connection.execute(update(log_checkpoint).where(where).values(note=whole))
    return checkpoint


def _key(text: str) -> CosignerKey:
    try:
        return CosignerKey.parse(text.strip())
    except NoteError as error:
        raise RecordError(
            "this is no cosigner's public key: copy the whole line that the command printed"
        ) from error


def _read(raw: bytes) -> tuple[Note, Checkpoint]:
    try:
        if len(raw) > LONGEST_NOTE:
            raise NoteError("too long")
        note = parse_note(raw.replace(b"\r\n", b"\n"))
        return note, parse_checkpoint(note.text)
    except NoteError as error:
        raise RecordError(
            "this file is no cosigned checkpoint: choose the one that the command wrote"
        ) from error


def _kept(note: Note, made_at: dt.datetime, keys: Sequence[CosignerKey]) -> Kept:
    cosigned = []
    checkpoint = parse_checkpoint(note.text)
    for signature in note.signatures:
        if signature.name == checkpoint.origin:
            continue
        known = any(signature.made_with(key) for key in keys)
        try:
            at = dt.datetime.fromtimestamp(cosigned_at(signature), SHANGHAI)
        except (NoteError, ValueError, OverflowError, OSError):
            continue
        cosigned.append(Cosigned(signature.name, at, known))
    return Kept(checkpoint, made_at, cosigned)
