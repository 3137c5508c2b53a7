"""Proofs to keep (c2sp.org/tlog-proof): a leaf's place, its way to the root, and the checkpoint
that signs the root, in one text. The leaf itself goes along as the extra data that the format
allows.

Whoever has the log's public key checks such a file without asking the log.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from linli.sync.record.checkpoint import Checkpoint, parse_checkpoint
from linli.sync.record.keys import NoteError, from_base64
from linli.sync.record.merkle import HASH_SIZE
from linli.sync.record.notes import Note, parse_note
from linli.sync.record.proofs import ProofError

HEAD = "c2sp.org/tlog-proof@v1"
LONGEST, MOST_STEPS = 64 * 1024, 64
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class ProofFile:
    """`leaf` is empty where none came along. Nothing of it is believed yet."""

    index: int
    leaf: bytes
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint


def write_proof_file(index: int, leaf: bytes, proof: Sequence[bytes], note: Note) -> str:
    """As it is given to whoever wants to keep it."""
    lines = [HEAD, f"extra {_text(leaf)}", f"index {index}", *map(_text, proof)]
    return "\n".join(lines) + f"\n\n{note}"


def parse_proof_file(text: str) -> ProofFile:
    """Raises ProofError for what is no such text, NoteError where its checkpoint is none."""
    # Pasted text loses its last line break, and gains those of the browser.
    text = text.replace("\r\n", "\n").strip() + "\n"
    above, empty_line, below = text.partition("\n\n")
    if len(text) > LONGEST or not empty_line:
        raise ProofError("a proof is some lines, an empty one, and a checkpoint")
    head, *lines = above.split("\n")
    if head != HEAD:
        raise ProofError(f"a proof begins with {HEAD}")
    extra = ""
    if lines and lines[0].startswith("extra "):
        extra = lines.pop(0).removeprefix("extra ")
    found = _INDEX.fullmatch(lines.pop(0)) if lines else None
    if found is None:
        raise ProofError("a proof names the place of its leaf: index, and a plain number")
    if len(lines) > MOST_STEPS:
        raise ProofError(f"a proof has at most {MOST_STEPS} steps")
    note = parse_note(below.encode())
    return ProofFile(
        index=int(found[1]),
        leaf=_bytes(extra) if extra else b"",
        proof=tuple(_hash(line) for line in lines),
        note=note,
        checkpoint=parse_checkpoint(note.text),
    )


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(text: str) -> bytes:
    try:
        return from_base64(text)
    except NoteError as error:
        raise ProofError(str(error)) from error


def _hash(text: str) -> bytes:
    value = _bytes(text)
    if len(value) != HASH_SIZE:
        raise ProofError(f"a hash of the proof is not {HASH_SIZE} bytes")
    return value
