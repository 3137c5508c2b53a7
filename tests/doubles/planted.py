"""Personal data and keys of the town's people, and where any of it is found on a disk.

planted = Planted.of(world)
assert found(path, planted.of_people) == []
"""

from __future__ import annotations

import base64
import contextlib
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from linli.sync.messages import Kind
from linli.town.belongings import PIN, phones
from linli.town.world import World

NOT_WRITTEN = re.compile(rb"\xff{16,}")
"""Flash that nothing was written to."""
EVERY = 6
"""The card of every sixth person: each costs a search through everything."""
PIN_ALONE = re.compile(rb"(?<![0-9.])" + PIN.encode() + rb"(?![0-9])")
"""No part of a longer number, and no fraction of a second."""


@dataclass(frozen=True)
class Planted:
    """Each thing as it could stand in a file, and what it is; all names, and some cards."""

    of_people: Mapping[bytes, str]
    of_cards: Mapping[bytes, str]

    @classmethod
    def of(cls, world: World) -> Planted:
        people = {p.name.encode(): p.name for p in world.people if p.kind is not Kind.UNIT}
        people |= {number.encode(): number for number in phones(world).values()}
        cards: dict[bytes, str] = {}
        for person in world.people[::EVERY]:
            cards |= spellings(person.card.uid, f"number of {person.card.id}")
            if person.card.key is not None:
                cards |= spellings(person.card.key, f"key of {person.card.id}")
        return cls(people, cards)


def spellings(secret: bytes, what: str) -> dict[bytes, str]:
    """As bytes, in hexadecimal and in base64."""
    hexed = secret.hex()
    written = (secret, hexed.encode(), hexed.upper().encode(), base64.b64encode(secret))
    return dict.fromkeys(written, what)


def found(path: Path, needles: Mapping[bytes, str]) -> list[str]:
    """What of it is in the file, as it lies on the disk or as a value of a database."""
    haystack = _everything(path)
    hits = {what for needle, what in needles.items() if needle in haystack}
    if PIN.encode() in haystack and PIN_ALONE.search(haystack):
        hits.add("a PIN")
    return sorted(hits)


@lru_cache(maxsize=64)
def _everything(path: Path) -> bytes:
    return b"\n".join(_contents(path))


def _contents(path: Path) -> Iterator[bytes]:
    """The bytes, and each value: one that lies on two pages of a database is found whole."""
    raw = path.read_bytes()
    yield NOT_WRITTEN.sub(b"", raw)
    if raw.startswith(b"SQLite format 3\0"):
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (name,) in names.fetchall():
                yield from _values(database.execute(f'SELECT * FROM "{name}"'))


def _values(rows: Iterable[tuple[object, ...]]) -> Iterator[bytes]:
    for row in rows:
        for value in row:
            if isinstance(value, str):
                yield value.encode()
            elif isinstance(value, bytes):
                yield value
