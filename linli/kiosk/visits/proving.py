"""Follows the proof of a deed on this terminal, trusting nothing but the record's public key."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from linli.kiosk.flows.visit_views import Proof
from linli.sync.asks import Proven
from linli.sync.record.keys import NoteError, NoteKey
from linli.sync.record.leaves import LeafError, opens, parse_leaf, parse_opening
from linli.sync.record.merkle import leaf_hash
from linli.sync.record.notes import verify
from linli.sync.record.proof_files import parse_proof_file
from linli.sync.record.proofs import ProofError, verify_inclusion

log = structlog.get_logger()


@dataclass(frozen=True)
class Followed:
    """Where the proof led: `place` is the leaf's number, `size` the leaves of the signed tree."""

    proof: Proof
    place: int = 0
    size: int = 0


def follow(answer: Proven, deed: str, key: NoteKey) -> Followed:
    """`PROVEN` only where every step holds: the leaf opens as this deed, its hash leads to the
    root, and the root is signed with the record's key."""
    try:
        kept = parse_proof_file(answer.file)
        verify(kept.note, [key])
        opening = parse_opening(answer.opening.encode())
        root, size = kept.checkpoint.root, kept.checkpoint.size
        verify_inclusion(kept.index, size, leaf_hash(kept.leaf), kept.proof, root)
        if kept.checkpoint.origin != key.name:
            raise ProofError(f"it is of the record {kept.checkpoint.origin}, not of {key.name}")
        if opening.deed != deed or not opens(opening, parse_leaf(kept.leaf)):
            raise ProofError(f"leaf {kept.index} does not open as deed {deed}")
    except (ProofError, NoteError, LeafError) as error:
        log.error("a proof does not hold", deed=deed, error=str(error))
        return Followed(Proof.WRONG)
    return Followed(Proof.PROVEN, kept.index, size)
