"""Getting in, staying in, getting out."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from sqlalchemy import Connection, Engine, Row, Update, insert, select, update

from linli.ledger.people.access_log import note
from linli.ledger.people.vault import KeyRing
from linli.ledger.staff.accounts import Worker, worker_of
from linli.ledger.staff.attempts import failed, require_patience, succeeded
from linli.ledger.staff.codes import use
from linli.ledger.staff.passwords import matches
from linli.ledger.staff.schema import staff, staff_session

IDLE, LONGEST = dt.timedelta(minutes=60), dt.timedelta(hours=12)
SEEN_EVERY = dt.timedelta(minutes=1)
"""How often a session that is used is written down as used."""


class LoginError(ValueError):
    """Nobody got in. The text does not say which part was wrong."""


def log_in(
    engine: Engine,
    login: str,
    password: str,
    code: str,
    address: str,
    ring: KeyRing,
    now: dt.datetime,
    phones_time: dt.datetime,
) -> str:
    """The token of a new session, which is kept nowhere else. `phones_time` is the moment that a
    one-time code must be of. Raises LoginError, and TooManyAttemptsError for a login or an address
    that must wait."""
    names = (f"login:{login}", f"address:{address}")
    with engine.begin() as connection:
        require_patience(connection, names, now)
        row = connection.execute(select(staff).where(staff.c.login == login)).first()
    # Hashing takes a tenth of a second, in which nobody else's transaction should wait.
    right = matches(password, None if row is None or row.ended_at is not None else row.password)
    with engine.begin() as connection:
        if right and row is not None and _code_right(connection, row, code, ring, phones_time):
            succeeded(connection, names[0])
            return _begin(connection, worker_of(row), now)
        failed(connection, names, now)
    raise LoginError("login, password or one-time code is not right")


def prove(engine: Engine, login: str, password: str, address: str, now: dt.datetime) -> None:
    """Whoever is logged in shows that they are still the same. Raises LoginError, and
    TooManyAttemptsError like a login."""
    names = (f"login:{login}", f"address:{address}")
    with engine.begin() as connection:
        require_patience(connection, names, now)
        kept = connection.execute(select(staff.c.password).where(staff.c.login == login)).scalar()
    right = matches(password, kept)
    with engine.begin() as connection:
        if right:
            succeeded(connection, names[0])
        else:
            failed(connection, names, now)
    if not right:
        raise LoginError("the password is not right")


def _code_right(
    connection: Connection,
    row: Row[tuple[object, ...]],
    code: str,
    ring: KeyRing,
    phones_time: dt.datetime,
) -> bool:
    return row._mapping["totp"] is None or use(connection, row, code.strip(), ring, phones_time)


def _begin(connection: Connection, worker: Worker, now: dt.datetime) -> str:
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(staff_session).values(
            digest=_digest(token), login=worker.login, begun_at=now, seen_at=now, ended_at=None
        )
    )
    note(connection, worker.signature(), "log in", None, "began a session", now)
    return token


def resume(engine: Engine, token: str, now: dt.datetime) -> Worker | None:
    """Whose session it is; None for one that ended, was idle for an hour or began half a day
    ago, or whose owner does not work here any more."""
    with engine.connect() as connection:
        query = (
            select(staff, staff_session.c.begun_at, staff_session.c.seen_at)
            .join(staff_session, staff_session.c.login == staff.c.login)
            .where(
                staff_session.c.digest == _digest(token),
                staff_session.c.ended_at.is_(None),
                staff.c.ended_at.is_(None),
            )
        )
        row = connection.execute(query).first()
    if row is None or now - row.seen_at > IDLE or now - row.begun_at > LONGEST:
        return None
    if now - row.seen_at > SEEN_EVERY:
        with engine.begin() as connection:
            connection.execute(_of(token).values(seen_at=now))
    return worker_of(row)


def log_out(connection: Connection, token: str, worker: Worker, now: dt.datetime) -> None:
    connection.execute(_of(token).values(ended_at=now))
    note(connection, worker.signature(), "log out", None, "ended a session", now)


def _of(token: str) -> Update:
    return update(staff_session).where(staff_session.c.digest == _digest(token))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
