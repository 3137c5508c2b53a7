"""What waits for a panel: the pending deeds of its community, the most doubtful first."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from linli.ledger.activities.schema import activity
from linli.ledger.database import in_chunks
from linli.ledger.declarations.evidence import Evidence, read_evidence
from linli.ledger.ingest.schema import attendance
from linli.ledger.journal.deed import PENDING, Deed, find_deeds
from linli.ledger.journal.schema import deed
from linli.ledger.people.schema import holder
from linli.ledger.review.opinions import Choice, latest
from linli.ledger.review.risk import Doubt, Visit, in_two_places, risk
from linli.ledger.review.schema import opinion, verdict

A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Case:
    """One deed before the panel. `seen` is a mark of all that a member is shown: an opinion must
    bring it along. `opinions` are each member's last word of this `round`; `evidence` is there for
    what was written down."""

    deed: Deed
    round: int
    doubts: tuple[Doubt, ...]
    risk: int
    opinions: Mapping[str, Choice]
    evidence: Evidence | None
    seen: str


def cases(connection: Connection, scope: str) -> list[Case]:
    """All that the community's panel has to decide, the most doubtful first, then the oldest.
    Returned deeds wait elsewhere until they are completed; they have kept their place."""
    of_scope = deed.c.account.in_(select(holder.c.account).where(holder.c.scope == scope))
    deeds = list(find_deeds(connection, of_scope & (deed.c.state == PENDING)))
    found = _cases(connection, deeds)
    return sorted(found, key=lambda c: (-c.risk, c.deed.done_at, c.deed.id))


def read_cases(connection: Connection, ids: Collection[str]) -> dict[str, Case]:
    """Those of these deeds that wait for their panel."""
    deeds = [
        found
        for chunk in in_chunks(ids)
        for found in find_deeds(connection, deed.c.id.in_(chunk) & (deed.c.state == PENDING))
    ]
    return {case.deed.id: case for case in _cases(connection, deeds)}


def _cases(connection: Connection, deeds: list[Deed]) -> list[Case]:
    rounds = _rounds(connection, [d.id for d in deeds])
    waiting = [d for d in deeds if rounds.get(d.id, 1) > 0]
    opinions = _opinions(connection, {d.id: rounds.get(d.id, 1) for d in waiting})
    impossible = _impossible(connection, waiting)
    evidence = read_evidence(connection, [d.id for d in waiting if d.activity is None])
    return [
        _case(
            d,
            rounds.get(d.id, 1),
            opinions.get(d.id, {}),
            evidence.get(d.id),
            two_places=(d.account, d.activity) in impossible,
        )
        for d in waiting
    ]


def _case(
    of: Deed,
    number: int,
    opinions: Mapping[str, Choice],
    evidence: Evidence | None,
    *,
    two_places: bool,
) -> Case:
    doubts = {Doubt(flag) for flag in of.flags if flag in set(Doubt)}
    if of.surplus:
        doubts.add(Doubt.OVER_LIMIT)
    if two_places:
        doubts.add(Doubt.TWO_PLACES)
    ordered = tuple(doubt for doubt in Doubt if doubt in doubts)
    mark = _mark(of, number, ordered, evidence)
    return Case(of, number, ordered, risk(ordered), opinions, evidence, mark)


def _mark(of: Deed, number: int, doubts: Iterable[Doubt], evidence: Evidence | None) -> str:
    told = () if evidence is None else evidence.told()
    shown = (of.id, number, of.account, of.item, of.done_at.isoformat(), of.points, *doubts, *told)
    return hashlib.sha256("\0".join(map(str, shown)).encode()).hexdigest()[:16]


def _rounds(connection: Connection, ids: Collection[str]) -> dict[str, int]:
    """The round each deed is in; 0 for one that was returned and is not completed yet."""
    found: dict[str, int] = {}
    for chunk in in_chunks(ids):
        query = select(verdict).where(verdict.c.deed.in_(chunk)).order_by(verdict.c.round)
        for row in connection.execute(query):
            found[row.deed] = row.round + 1 if row.completed_at is not None else 0
    return found


def _opinions(connection: Connection, rounds: Mapping[str, int]) -> dict[str, Mapping[str, Choice]]:
    turns: dict[str, list[tuple[str, int, Choice]]] = defaultdict(list)
    for chunk in in_chunks(rounds):
        for row in connection.execute(select(opinion).where(opinion.c.deed.in_(chunk))):
            if row.round == rounds[row.deed]:
                turns[row.deed].append((row.member, row.turn, Choice(row.choice)))
    return {id_: latest(some) for id_, some in turns.items()}


def _impossible(connection: Connection, deeds: Collection[Deed]) -> set[tuple[str, str | None]]:
    """(account, activity) of visits that leave no time for the way between them; only those of the
    deeds' own days can."""
    visits: dict[str, list[Visit]] = defaultdict(list)
    if not deeds:
        return set()
    moments = [d.done_at for d in deeds]
    around = attendance.c.in_at.between(min(moments) - A_DAY, max(moments) + A_DAY)
    for chunk in in_chunks({d.account for d in deeds}):
        query = (
            select(attendance, activity.c.centre)
            .join(activity, activity.c.id == attendance.c.activity)
            .where(attendance.c.account.in_(chunk), around)
        )
        for row in connection.execute(query):
            until = row.in_at if row.out_at is None else max(row.in_at, row.out_at)
            visits[row.account].append(Visit(row.activity, row.centre, row.in_at, until))
    return {
        (account, impossible)
        for account, some in visits.items()
        for impossible in in_two_places(some)
    }
