"""Newcomers: a terminal or board shows a code, and a maintainer who stands before it says who it
is (or who reads it over the telephone, and compares the key's beginning).

| claim                | is asked for again by its key        | at the console                     |
|----------------------|--------------------------------------|------------------------------------|
| open                 | the same code                        | found by its code, once            |
| out of date          | a new code                           | not found                          |
| confirmed            | who it is now, for a day             | says who did it, and when          |
| refused              | that it was, until it is out of date | says who did it, and when          |

After that day a key that is registered is answered `known-key`: whoever asks has a copy of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from linli.ledger.terminals.registry import Registered, RegistryError, find, register
from linli.ledger.terminals.schema import claim, terminal
from linli.sync.enrolment import CODES, EnrolBody, code_of, grouped, read_code

GOOD_FOR = dt.timedelta(minutes=15)
TOLD_FOR = dt.timedelta(days=1)
"""A newcomer may lose the power before it has written down who it is."""
KEPT_FOR = dt.timedelta(days=90)
AT_AN_ADDRESS, WITHIN = 20, dt.timedelta(minutes=15)
"""New codes: a hall in which twenty terminals are set up shares one address."""
MOST_OPEN = 500
CENTRE_NAME = 30
Random = Callable[[int], int]
"""A whole number below the one given, that nobody can guess (`secrets.randbelow`)."""


class ClaimError(ValueError):
    """A claim cannot be made, found or decided; the text says why and what to do."""


class TooManyClaimsError(ClaimError):
    """Too many new codes were asked for; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A newcomer. `terminal` is its name once it was confirmed; `decided_by` alone: refused."""

    code: str
    public_key: str
    kind: str
    place: str
    version: str
    address: str
    made_at: dt.datetime
    until: dt.datetime
    decided_at: dt.datetime | None
    decided_by: str | None
    terminal: str | None
    centre_name: str


@dataclass(frozen=True, slots=True)
class Naming:
    """What a maintainer says of a newcomer."""

    name: str
    scope: str
    centre: str
    centre_name: str


class KnownKeyError(ClaimError):
    """The key is a registered terminal's: it was told so long ago that this is a copy."""

    def __init__(self, name: str) -> None:
        super().__init__(f"this key is {name}'s already: delete terminal.key to come in as another")
        self.name = name


def claim_of(
    connection: Connection, body: EnrolBody, address: str, random: Random, now: dt.datetime
) -> Claim:
    """The newcomer's claim, a new one where it has none. Raises KnownKeyError and
    TooManyClaimsError."""
    connection.execute(delete(claim).where(claim.c.made_at < now - KEPT_FOR))
    newest = connection.execute(
        select(claim)
        .where(claim.c.public_key == body.key)
        .order_by(claim.c.made_at.desc())
        .limit(1)
    ).first()
    if newest is not None and _still_told(newest, now):
        return _claim(newest)
    known = connection.execute(
        select(terminal.c.name).where(terminal.c.public_key == body.key)
    ).scalar()
    if known is not None:
        raise KnownKeyError(known)
    _require_room(connection, address, now)
    code = _new_code(connection, random)
    row = {
        "code": code,
        "public_key": body.key,
        "kind": body.kind,
        "boot": body.bootid,
        "version": body.version,
        "place": body.place,
        "address": address[:64],
        "made_at": now,
        "until": now + GOOD_FOR,
        "centre_name": "",
    }
    connection.execute(insert(claim).values(row))
    return _read(connection, code)


def find_claim(connection: Connection, typed: str, now: dt.datetime) -> Claim:
    """The open claim with this code. Raises ClaimError."""
    return _require_open(connection, typed, now)


def confirm(
    connection: Connection, typed: str, naming: Naming, by: str, now: dt.datetime
) -> Registered:
    """The newcomer is this one. Of two who say so at once, one does. Raises ClaimError and
    RegistryError."""
    found = _require_open(connection, typed, now)
    if not 0 < len(naming.centre_name) <= CENTRE_NAME:
        raise ClaimError(f"say in 1 to {CENTRE_NAME} characters what the place is called")
    _decide(connection, found, by, now)
    made = register(
        connection,
        name=naming.name,
        kind=found.kind,
        public_key=found.public_key,
        scope=naming.scope,
        centre=naming.centre,
        now=now,
    )
    connection.execute(
        update(claim)
        .where(claim.c.code == found.code)
        .values(terminal=made.name, centre_name=naming.centre_name)
    )
    return made


def refuse(connection: Connection, typed: str, by: str, now: dt.datetime) -> None:
    """Whoever shows this code is not let in. Raises ClaimError."""
    _decide(connection, _require_open(connection, typed, now), by, now)


def registered_as(connection: Connection, name: str) -> Registered:
    """Raises RegistryError."""
    found = find(connection, name)
    if found is None:
        raise RegistryError(f"{name} is not registered")
    return found


def _decide(connection: Connection, found: Claim, by: str, now: dt.datetime) -> None:
    """Raises ClaimError where somebody else was quicker by a moment."""
    taken = connection.execute(
        update(claim)
        .where(claim.c.code == found.code, claim.c.decided_at.is_(None))
        .values(decided_at=now, decided_by=by)
    )
    if not taken.rowcount:
        _require_open(connection, found.code, now)


def _require_open(connection: Connection, typed: str, now: dt.datetime) -> Claim:
    code = read_code(typed)
    if code is None:
        raise ClaimError(f"{typed[:20]} is no code: type the eight characters of the screen")
    row = connection.execute(select(claim).where(claim.c.code == code)).first()
    if row is None:
        raise ClaimError(f"no terminal shows the code {grouped(code)}: look at its screen again")
    if row.decided_by is not None:
        _say_who_decided(row, grouped(code))
    if row.until <= now:
        raise ClaimError(f"{grouped(code)} is out of date: the terminal shows another code now")
    return _claim(row)


def _say_who_decided(row: Row[Any], code: str) -> None:
    """Raises ClaimError."""
    if row.terminal is None:
        raise ClaimError(f"{code} was refused: {row.decided_by} decided on it before you")
    raise ClaimError(f"{code} became {row.terminal}: {row.decided_by} decided on it before you")


def _still_told(row: Row[Any], now: dt.datetime) -> bool:
    if row.terminal is not None:
        return bool(now < row.decided_at + TOLD_FOR)
    return bool(now < row.until)


def _require_room(connection: Connection, address: str, now: dt.datetime) -> None:
    count = select(func.count()).select_from(claim)
    here = count.where(claim.c.address == address[:64], claim.c.made_at > now - WITHIN)
    open_ = count.where(claim.c.until > now, claim.c.decided_at.is_(None))
    if connection.execute(here).scalar_one() >= AT_AN_ADDRESS:
        raise TooManyClaimsError("too many newcomers at this address: wait a quarter of an hour")
    if connection.execute(open_).scalar_one() >= MOST_OPEN:
        raise TooManyClaimsError("too many newcomers wait: confirm or refuse some, or wait")


def _new_code(connection: Connection, random: Random) -> str:
    while True:
        code = code_of(random(CODES))
        if connection.execute(select(claim.c.code).where(claim.c.code == code)).first() is None:
            return code


def _read(connection: Connection, code: str) -> Claim:
    return _claim(connection.execute(select(claim).where(claim.c.code == code)).one())


def _claim(row: Row[Any]) -> Claim:
    return Claim(**{name: getattr(row, name) for name in Claim.__dataclass_fields__})
