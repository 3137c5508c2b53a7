"""Reading the feed: bytes to changes and snapshots, from ledgers newer than this program too."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from msgspec import Raw, Struct

from linli.sync.messages import Change, Row, Snapshot, Stream, encode, learn
from linli.sync.signing import MalformedError

T = TypeVar("T", Change, Snapshot)
M = TypeVar("M")


class _Loose(Struct):
    """A change or snapshot whose rows are read one by one."""

    scope: str
    stream: Stream
    number: int
    at: Any
    rows: list[Raw]


class _Tag(Struct):
    row: str


learn(_Loose, _Tag)
_KNOWN_ROWS = frozenset(str(struct.__struct_config__.tag) for struct in Row.__args__)


def parse(payload: bytes, kind: type[M]) -> M:
    """Any message. Raises MalformedError."""
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        name = getattr(kind, "__name__", "message of any known kind")
        raise MalformedError(f"not a {name}: {error}") from error


def parse_rows(payload: bytes, kind: type[T]) -> T:
    """A change or snapshot. Kinds of row that this program does not know yet are left out, so
    that an old terminal follows a new ledger; anything else that does not fit raises
    MalformedError."""
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.ValidationError, RecursionError):
        loose = parse(payload, _Loose)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedError(f"not a {kind.__name__}: {error}") from error
    known = [row for row in loose.rows if parse(bytes(row), _Tag).row in _KNOWN_ROWS]
    return parse(encode(msgspec.structs.replace(loose, rows=known)), kind)
