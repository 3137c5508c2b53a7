"""The proof of somebody's own deed: that the public record has it, unchanged, for good."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select

from linli.ledger.journal.schema import deed
from linli.ledger.record.log import RecordError, newest_note, read_node
from linli.ledger.record.schema import log_leaf
from linli.sync.record.checkpoint import Checkpoint, parse_checkpoint
from linli.sync.record.leaves import Leaf, LeafError, Opening, open_for, opens, parse_leaf
from linli.sync.record.merkle import leaf_hash
from linli.sync.record.notes import Note
from linli.sync.record.proofs import inclusion_proof, verify_inclusion


@dataclass(frozen=True, slots=True)
class Proved:
    """One leaf of a deed, checked: it opens with what only its bearer is given, and the path of
    hashes from it leads to the root that was signed. `raw` are its bytes as everybody gets them."""

    opening: Opening
    leaf: Leaf
    raw: bytes
    place: int
    path: Sequence[bytes]
    checkpoint: Checkpoint
    note: Note

    @property
    def signers(self) -> list[str]:
        """Whose signatures the checkpoint carries; they are checked with keys from elsewhere."""
        return list(dict.fromkeys(signature.name for signature in self.note.signatures))

    def document(self) -> bytes:
        """All that is needed to check it without this ledger, as JSON."""
        told = {
            "opening": msgspec.to_builtins(self.opening),
            "leaf": self.raw.decode(),
            "place": self.place,
            "path": [base64.b64encode(step).decode() for step in self.path],
            "checkpoint": str(self.note),
        }
        return msgspec.json.format(msgspec.json.encode(told), indent=1)


def prove(connection: Connection, deed_id: str) -> list[Proved]:
    """What the newest checkpoint proves of a deed: that it was posted, and where it was, that it
    was taken back. Empty before a checkpoint has it. Raises ProofError, LeafError or RecordError
    where the record does not hold what it should: nothing is shown as proved that is not."""
    try:
        note = newest_note(connection)
    except RecordError:
        return []
    checkpoint = parse_checkpoint(note.text)
    query = (
        select(log_leaf, deed.c.account)
        .join(deed, deed.c.id == log_leaf.c.deed)
        .where(log_leaf.c.deed == deed_id, log_leaf.c.place < checkpoint.size)
        .order_by(log_leaf.c.place)
    )
    found = []
    for row in connection.execute(query).all():
        if row.salt is None:
            continue
        raw, opening = bytes(row.leaf), open_for(row.account, deed_id, bytes(row.salt))
        path = inclusion_proof(row.place, checkpoint.size, read_node(connection))
        one = Proved(opening, parse_leaf(raw), raw, row.place, path, checkpoint, note)
        _check(one)
        found.append(one)
    return found


def _check(one: Proved) -> None:
    if not opens(one.opening, one.leaf):
        raise LeafError(f"leaf {one.place} does not open as deed {one.opening.deed}")
    size, root = one.checkpoint.size, one.checkpoint.root
    verify_inclusion(one.place, size, leaf_hash(one.raw), one.path, root)
