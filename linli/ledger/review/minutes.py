"""The minutes of a week's review, read from the ledger: who was there, what was decided and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Connection, select

from linli.ledger.database import in_chunks
from linli.ledger.declarations.recorders import recorders
from linli.ledger.documents.model import Decision, Member, Minutes, Verdict
from linli.ledger.journal.deed import Deed, read_deeds
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.people.schema import org
from linli.ledger.review.opinions import Choice
from linli.ledger.review.panel import members, quorum_of, seat_of
from linli.ledger.review.schema import opinion, verdict
from linli.ledger.review.weekly import ReviewError
from linli.ledger.standard.versions import Standards
from linli.sync.periods import business_day

SAID = {Choice.POST.value: Verdict.POSTED, Choice.VOID.value: Verdict.VOIDED}


def week_minutes(
    connection: Connection, scope: str, week: str, standards: Standards, place: str
) -> Minutes:
    """`week` is a period key such as 2026-W48. Present is who said something of the deeds decided.
    Names are masked. Raises ReviewError for a week in which nothing was decided."""
    rows = connection.execute(
        select(verdict)
        .where(verdict.c.scope == scope, verdict.c.week == week, verdict.c.choice.in_(SAID))
        .order_by(verdict.c.at, verdict.c.deed)
    ).all()
    if not rows:
        raise ReviewError(f"nothing was decided in {scope} in {week}: check the week's number")
    last = max(row.at for row in rows)
    seats = members(connection, scope, last)
    deeds: dict[str, Deed] = {}
    spoke: set[str] = set()
    for chunk in in_chunks(row.deed for row in rows):
        deeds |= read_deeds(connection, chunk)
        query = select(opinion.c.member).where(opinion.c.deed.in_(chunk)).distinct()
        spoke |= set(connection.execute(query).scalars())
    holders = read_holders(connection, {*(d.account for d in deeds.values()), *seats})
    hands = recorders(connection, deeds)
    name = connection.execute(select(org.c.name).where(org.c.id == scope)).scalar_one()
    return Minutes(
        community=name,
        week=week,
        held_on=business_day(last),
        place=place,
        quorum=quorum_of(connection, scope),
        members=tuple(
            Member(holders[seat.account].name_masked, seat_of(seat), seat.account in spoke)
            for seat in seats.values()
        ),
        decisions=tuple(
            _decision(
                deeds[row.deed],
                row.choice,
                row.reason,
                holders,
                seats.keys() & {deeds[row.deed].account, *hands.get(row.deed, ())},
                standards,
            )
            for row in rows
        ),
    )


def _decision(
    of: Deed,
    choice: str,
    reason: str,
    holders: dict[str, Holder],
    recused: Collection[str],
    standards: Standards,
) -> Decision:
    day = dt.date.fromisoformat(of.day)
    return Decision(
        name=holders[of.account].name_masked,
        item=standards.name_of(of.item, day),
        day=day,
        points=of.points,
        verdict=SAID[choice],
        reason=reason,
        recused=tuple(holders[account].name_masked for account in sorted(recused)),
    )
