"""From the set of received events to everything that follows from it, for some pairs of account
and activity: attendance, deeds, transfers, standings, and the rows that tell the terminals.

Nothing is added up as events come: each pair is derived anew from all its events, so that order
and repetition make no difference (docs/decisions/0003).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

import msgspec
from sqlalchemy import Connection, select

from linli.ledger.activities.reading import Activity, read_activities
from linli.ledger.database import in_chunks, upsert
from linli.ledger.feed.telling import News, Pair, tell
from linli.ledger.ingest.attendance import Attended, Tap, attended
from linli.ledger.ingest.dating import Reading, date
from linli.ledger.ingest.schema import attendance, received
from linli.ledger.journal.reconciling import Wanted, reconcile
from linli.ledger.people.bearers import bearers
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.people.holding import lock
from linli.ledger.ranking.standings import update_standings
from linli.ledger.standard.versions import Standards
from linli.sync.messages import EVENT_TYPES, CheckIn, Envelope, SignOut
from linli.sync.periods import business_day
from linli.sync.rules import deed_id


def derive(
    connection: Connection, pairs: Collection[Pair], standards: Standards, now: dt.datetime
) -> None:
    """Bring everything that follows from these pairs' events up to date, in the caller's
    transaction. Every account and activity must exist."""
    accounts = sorted({account for account, _ in pairs})
    # What a merged account does, moves its bearer's standings.
    lock(connection, {*accounts, *bearers(connection, accounts).values()})
    holders = read_holders(connection, accounts)
    activities = read_activities(connection, {activity for _, activity in pairs})
    found = attended_pairs(connection, pairs, holders, activities)
    changed = _keep_attendance(connection, found)
    wanted = {
        deed_id(activity, account): wanted_deed(
            activities[activity],
            found.get((account, activity)),
            standards,
            holders[account].deeds_until,
        )
        for account, activity in pairs
    }
    deeds = reconcile(connection, wanted, standards, now)
    moved = update_standings(connection, deeds, holders)
    tell(connection, News(changed, moved, deeds.after.values()), holders, activities, now)


# --- the parts of a derivation, used by `linli ledger verify` too ----------------------------


def attended_pairs(
    connection: Connection,
    pairs: Collection[Pair],
    holders: Mapping[str, Holder],
    activities: Mapping[str, Activity],
) -> dict[Pair, Attended]:
    """What the applied events of each pair amount to; pairs without any are left out."""
    taps: dict[Pair, list[Tap]] = defaultdict(list)
    for tap in _taps(connection, set(pairs)):
        taps[tap.account, tap.activity].append(tap)
    return {
        pair: attended(activities[pair[1]].row, some, holders[pair[0]].cards)
        for pair, some in taps.items()
    }


def _taps(connection: Connection, pairs: set[Pair]) -> Iterable[Tap]:
    first_good: dict[tuple[str, str], Reading | None] = {}
    activities = {activity for _, activity in pairs}
    for chunk in in_chunks({account for account, _ in pairs}):
        query = select(received).where(
            received.c.account.in_(chunk),
            received.c.activity.in_(activities),
            received.c.applied.is_(True),
        )
        for row in connection.execute(query).all():
            if (row.account, row.activity) not in pairs:
                continue
            boot = (row.terminal, row.boot)
            if not row.clockgood and boot not in first_good:
                first_good[boot] = _first_good(connection, *boot)
            reading = Reading(row.claimed_at, row.monotonicms, row.clockgood)
            dated = date(reading, first_good.get(boot))
            envelope = msgspec.json.decode(row.body, type=Envelope)
            event = msgspec.json.decode(envelope.data, type=EVENT_TYPES[row.type])
            if isinstance(event, CheckIn | SignOut):
                yield Tap(
                    account=row.account,
                    activity=row.activity,
                    entering=isinstance(event, CheckIn),
                    card=event.card,
                    trust=event.trust,
                    at=dated.at,
                    received_at=row.received_at,
                    flag=dated.flag,
                )


def _first_good(connection: Connection, terminal: str, boot: str) -> Reading | None:
    row = connection.execute(
        select(received.c.claimed_at, received.c.monotonicms)
        .where(
            received.c.terminal == terminal,
            received.c.boot == boot,
            received.c.clockgood.is_(True),
        )
        .order_by(received.c.seq)
        .limit(1)
    ).first()
    return None if row is None else Reading(row.claimed_at, row.monotonicms, True)


def wanted_deed(
    activity: Activity,
    known: Attended | None,
    standards: Standards,
    until: dt.datetime | None,
) -> Wanted | None:
    """The deed that this attendance amounts to, by the standard in force on its day; None while
    it is not done, where the standard has no such item on that day, or where the account was
    closed by then (`until`)."""
    if known is None or known.done_at is None:
        return None
    if until is not None and known.done_at >= until:
        return None
    day = business_day(known.done_at)
    scored = standards.score(activity.row.item, day)
    if scored is None:
        return None
    return Wanted(
        id=deed_id(activity.row.id, known.row.account),
        account=known.row.account,
        activity=activity.row.id,
        item=activity.row.item,
        class_code=scored.class_code,
        done_at=known.done_at,
        day=day.isoformat(),
        points=scored.points,
        standard_version=scored.version,
        flags=known.flags,
    )


def _keep_attendance(connection: Connection, found: Mapping[Pair, Attended]) -> set[Pair]:
    """Write what changed, and return the pairs whose times did."""
    old = {}
    activities = {activity for _, activity in found}
    for chunk in in_chunks({account for account, _ in found}):
        query = select(attendance).where(
            attendance.c.account.in_(chunk), attendance.c.activity.in_(activities)
        )
        for row in connection.execute(query):
            old[row.account, row.activity] = (row.in_at, row.out_at, row.flags)
    new = {
        pair: (known.row.in_at, known.row.out_at, " ".join(known.flags))
        for pair, known in found.items()
    }
    upsert(
        connection,
        attendance,
        [
            {"account": p[0], "activity": p[1], "in_at": v[0], "out_at": v[1], "flags": v[2]}
            for p, v in new.items()
            if v != old.get(p)
        ],
    )
    return {pair for pair, value in new.items() if value[:2] != old.get(pair, ((), ()))[:2]}
