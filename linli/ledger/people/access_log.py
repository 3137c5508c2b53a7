"""Who looked at whose personal data, and why: a log that is only ever added to."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import rfc8785
from sqlalchemy import Connection, insert, select, update

from linli.ledger.people.checks import PeopleError
from linli.ledger.people.personal_schema import audit_head, audit_log

GENESIS = "0" * 64
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Staff:
    """Who does something at the desk, and as what."""

    name: str
    role: str


def note(
    connection: Connection, by: Staff, what: str, account: str | None, why: str, now: dt.datetime
) -> int:
    """Write down one look and return its number. It is kept when the caller's transaction is:
    show nothing before that. Raises PeopleError without a reason or a name."""
    why = why.strip()
    if not 0 < len(why) <= LONGEST:
        raise PeopleError(f"say in 1 to {LONGEST} characters what it is needed for")
    if not by.name.strip() or not by.role.strip():
        raise PeopleError("nobody looks at personal data without a name and a role")
    # The head's row stays locked until the transaction ends: numbers have no gaps.
    head = connection.execute(select(audit_head).with_for_update()).one()
    told: dict[str, str | int | None] = {
        "number": head.number + 1,
        "at": now.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "who": by.name,
        "role": by.role,
        "what": what,
        "account": account,
        "why": why,
        "previous": head.digest,
    }
    digest = digest_of(told)
    connection.execute(insert(audit_log).values(**{**told, "at": now, "digest": digest}))
    connection.execute(update(audit_head).values(number=head.number + 1, digest=digest))
    return int(head.number) + 1


def digest_of(told: Mapping[str, str | int | None]) -> str:
    """SHA-256 over the canonical JSON of a row without its digest; `at` in UTC."""
    return hashlib.sha256(rfc8785.dumps(dict(told))).hexdigest()
