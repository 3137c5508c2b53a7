"""Checks of what is derived: attendance and deeds from events, standings from deeds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from linli.ledger.activities.reading import Activity, read_activities
from linli.ledger.audit.difference import Difference
from linli.ledger.database import in_chunks
from linli.ledger.feed.telling import Pair
from linli.ledger.ingest.attendance import Attended
from linli.ledger.ingest.derivation import attended_pairs, wanted_deed
from linli.ledger.ingest.schema import attendance, received
from linli.ledger.ingest.taps import kept_taps
from linli.ledger.journal.deed import Deed, find_deeds
from linli.ledger.journal.limits import over_limit
from linli.ledger.journal.reconciling import Wanted
from linli.ledger.journal.schema import deed
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.ranking.schema import point_count, standing
from linli.ledger.ranking.standings import counted
from linli.ledger.ranking.sums import Sum, ranked, sums
from linli.ledger.standard.versions import Standards
from linli.sync.rules import deed_id


def attendance_and_deeds(connection: Connection, standards: Standards) -> Iterator[Difference]:
    """Person by person, so that a city's ledger fits into memory."""
    for chunk in in_chunks(_people(connection)):
        holders = read_holders(connection, chunk)
        pairs = _pairs(connection, chunk)
        activities = read_activities(connection, {activity for _, activity in pairs})
        found = attended_pairs(connection, kept_taps(connection, pairs), holders, activities)
        yield from _attendance(connection, chunk, found)
        deeds = {d.id: d for d in find_deeds(connection, deed.c.account.in_(chunk))}
        yield from _deeds(deeds, found, holders, activities, standards)
        over = over_limit(deeds.values(), standards)
        for kept in sorted(deeds.values(), key=lambda d: d.id):
            if kept.surplus != (kept.id in over):
                yield Difference(f"deed {kept.id}, over its limit", kept.surplus, kept.id in over)


def standings_and_counts(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Every standing is the sum of its bearer's deeds, where they are ranked, and every count is
    how many standings have the points."""
    people = _people(connection)
    holders: dict[str, Holder] = {}
    for chunk in in_chunks(people):
        holders |= read_holders(connection, chunk)
    deeds = (
        kept
        for chunk in in_chunks(people)
        for kept in find_deeds(connection, deed.c.account.in_(chunk))
    )
    derived = ranked(sums(deeds, holders), holders)
    left = dict(derived)
    for row in connection.execute(select(standing).order_by(standing.c.account, standing.c.period)):
        total = left.pop((row.period, row.account), None)
        kept = (row.posted, row.pending, row.points)
        should = (total.posted, total.pending, total.points) if total else (0, 0, 0)
        if kept != should:
            where = f"standing of {row.account} in {row.period}, posted, pending and points"
            yield Difference(where, kept, should)
        if total is not None:
            yield from _stands_for(row, total, holders[row.account])
    for period, account in sorted(left):
        yield Difference(f"standing of {account} in {period}", "no such row", "a row")
    counts = counted(derived, holders)
    for row in connection.execute(select(point_count)):
        key = (row.period, row.kind, row.node, row.points)
        should_be = counts.pop(key, 0)
        if row.accounts != should_be:
            yield Difference(f"count of {key}", row.accounts, should_be)
    for missing in counts:
        yield Difference(f"count of {missing}", "no such row", counts[missing])


def _stands_for(row: Row[Any], total: Sum, holder: Holder) -> Iterator[Difference]:
    kept = (row.kind, row.building, row.scope, row.reached_at)
    should = (holder.kind.value, holder.building, holder.scope, total.reached_at)
    if kept != should:
        where = f"standing of {row.account} in {row.period}, kind, home, community and last deed"
        yield Difference(where, kept, should)


def _people(connection: Connection) -> list[str]:
    query = select(received.c.account).where(received.c.account.is_not(None)).distinct()
    with_events = set(connection.execute(query).scalars())
    with_deeds = set(connection.execute(select(deed.c.account).distinct()).scalars())
    came = set(connection.execute(select(attendance.c.account).distinct()).scalars())
    return sorted(with_events | with_deeds | came)


def _pairs(connection: Connection, accounts: list[str]) -> set[Pair]:
    query = select(received.c.account, received.c.activity).where(
        received.c.account.in_(accounts),
        received.c.activity.is_not(None),
        received.c.applied.is_(True),
    )
    return {(row.account, row.activity) for row in connection.execute(query)}


def _attendance(
    connection: Connection, accounts: list[str], found: dict[Pair, Attended]
) -> Iterator[Difference]:
    left = dict(found)
    query = select(attendance).where(attendance.c.account.in_(accounts))
    order = (attendance.c.account, attendance.c.activity)
    for row in connection.execute(query.order_by(*order)):
        known = left.pop((row.account, row.activity), None)
        kept = (row.in_at, row.out_at, row.flags)
        should = (known.row.in_at, known.row.out_at, " ".join(known.flags)) if known else None
        if kept != should:
            yield Difference(f"attendance of {row.account} at {row.activity}", kept, should)
    for account, activity in sorted(left):
        yield Difference(f"attendance of {account} at {activity}", "no such row", "a row")


def _deeds(
    deeds: dict[str, Deed],
    found: dict[Pair, Attended],
    holders: dict[str, Holder],
    activities: dict[str, Activity],
    standards: Standards,
) -> Iterator[Difference]:
    wanted = {
        deed_id(activity, account): wanted_deed(
            activities[activity], known, standards, holders[account].deeds_until
        )
        for (account, activity), known in found.items()
    }
    for id_, want in sorted(wanted.items()):
        kept = deeds.get(id_)
        if kept is not None and kept.decided:
            continue
        is_there = kept is not None and kept.state == "pending"
        if want is None and is_there:
            yield Difference(f"deed {id_}", "a pending deed", "none: its events do not make one")
        elif want is not None and kept is not None and is_there:
            if _worth(kept) != _worth(want):
                yield Difference(f"deed {id_}", _worth(kept), _worth(want))
        elif want is not None:
            yield Difference(f"deed {id_}", "no such deed", _worth(want))
    for id_ in sorted(deeds.keys() - wanted.keys()):
        if deeds[id_].activity is not None:
            yield Difference(f"deed {id_}", "a deed", "none: it has no events")


def _worth(of: Deed | Wanted) -> tuple[object, ...]:
    who_and_when = (of.account, of.activity, of.done_at, of.day)
    return (*who_and_when, of.item, of.points, of.standard_version, " ".join(of.flags))
