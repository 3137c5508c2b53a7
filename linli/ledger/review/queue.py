"""What waits for a panel: the pending deeds of its community, the most doubtful first."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, bindparam, select

from linli.ledger.activities.schema import activity
from linli.ledger.database import among
from linli.ledger.declarations.evidence import Evidence, read_evidence
from linli.ledger.ingest.schema import attendance
from linli.ledger.journal.deed import PENDING, Deed, find_deeds, read_deeds
from linli.ledger.journal.schema import deed
from linli.ledger.people.schema import holder
from linli.ledger.prepared import Prepared
from linli.ledger.review.opinions import Choice, latest
from linli.ledger.review.risk import Doubt, Visit, in_two_places, risk
from linli.ledger.review.schema import opinion, verdict

A_DAY = dt.timedelta(days=1)
DOUBTS = frozenset(Doubt)
_VERDICTS = Prepared(
    select(verdict.c.deed, verdict.c.round, verdict.c.completed_at)
    .where(among(verdict.c.deed, "deeds"))
    .order_by(verdict.c.round)
)
_SAID = Prepared(
    select(
        opinion.c.deed, opinion.c.round, opinion.c.member, opinion.c.turn, opinion.c.choice
    ).where(among(opinion.c.deed, "deeds"))
)
_VISITS = Prepared(
    select(
        attendance.c.account,
        attendance.c.activity,
        activity.c.centre,
        attendance.c.in_at,
        attendance.c.out_at,
    )
    .join(activity, activity.c.id == attendance.c.activity)
    .where(
        among(attendance.c.account, "accounts"),
        attendance.c.in_at.between(bindparam("first"), bindparam("last")),
    )
)


@dataclass(frozen=True, slots=True)
class Case:
    """One deed before the panel. `opinions` are each member's last word of this `round`; `evidence`
    is there for what was written down."""

    deed: Deed
    round: int
    doubts: tuple[Doubt, ...]
    risk: int
    opinions: Mapping[str, Choice]
    evidence: Evidence | None

    @property
    def seen(self) -> str:
        """A mark of all that a member is shown: an opinion must bring it along."""
        of = self.deed
        told = () if self.evidence is None else self.evidence.told()
        what = (of.id, self.round, of.account, of.item, of.done_at.isoformat(), of.points)
        shown = (*what, *self.doubts, *told)
        return hashlib.sha256("\0".join(map(str, shown)).encode()).hexdigest()[:16]


def cases(connection: Connection, scope: str) -> list[Case]:
    """All that the community's panel has to decide, the most doubtful first, then the oldest.
    Returned deeds wait elsewhere until they are completed; they have kept their place."""
    of_scope = deed.c.account.in_(select(holder.c.account).where(holder.c.scope == scope))
    deeds = list(find_deeds(connection, of_scope & (deed.c.state == PENDING)))
    found = _cases(connection, deeds)
    return sorted(found, key=lambda c: (-c.risk, c.deed.done_at, c.deed.id))


def read_cases(connection: Connection, ids: Collection[str]) -> dict[str, Case]:
    """Those of these deeds that wait for their panel."""
    deeds = [found for found in read_deeds(connection, ids).values() if found.state == PENDING]
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
    ordered = _ordered(of.flags, of.surplus, two_places)
    return Case(of, number, ordered, risk(ordered), opinions, evidence)


@lru_cache
def _ordered(flags: tuple[str, ...], surplus: bool, two_places: bool) -> tuple[Doubt, ...]:
    """The reasons for doubt, the gravest first."""
    doubts = {Doubt(flag) for flag in flags if flag in DOUBTS}
    if surplus:
        doubts.add(Doubt.OVER_LIMIT)
    if two_places:
        doubts.add(Doubt.TWO_PLACES)
    return tuple(doubt for doubt in Doubt if doubt in doubts)


def _rounds(connection: Connection, ids: Collection[str]) -> dict[str, int]:
    """The round each deed is in; 0 for one that was returned and is not completed yet."""
    return {
        of: number + 1 if completed_at is not None else 0
        for of, number, completed_at in _VERDICTS.all(connection, deeds=ids)
    }


def _opinions(connection: Connection, rounds: Mapping[str, int]) -> dict[str, Mapping[str, Choice]]:
    turns: dict[str, list[tuple[str, int, Choice]]] = defaultdict(list)
    for of, number, member, turn, choice in _SAID.all(connection, deeds=rounds):
        if number == rounds[of]:
            turns[of].append((member, turn, Choice(choice)))
    return {id_: latest(some) for id_, some in turns.items()}


def _impossible(connection: Connection, deeds: Collection[Deed]) -> set[tuple[str, str | None]]:
    """(account, activity) of visits that leave no time for the way between them; only those of the
    deeds' own days can."""
    visits: dict[str, list[Visit]] = defaultdict(list)
    if not deeds:
        return set()
    moments = [d.done_at for d in deeds]
    rows = _VISITS.all(
        connection,
        accounts={d.account for d in deeds},
        first=min(moments) - A_DAY,
        last=max(moments) + A_DAY,
    )
    for account, what, centre, in_at, out_at in rows:
        until = in_at if out_at is None else max(in_at, out_at)
        visits[account].append(Visit(what, centre, in_at, until))
    return {
        (account, impossible)
        for account, some in visits.items()
        for impossible in in_two_places(some)
    }
