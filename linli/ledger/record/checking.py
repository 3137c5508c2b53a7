"""Looks a leaf up in the public record and follows its proof, for people who watch it done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, select

from linli.ledger.record.log import RecordError, newest_note, read_leaves, read_node
from linli.ledger.record.schema import log_checkpoint, log_leaf
from linli.sync.record.checkpoint import Checkpoint, parse_checkpoint
from linli.sync.record.leaves import Leaf, LeafError, Opening, opens, parse_leaf
from linli.sync.record.merkle import leaf_hash
from linli.sync.record.notes import Note, parse_note
from linli.sync.record.proof_files import ProofFile, write_proof_file
from linli.sync.record.proofs import (
    ProofError,
    Step,
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
    walk_inclusion,
)


@dataclass(frozen=True, slots=True)
class Looked:
    """A leaf that was found in the tree of `checkpoint`, step by step. `corrected_at` is the place
    of a later leaf that takes it back. `newest` is the tree of today, which was found to begin with
    the one of `checkpoint`."""

    place: int
    leaf: Leaf
    hash: bytes
    steps: tuple[Step, ...]
    checkpoint: Checkpoint
    newest: Checkpoint
    corrected_at: int | None

    @property
    def day(self) -> dt.date:
        """When the deed was done."""
        return dt.date.fromisoformat(self.leaf.day)


def look_up(connection: Connection, place: int) -> Looked:
    """The leaf at `place`, proven anew. Raises RecordError where there is none, ProofError where
    the record contradicts its own checkpoint."""
    newest = parse_checkpoint(newest_note(connection).text)
    raw = _leaf_at(connection, place, newest)
    proof = inclusion_proof(place, newest.size, read_node(connection))
    return _walked(connection, place, raw, proof, newest, newest)


def proof_file(connection: Connection, place: int) -> str:
    """The proof of the leaf at `place` against the newest checkpoint, to keep. Raises
    RecordError."""
    note = newest_note(connection)
    newest = parse_checkpoint(note.text)
    raw = _leaf_at(connection, place, newest)
    proof = inclusion_proof(place, newest.size, read_node(connection))
    return write_proof_file(place, raw, proof, note)


def find_place(connection: Connection, opening: Opening) -> int:
    """Where the deed of this opening is. Raises RecordError where no leaf opens with it."""
    query = select(log_leaf.c.place, log_leaf.c.leaf).where(log_leaf.c.deed == opening.deed)
    for row in connection.execute(query.order_by(log_leaf.c.place)):
        if opens(opening, parse_leaf(bytes(row.leaf))):
            return int(row.place)
    raise RecordError("no leaf of the record opens with this receipt")


def check_kept(connection: Connection, kept: ProofFile) -> Looked:
    """A proof that somebody kept, against the checkpoint in it, that one against what the ledger
    signed, and the ledger's tree of today against both. Raises ProofError where one of them does
    not hold, RecordError where the ledger never signed that checkpoint."""
    signed = _signed(connection, kept.checkpoint.size)
    if signed.text != kept.note.text:
        raise ProofError("the kept checkpoint is not the one that this ledger signed")
    if not kept.leaf:
        raise ProofError("the proof has no leaf with it: give the file as it was downloaded")
    then = kept.checkpoint
    newest = parse_checkpoint(newest_note(connection).text)
    if 0 < then.size < newest.size:
        grown = consistency_proof(then.size, newest.size, read_node(connection))
        verify_consistency(then.size, newest.size, grown, then.root, newest.root)
    return _walked(connection, kept.index, kept.leaf, list(kept.proof), then, newest)


def _walked(
    connection: Connection,
    place: int,
    raw: bytes,
    proof: list[bytes],
    checkpoint: Checkpoint,
    newest: Checkpoint,
) -> Looked:
    hash_ = leaf_hash(raw)
    verify_inclusion(place, checkpoint.size, hash_, proof, checkpoint.root)
    try:
        leaf = parse_leaf(raw)
    except LeafError as error:
        raise ProofError(f"what is proven is no leaf: {error}") from error
    steps = walk_inclusion(place, checkpoint.size, hash_, proof)
    later = _corrected_at(connection, place)
    return Looked(place, leaf, hash_, tuple(steps), checkpoint, newest, later)


def _leaf_at(connection: Connection, place: int, newest: Checkpoint) -> bytes:
    if not 0 <= place < newest.size:
        raise RecordError(f"the record has no leaf {place}: it has {newest.size}, counted from 0")
    (raw,) = read_leaves(connection, place, place + 1)
    return bytes(raw)


def _signed(connection: Connection, size: int) -> Note:
    query = select(log_checkpoint.c.note).where(log_checkpoint.c.size == size)
    kept = connection.execute(query).scalar()
    if kept is None:
        raise RecordError(f"this ledger never signed a tree of {size} leaves")
    return parse_note(bytes(kept))


def _corrected_at(connection: Connection, place: int) -> int | None:
    this = log_leaf.alias("this")
    query = (
        select(log_leaf.c.place)
        .join(this, this.c.deed == log_leaf.c.deed)
        .where(this.c.place == place, log_leaf.c.place > place)
        .order_by(log_leaf.c.place.desc())
        .limit(1)
    )
    found = connection.execute(query).scalar()
    return None if found is None else int(found)
