"""Accounts of staff: who works here, as what, and with which password."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy import Connection, Row, insert, select, update

from linli.ledger.people.access_log import Staff
from linli.ledger.people.directory import read_holders
from linli.ledger.people.schema import org
from linli.ledger.staff.passwords import hashed, matches
from linli.ledger.staff.roles import NEEDS_CODE, OF_A_COMMUNITY, ON_A_PANEL, Role
from linli.ledger.staff.schema import staff, staff_session

LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}")
LONGEST_NAME = 30
"""With the login in brackets it is a signature, which has 64 characters at most."""


class StaffError(ValueError):
    """An account of staff cannot be made or changed; the text says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A member of staff. `scope` is the community they work for, None for all; `account` their own
    points account, where they sit on a panel."""

    login: str
    name: str
    role: Role
    scope: str | None
    account: str | None
    must_change: bool
    has_code: bool
    ended_at: dt.datetime | None

    @property
    def needs_code(self) -> bool:
        return self.role in NEEDS_CODE and not self.has_code

    def signature(self) -> Staff:
        """How the audit log names them."""
        return Staff(f"{self.name}({self.login})", self.role.value)


@dataclass(frozen=True, slots=True)
class NewWorker:
    login: str
    name: str
    role: Role
    scope: str | None = None
    account: str | None = None


def hire(
    connection: Connection,
    new: NewWorker,
    password: str,
    now: dt.datetime,
    *,
    must_change: bool = True,
) -> None:
    """Raises StaffError, PasswordError."""
    _check(connection, new)
    connection.execute(
        insert(staff).values(
            login=new.login,
            name=new.name.strip(),
            role=new.role.value,
            scope=new.scope,
            account=new.account,
            password=hashed(password, new.login),
            must_change=must_change,
            made_at=now,
        )
    )


def _check(connection: Connection, new: NewWorker) -> None:
    if not LOGIN.fullmatch(new.login):
        raise StaffError("a login has 3 to 32 of a–z, 0–9, dot and dash, and begins with a letter")
    if not 0 < len(new.name.strip()) <= LONGEST_NAME:
        raise StaffError(f"a name has 1 to {LONGEST_NAME} characters")
    if find(connection, new.login) is not None:
        raise StaffError(f"the login {new.login} is taken: choose another")
    if new.role in OF_A_COMMUNITY and new.scope is None:
        raise StaffError("this role works for one community: choose it")
    if new.scope is not None:
        level = connection.execute(select(org.c.level).where(org.c.id == new.scope)).scalar()
        if level != "community":
            raise StaffError(f"{new.scope} is no community")
    if new.role in ON_A_PANEL and new.account is None:
        raise StaffError("a panel member decides in their own name: give their points account")
    if new.account is not None and new.account not in read_holders(connection, [new.account]):
        raise StaffError(f"there is no points account {new.account}")


def find(connection: Connection, login: str) -> Worker | None:
    row = connection.execute(select(staff).where(staff.c.login == login)).first()
    return None if row is None else worker_of(row)


def everyone(connection: Connection) -> list[Worker]:
    """Also those who left, by login."""
    return [worker_of(row) for row in connection.execute(select(staff).order_by(staff.c.login))]


def end(connection: Connection, login: str, now: dt.datetime) -> None:
    """They get in no more, and what is open is closed at once; what they did stays under their
    name. Raises StaffError, also for the last administrator."""
    known = find(connection, login)
    if known is None or known.ended_at is not None:
        raise StaffError(f"{login} does not work here")
    if known.role is Role.ADMINISTRATOR and _administrators(connection) == 1:
        raise StaffError(f"{login} is the last administrator: make another first")
    connection.execute(update(staff).where(staff.c.login == login).values(ended_at=now))
    end_sessions(connection, login, now)


def change_password(
    connection: Connection, login: str, old: str, new: str, now: dt.datetime
) -> None:
    """Their own; all sessions end. Raises StaffError for a wrong old one, PasswordError."""
    row = connection.execute(select(staff).where(staff.c.login == login).with_for_update()).one()
    if not matches(old, row.password):
        raise StaffError("the old password is not right")
    if old == new:
        raise StaffError("the new password is the old one: take another")
    _keep_password(connection, login, new, now, must_change=False)


def reset_password(connection: Connection, login: str, new: str, now: dt.datetime) -> None:
    """By an administrator, who tells it to them; they change it at once. One-time codes are set up
    anew. Raises StaffError, PasswordError."""
    if find(connection, login) is None:
        raise StaffError(f"{login} does not work here")
    _keep_password(connection, login, new, now, must_change=True)
    connection.execute(update(staff).where(staff.c.login == login).values(totp=None))


def end_sessions(connection: Connection, login: str, now: dt.datetime) -> None:
    connection.execute(
        update(staff_session)
        .where(staff_session.c.login == login, staff_session.c.ended_at.is_(None))
        .values(ended_at=now)
    )


def _keep_password(
    connection: Connection, login: str, new: str, now: dt.datetime, *, must_change: bool
) -> None:
    values = {"password": hashed(new, login), "must_change": must_change}
    connection.execute(update(staff).where(staff.c.login == login).values(**values))
    end_sessions(connection, login, now)


def _administrators(connection: Connection) -> int:
    query = select(staff.c.login).where(
        staff.c.role == Role.ADMINISTRATOR.value, staff.c.ended_at.is_(None)
    )
    return len(connection.execute(query.with_for_update()).all())


def worker_of(row: Row[tuple[object, ...]]) -> Worker:
    values = row._mapping
    return Worker(
        login=values["login"],
        name=values["name"],
        role=Role(values["role"]),
        scope=values["scope"],
        account=values["account"],
        must_change=values["must_change"],
        has_code=values["totp"] is not None,
        ended_at=values["ended_at"],
    )
