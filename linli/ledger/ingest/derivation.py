"""From the set of received events to everything that follows from it, for some pairs of account
and activity: attendance, deeds, transfers, standings, and the rows that tell the terminals.

Nothing is added up as events come: each pair is derived anew from all its events, so that order
and repetition make no difference (docs/decisions/0003).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, select

from linli.ledger.activities.reading import Activity
from linli.ledger.database import Lines, among, insert_or_upsert
from linli.ledger.feed.telling import News, Pair, tell
from linli.ledger.ingest.attendance import Attended, attended, hours_of
from linli.ledger.ingest.concerned import Concerned, hold_concerned
from linli.ledger.ingest.schema import attendance
from linli.ledger.ingest.taps import Seen, dated_taps, kept_taps
from linli.ledger.journal.reconciling import Wanted, reconcile
from linli.ledger.people.directory import Holder
from linli.ledger.prepared import Prepared
from linli.ledger.ranking.standings import update_standings
from linli.ledger.standard.versions import Standards
from linli.sync.periods import business_day
from linli.sync.rules import deed_id


def derive(
    connection: Connection, pairs: Collection[Pair], standards: Standards, now: dt.datetime
) -> None:
    """Bring everything that follows from these pairs' events up to date, in the caller's
    transaction. Every account and activity must exist."""
    concerned = hold_concerned(connection, {a for a, _ in pairs}, {a for _, a in pairs})
    derive_from(connection, pairs, kept_taps(connection, pairs), concerned, standards, now)


def derive_from(
    connection: Connection,
    pairs: Collection[Pair],
    seen: Iterable[Seen],
    concerned: Concerned,
    standards: Standards,
    now: dt.datetime,
) -> None:
    """The same, of all that was `seen` of these pairs; whoever is `concerned` is held."""
    holders, activities = concerned.holders, concerned.activities
    found = attended_pairs(connection, seen, holders, activities)
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
    news = News({pair: found[pair].row for pair in changed}, moved, deeds)
    tell(connection, news, holders, activities, now)


# --- the parts of a derivation, used by `linli ledger verify` too ----------------------------


def attended_pairs(
    connection: Connection,
    seen: Iterable[Seen],
    holders: Mapping[str, Holder],
    activities: Mapping[str, Activity],
) -> dict[Pair, Attended]:
    """What all that was seen of each pair amounts to."""
    taps = dated_taps(connection, seen)
    hours = {id_: hours_of(activities[id_].row) for id_ in {activity for _, activity in taps}}
    return {
        pair: attended(hours[pair[1]], some, holders[pair[0]].cards) for pair, some in taps.items()
    }


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


_KNOWN = Prepared(
    select(attendance).where(
        among(attendance.c.account, "accounts"), among(attendance.c.activity, "activities")
    )
)


def _keep_attendance(connection: Connection, found: Mapping[Pair, Attended]) -> set[Pair]:
    """Write what changed, and return the pairs whose times did."""
    accounts, activities = {account for account, _ in found}, {activity for _, activity in found}
    old = {
        (account, activity): (in_at, out_at, flags)
        for account, activity, in_at, out_at, flags in _KNOWN.all(
            connection, accounts=accounts, activities=activities
        )
    }
    written, changed = [], set()
    for pair, known in found.items():
        before, now = old.get(pair), (known.row.in_at, known.row.out_at, " ".join(known.flags))
        if before != now:
            written.append((*pair, *now))
        if before is None or before[:2] != now[:2]:
            changed.add(pair)
    lines = Lines(tuple(attendance.c.keys()), written)
    insert_or_upsert(connection, attendance, lines, old.keys())
    return changed
