"""Takes in terminals and boards with their public keys, and finds them again."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from linli.ledger.people.schema import org
from linli.ledger.terminals.schema import terminal
from linli.sync.signing import public_from_hex

TERMINAL, BOARD = "terminal", "board"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")


class RegistryError(ValueError):
    """A terminal or board cannot be registered; the text says why and what to do."""


@dataclass(frozen=True)
class Registered:
    """A terminal or board whose word is taken. `public_key` is hex; every event of it up to
    `watermark` is kept."""

    name: str
    kind: str
    public_key: str
    scope: str
    centre: str
    watermark: int


def register(
    connection: Connection,
    *,
    name: str,
    kind: str,
    public_key: str,
    scope: str,
    centre: str,
    now: dt.datetime,
) -> Registered:
    """Register a `terminal` or `board` of a community. Raises RegistryError."""
    if kind not in (TERMINAL, BOARD):
        raise RegistryError(f"{name}: kind {kind!r} is neither {TERMINAL} nor {BOARD}")
    for what, text in (("name", name), ("centre", centre)):
        if not NAME.fullmatch(text):
            raise RegistryError(
                f"{what} {text!r}: use 1 to 48 small letters, digits and -, no - first"
            )
    key = _checked_key(name, public_key)
    level = connection.execute(select(org.c.level).where(org.c.id == scope)).scalar()
    if level != "community":
        raise RegistryError(f"{name} is for {scope!r}, which is not a community: add that first")
    if find(connection, name) is not None:
        raise RegistryError(f"{name} is registered already: choose another name")
    made = Registered(name, kind, key, scope, centre, watermark=0)
    connection.execute(
        insert(terminal).values(
            name=name,
            kind=kind,
            public_key=key,
            scope=scope,
            centre=centre,
            watermark=0,
            registered_at=now,
        )
    )
    return made


def find(connection: Connection, name: str) -> Registered | None:
    """The terminal or board with this name."""
    row = connection.execute(select(terminal).where(terminal.c.name == name)).first()
    if row is None:
        return None
    return Registered(
        name=row.name,
        kind=row.kind,
        public_key=row.public_key,
        scope=row.scope,
        centre=row.centre,
        watermark=row.watermark,
    )


def _checked_key(name: str, public_key: str) -> str:
    try:
        public_from_hex(public_key)
    except ValueError as error:
        raise RegistryError(
            f"{name}: its public key is not 32 bytes in hex: copy it from the terminal again"
        ) from error
    return public_key.lower()
