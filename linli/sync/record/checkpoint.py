"""Checkpoints (c2sp.org/tlog-checkpoint): a tree's size and root as a signed note; and their
cosignatures (c2sp.org/tlog-cosignature, cosignature/v1).

Once a week the leader of the review panel cosigns: as of that moment this was the largest tree
seen, and it began with every tree seen before.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.sync.record.keys import NoteError, NoteKey, NoteSignatureError, from_base64
from linli.sync.record.merkle import HASH_SIZE
from linli.sync.record.notes import Note, Signature, sign

LATEST = 2**63 - 1
"""The last moment a cosignature can tell, and the largest size that we read."""
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_STAMP_SIZE, _ED25519_SIZE = 8, 64


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree's head (section "Note text"): `origin` names the log, `extensions` are lines that
    nobody can audit."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises NoteError for what a checkpoint cannot say."""
        if not 0 <= self.size <= LATEST:
            raise NoteError(f"a tree cannot have {self.size} leaves")
        if len(self.root) != HASH_SIZE:
            raise NoteError(f"a root has {HASH_SIZE} bytes, not {len(self.root)}")
        for line in (self.origin, *self.extensions):
            if not line or "\n" in line:
                raise NoteError("origin and extensions are a line each, and not empty")

    def __str__(self) -> str:
        """The note's text."""
        root = base64.b64encode(self.root).decode()
        return "".join(
            f"{line}\n" for line in (self.origin, str(self.size), root, *self.extensions)
        )


def parse_checkpoint(text: str) -> Checkpoint:
    """What a note's text says of a tree, in the only way to say it. Raises NoteError."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop():
        raise NoteError("a checkpoint is three lines or more: origin, size, root")
    origin, size, root, *extensions = lines
    if not _SIZE.fullmatch(size):
        raise NoteError(f"the size of the tree is {size[:20]!r}, not a plain decimal number")
    return Checkpoint(origin, int(size), from_base64(root), tuple(extensions))


def sign_checkpoint(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> Note:
    """By the log itself, whose key has the name of its origin (section "Signatures").

    A log must never sign two checkpoints of which neither begins with the other."""
    return sign(Note(str(checkpoint)), checkpoint.origin, key)


@dataclass(frozen=True, slots=True)
class CosignerKey(NoteKey):
    """A cosigner's public key. It must not be used for anything else: what it signs does not name
    the cosigner (section "Ed25519 signed message")."""

    kind: ClassVar[int] = 0x04

    def check(self, text: str, value: bytes) -> None:
        """Raises NoteSignatureError, also for a text that is not a checkpoint."""
        if len(value) != _STAMP_SIZE + _ED25519_SIZE:
            raise NoteSignatureError(f"the cosignature of {self.name} has a wrong length")
        try:
            parse_checkpoint(text)
        except NoteError as error:
            raise NoteSignatureError(f"{self.name} cosigned no checkpoint: {error}") from error
        at = int.from_bytes(value[:_STAMP_SIZE])
        if at > LATEST:
            raise NoteSignatureError(f"the cosignature of {self.name} is of no possible time")
        self.check_bytes(_cosigned(text, at), value[_STAMP_SIZE:])


def cosign(note: Note, name: str, key: Ed25519PrivateKey, at: int) -> Note:
    """The checkpoint with this cosigner's word that it follows from all it saw before: that has to
    be checked first, see audit.py. `at` is in POSIX seconds.

    Raises NoteError for a note that is not a checkpoint."""
    parse_checkpoint(note.text)
    if not 0 <= at <= LATEST:
        raise NoteError(f"{at} is no time for a cosignature")
    public = CosignerKey.of(name, key)
    value = at.to_bytes(_STAMP_SIZE) + key.sign(_cosigned(note.text, at))
    return note.signed_by(Signature(name, public.id, value))


def cosigned_at(signature: Signature) -> int:
    """The moment in a cosignature that was verified, in POSIX seconds.

    Raises NoteError for a signature of another kind."""
    if len(signature.value) != _STAMP_SIZE + _ED25519_SIZE:
        raise NoteError(f"the signature of {signature.name} is not a cosignature")
    return int.from_bytes(signature.value[:_STAMP_SIZE])


def _cosigned(text: str, at: int) -> bytes:
    """Section "Ed25519 signed message"."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()
