"""Does what is due, each in a transaction of its own: a crash leaves a duty done or not done.

What cannot be done yet (an objection waits) says why and is tried again; it holds up no other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import ColumnElement, Connection, Engine, and_, select, update

from linli.ledger.awards.deciding import AwardError, propose_candidates
from linli.ledger.cadence.calendar import Calendar, Duty, Kind, fallen_due
from linli.ledger.cadence.schema import calendar, duty
from linli.ledger.database import insert_missing, upsert
from linli.ledger.feed.notices import tell_hanging
from linli.ledger.notice.publishing import NoticeError, first_day_after, freeze, seal
from linli.ledger.people.schema import org
from linli.ledger.record.log import Salt, make_checkpoint


class CalendarError(ValueError):
    """A calendar cannot be set; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose name and key are under the record's checkpoints."""

    origin: str
    key: Ed25519PrivateKey
    salt: Salt


@dataclass(frozen=True, slots=True)
class Entry:
    """A duty as the calendar page shows it. `done_at` is None while it waits."""

    duty: Duty
    done_at: dt.datetime | None
    outcome: str


def set_calendar(connection: Connection, wanted: Calendar) -> None:
    """From now on the community's months run by it; what is done stays. Raises CalendarError."""
    level = connection.execute(select(org.c.level).where(org.c.id == wanted.scope)).scalar()
    if level != "community":
        raise CalendarError(f"{wanted.scope!r} is not a community: calendars are communities'")
    if not (1 <= wanted.freeze_day <= 28 and 1 <= wanted.notice_days <= 28):
        raise CalendarError("freeze day and notice days lie between 1 and 28")
    try:
        first_day_after(wanted.first_month)
    except NoticeError as error:
        raise CalendarError(str(error)) from error
    row = {name: getattr(wanted, name) for name in Calendar.__slots__}
    upsert(connection, calendar, [row])


def do_what_is_due(engine: Engine, signer: Signer, now: dt.datetime) -> list[Entry]:
    """Do everything that has fallen due and is not done, the oldest first; returns what was tried.
    May run in several processes at once: each duty is done by one of them."""
    with engine.connect() as connection:
        due = _not_done(connection, now)
    tried = []
    for one in due:
        with engine.begin() as connection:
            if _claim(connection, one):
                tried.append(_do(connection, one, signer, now))
    return tried


def entries(connection: Connection, now: dt.datetime) -> list[Entry]:
    """The whole calendar up to now, the newest first."""
    kept = {(r.kind, r.scope, r.period): r for r in connection.execute(select(duty))}
    found = []
    for one in reversed(fallen_due(_calendars(connection), now)):
        row = kept.get((one.kind.value, one.scope, one.period))
        found.append(Entry(one, row.done_at, row.outcome) if row else Entry(one, None, ""))
    return found


def _calendars(connection: Connection) -> Sequence[Calendar]:
    rows = connection.execute(select(calendar).order_by(calendar.c.scope))
    return [Calendar(**row._asdict()) for row in rows]


def _not_done(connection: Connection, now: dt.datetime) -> list[Duty]:
    done = {
        (row.kind, row.scope, row.period)
        for row in connection.execute(select(duty).where(duty.c.done_at.is_not(None)))
    }
    due = fallen_due(_calendars(connection), now)
    return [one for one in due if (one.kind.value, one.scope, one.period) not in done]


def _claim(connection: Connection, one: Duty) -> bool:
    """Lock the duty's row, made where there was none; False where somebody else has done it."""
    row = {"kind": one.kind.value, "scope": one.scope, "period": one.period}
    insert_missing(connection, duty, [{**row, "due_at": one.due_at, "outcome": ""}])
    query = select(duty.c.done_at).where(_is(one)).with_for_update()
    return connection.execute(query).scalar_one() is None


def _do(connection: Connection, one: Duty, signer: Signer, now: dt.datetime) -> Entry:
    done_at: dt.datetime | None = now
    try:
        with connection.begin_nested():
            outcome = _act(connection, one, signer, now)
    except (NoticeError, AwardError) as error:
        done_at, outcome = None, str(error)
    connection.execute(update(duty).where(_is(one)).values(done_at=done_at, outcome=outcome))
    return Entry(one, done_at, outcome)


def _is(one: Duty) -> ColumnElement[bool]:
    return and_(
        duty.c.kind == one.kind.value, duty.c.scope == one.scope, duty.c.period == one.period
    )


def _act(connection: Connection, one: Duty, signer: Signer, now: dt.datetime) -> str:
    match one.kind:
        case Kind.CHECKPOINT:
            made = make_checkpoint(connection, signer.origin, signer.key, signer.salt, now)
            tell_hanging(connection, now)
            return f"{made.size} leaves, root {made.root.hex()}"
        case Kind.FREEZE:
            days = select(calendar.c.notice_days).where(calendar.c.scope == one.scope)
            hanging = freeze(
                connection, one.scope, one.period, now, connection.execute(days).scalar_one()
            )
            return f"hangs until {hanging.until:%Y-%m-%d}"
        case Kind.SEAL:
            seal(connection, one.scope, one.period, now)
            return "sealed"
        case Kind.AWARD:
            found = propose_candidates(connection, one.scope, one.period, now)
            return ", ".join(f"{title.value}: {len(some)}" for title, some in found.items())
