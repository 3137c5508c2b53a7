"""Whether somebody vouches for what came from the broker: a terminal that is registered, with its
signature, on the topic of its own name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from linli.ledger.database import among
from linli.ledger.ingest.events import Reason
from linli.ledger.ingest.parking import SIZE_CAP
from linli.ledger.prepared import Prepared
from linli.ledger.terminals.registry import TERMINAL
from linli.ledger.terminals.schema import terminal
from linli.sync.signing import (
    MalformedError,
    Opened,
    SignatureError,
    open_sealed,
    public_from_hex,
    sender_of,
)


class Message(NamedTuple):
    """What came on the events topic of terminal `name`."""

    name: str
    payload: bytes


class RefusedError(Exception):
    """Nobody vouches for the payload: answer nothing, and park it unless its terminal is in
    quarantine, which keeps it itself."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


_KEYS = Prepared(
    select(terminal.c.name, terminal.c.public_key, terminal.c.quarantined_at)
    .where(
        among(terminal.c.name, "names"),
        terminal.c.kind == TERMINAL,  # a board's key, on a wall, makes no points
        terminal.c.distrusted_at.is_(None),
    )
    .order_by(terminal.c.name)
    .with_for_update()
)


_NAMES = Prepared(select(terminal.c.name).where(among(terminal.c.name, "names")))
_FREE = Prepared(
    select(terminal.c.name)
    .where(among(terminal.c.name, "names"))
    .order_by(terminal.c.name)
    .with_for_update(skip_locked=True)
)


def held_elsewhere(connection: Connection, names: Collection[str]) -> set[str]:
    """Those of these terminals that another transaction holds just now; the others that exist are
    held by this one from here on. SQLite has one writer: it holds them all."""
    known = {row[0] for row in _NAMES.all(connection, names=names)}
    return known - {row[0] for row in _FREE.all(connection, names=known)} if known else set()


def vouch(connection: Connection, messages: Sequence[Message]) -> list[Opened | RefusedError]:
    """Each of these as its terminal signed it, or why nobody vouches for it. The terminals are
    held until the transaction ends."""
    wrong = [_wrong_at_sight(message) for message in messages]
    named = {m.name for m, refused in zip(messages, wrong, strict=True) if refused is None}
    found = _KEYS.all(connection, names=named) if named else []
    keys = {name: key for name, key, apart in found if apart is None}
    kept_out = {name for name, _, apart in found if apart is not None}
    return [
        refused or _opened(message, keys, kept_out)
        for message, refused in zip(messages, wrong, strict=True)
    ]


def _wrong_at_sight(message: Message) -> RefusedError | None:
    """What can be told without knowing the terminal."""
    if len(message.payload) > SIZE_CAP:
        detail = f"{len(message.payload)} bytes; at most {SIZE_CAP} are taken"
        return RefusedError(Reason.TOO_LARGE, detail)
    try:
        claimed = sender_of(message.payload)
    except MalformedError as error:
        return RefusedError(Reason.UNREADABLE, str(error))
    if claimed != message.name:
        detail = f"it came on the topic of {message.name}, but says {claimed}"
        return RefusedError(Reason.WRONG_NAME, detail)
    return None


def _opened(
    message: Message, keys: Mapping[str, str], kept_out: Collection[str]
) -> Opened | RefusedError:
    if message.name in kept_out:
        return RefusedError(Reason.QUARANTINED, f"{message.name} is in quarantine")
    key = keys.get(message.name)
    if key is None:
        return RefusedError(
            Reason.UNKNOWN_TERMINAL,
            f"no terminal {message.name} is registered, or none that is trusted",
        )
    try:
        return open_sealed(message.payload, public_from_hex(key))
    except MalformedError as error:
        return RefusedError(Reason.UNREADABLE, str(error))
    except SignatureError as error:
        return RefusedError(Reason.WRONG_SIGNATURE, str(error))
