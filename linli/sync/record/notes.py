"""Signed notes (c2sp.org/signed-note): a text, an empty line, and lines that sign the text.

A note is checked with the keys of those whose word counts. Lines of anybody else are passed over,
so that a signer can be added without asking the readers.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.sync.record.keys import (
    KEY_ID_SIZE,
    NoteError,
    NoteKey,
    NoteSignatureError,
    check_name,
    from_base64,
)

MOST_SIGNATURES = 100
"""Section "Format": a limit is advised, and has to be at least 16."""
LONGEST_NOTE = 1_000_000
_DASH = "\N{EM DASH} "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.value).decode()}\n"

    def made_with(self, key: NoteKey) -> bool:
        """Whether it says so: name and id, never one of them alone."""
        return (self.name, self.key_id) == (key.name, key.id)


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends its last line, and its signatures, none of them checked."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    def signed_by(self, signature: Signature) -> Note:
        """With this signature as the last, in place of an earlier one of the same key."""
        others = [
            kept
            for kept in self.signatures
            if (kept.name, kept.key_id) != (signature.name, signature.key_id)
        ]
        return replace(self, signatures=(*others, signature))


def parse_note(raw: bytes) -> Note:
    """The note in `raw`, nothing of it believed yet. Raises NoteError."""
    if len(raw) > LONGEST_NOTE:
        raise NoteError(f"a note has at most {LONGEST_NOTE} bytes")
    try:
        whole = raw.decode()
    except UnicodeDecodeError as error:
        raise NoteError(f"not UTF-8: {error}") from error
    # The text may have empty lines of its own: the last one ends it.
    text, empty_line, below = whole.rpartition("\n\n")
    if not empty_line or not below.endswith("\n"):
        raise NoteError("a note is a text, an empty line and lines of signatures")
    lines = below[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NoteError(f"a note has at most {MOST_SIGNATURES} signatures")
    _check_text(text + "\n")
    return Note(text + "\n", tuple(_parse_line(line) for line in lines))


def sign(note: Note, name: str, key: Ed25519PrivateKey) -> Note:
    """The note with the signature of this key added. Raises NoteError for what no note can hold."""
    _check_text(note.text)
    public = NoteKey.of(name, key)
    return note.signed_by(Signature(name, public.id, key.sign(note.text.encode())))


def verify(note: Note, keys: Iterable[NoteKey]) -> tuple[Signature, ...]:
    """The signatures made with one of `keys`, all of them good, and at least one.

    Raises NoteSignatureError if a single one of them is not, or there is none."""
    known: dict[tuple[str, bytes], NoteKey] = {}
    for key in keys:
        if known.setdefault((key.name, key.id), key) != key:
            raise NoteError(f"two keys of {key.name} have the id {key.id.hex()}")
    good = []
    for signature in note.signatures:
        key_of = known.get((signature.name, signature.key_id))
        if key_of is not None:
            key_of.check(note.text, signature.value)
            good.append(signature)
    if not good:
        raise NoteSignatureError("the note is not signed with any known key")
    return tuple(good)


def _parse_line(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH):
        raise NoteError("a signature line begins with a dash and a space")
    check_name(name)
    value = from_base64(encoded)
    if len(value) <= KEY_ID_SIZE:
        raise NoteError(f"the signature of {name} is empty")
    return Signature(name, value[:KEY_ID_SIZE], value[KEY_ID_SIZE:])


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise NoteError("a note's text ends its last line")
    if _CONTROL.search(text):
        raise NoteError("a note has no control characters")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NoteError(f"not UTF-8: {error}") from error
