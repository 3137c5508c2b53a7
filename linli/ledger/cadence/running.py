"""Does what is due, each in a transaction of its own: a crash leaves a duty done or not done.

What cannot be done yet (an objection waits) says why and is tried again; it holds up no other.
Vouchers are ended before their duty is, in transactions that hold up few people each.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import ColumnElement, Connection, Engine, and_, select, update

from linli.ledger.awards.deciding import AwardError, propose_candidates
from linli.ledger.cadence.calendar import (
    Calendar,
    Duty,
    Kind,
    fallen_due,
    opens_at,
    quarter_after,
)
from linli.ledger.cadence.schema import calendar, duty
from linli.ledger.database import insert_missing, upsert
from linli.ledger.feed.notices import tell_hanging
from linli.ledger.notice.publishing import NoticeError, freeze, seal
from linli.ledger.people.schema import org
from linli.ledger.record.log import Salt, make_checkpoint
from linli.ledger.shop.quarters import close_window, open_window, window_of
from linli.ledger.shop.refusals import ShopError
from linli.ledger.shop.settling import settle_month
from linli.ledger.shop.vouchers import ended_on, expire

FIRST_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
"""Every month, week and day from it on is due: a far one is a slip of the finger, and stops all."""
LONGEST_WINDOW = 60
"""Two windows never overlap by the calendar alone."""
NOTHING = "nothing to do"
ROOT_SHOWN = 16
"""Hexadecimal digits: it fits a line of a table, and the whole is in the checkpoint."""
AHEAD = dt.timedelta(days=370)


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
    if not 1 <= wanted.window_days <= LONGEST_WINDOW:
        raise CalendarError(f"a window is open for 1 to {LONGEST_WINDOW} days")
    if not FIRST_MONTH.fullmatch(wanted.first_month):
        raise CalendarError(f"{wanted.first_month!r} is no month: write it like 2026-12")
    row = {name: getattr(wanted, name) for name in Calendar.__slots__}
    upsert(connection, calendar, [row])


def do_what_is_due(engine: Engine, signer: Signer, now: dt.datetime) -> list[Entry]:
    """Do everything that has fallen due and is not done, the oldest first; returns what was tried.
    May run in several processes at once: each duty is done by one of them."""
    with engine.connect() as connection:
        due = _not_done(connection, now)
    tried = []
    for one in due:
        if one.kind is Kind.VOUCHERS:
            _end_vouchers(engine, now)
        with engine.begin() as connection:
            if _claim(connection, one):
                tried.append(_do(connection, one, signer, now))
    return tried


def upcoming(connection: Connection, now: dt.datetime) -> list[Duty]:
    """The next of each kind and scope, the nearest first."""
    following: dict[tuple[Kind, str], Duty] = {}
    for one in fallen_due(_calendars(connection), now + AHEAD):
        if one.due_at > now:
            following.setdefault((one.kind, one.scope), one)
    return list(following.values())


def entries(connection: Connection, now: dt.datetime) -> list[Entry]:
    """The whole calendar up to now, the newest first; without the nights in which there was
    nothing to do."""
    kept = {(r.kind, r.scope, r.period): r for r in connection.execute(select(duty))}
    found = []
    for one in reversed(fallen_due(_calendars(connection), now)):
        row = kept.get((one.kind.value, one.scope, one.period))
        entry = Entry(one, row.done_at, row.outcome) if row else Entry(one, None, "")
        if entry.outcome != NOTHING:
            found.append(entry)
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
    except (NoticeError, AwardError, ShopError) as error:
        done_at, outcome = None, str(error)
    connection.execute(update(duty).where(_is(one)).values(done_at=done_at, outcome=outcome))
    return Entry(one, done_at, outcome)


def _end_vouchers(engine: Engine, now: dt.datetime) -> None:
    more = True
    while more:
        with engine.begin() as connection:
            more = bool(expire(connection, now))


def _is(one: Duty) -> ColumnElement[bool]:
    return and_(
        duty.c.kind == one.kind.value, duty.c.scope == one.scope, duty.c.period == one.period
    )


def _act(connection: Connection, one: Duty, signer: Signer, now: dt.datetime) -> str:
    match one.kind:
        case Kind.CHECKPOINT:
            made = make_checkpoint(connection, signer.origin, signer.key, signer.salt, now)
            tell_hanging(connection, now)
            return f"{made.size} leaves, root {made.root.hex()[:ROOT_SHOWN]}…"
        case Kind.FREEZE:
            days = _calendar_of(connection, one.scope).notice_days
            hanging = freeze(connection, one.scope, one.period, now, days)
            return f"hangs until {hanging.until:%Y-%m-%d}"
        case Kind.SEAL:
            seal(connection, one.scope, one.period, now)
            return "sealed"
        case Kind.AWARD:
            found = propose_candidates(connection, one.scope, one.period, now)
            return ", ".join(f"{title.value}: {len(some)}" for title, some in found.items())
        case Kind.VOUCHERS:
            ended = ended_on(connection, dt.date.fromisoformat(one.period))
            return f"{ended} not used in time" if ended else NOTHING
        case Kind.SETTLEMENT:
            some = settle_month(connection, one.scope, one.period, now)
            return f"{sum(s.vouchers for s in some)} vouchers of {len(some)} merchants"
        case Kind.WINDOW:
            return _open(connection, _calendar_of(connection, one.scope), one.period, now)
        case Kind.CLOSING:
            came = close_window(connection, one.scope, one.period, now)
            if came is None:
                return "it had no window"
            return f"{came.redemptions} redemptions of {came.people} people, {came.points} points"


def _open(connection: Connection, of: Calendar, quarter: str, now: dt.datetime) -> str:
    """One that nobody opened until the next was due is left out: its points are not lost, they
    are redeemed in the next."""
    following = quarter_after(quarter)
    if opens_at(of, following) <= now and window_of(connection, of.scope, quarter) is None:
        return f"left out, as {following} is due too"
    made = open_window(connection, of.scope, quarter, of.window_days, now)
    return f"open from {made.opens:%Y-%m-%d %H:%M} until {made.closes:%Y-%m-%d %H:%M}"


def _calendar_of(connection: Connection, scope: str) -> Calendar:
    row = connection.execute(select(calendar).where(calendar.c.scope == scope)).one()
    return Calendar(**row._asdict())
