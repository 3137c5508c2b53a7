"""Proposes a year's candidates and takes the panel's ballots; a quorum in favour chooses."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select, update

from linli.ledger.awards.rules import Proposed, Title, Year, propose
from linli.ledger.awards.schema import ballot, candidate
from linli.ledger.database import upsert
from linli.ledger.documents.model import Award, Certificate
from linli.ledger.journal.accounts import ISSUANCE
from linli.ledger.journal.deed import CORRECTED, POSTED, find_deeds
from linli.ledger.journal.schema import deed
from linli.ledger.people.schema import holder, org
from linli.ledger.review.opinions import Interest, may_decide
from linli.ledger.review.panel import members, quorum_of
from linli.sync.messages import Kind
from linli.sync.periods import business_day

YEAR = re.compile(r"20[0-9]{2}")


class AwardError(ValueError):
    """Candidates cannot be proposed or voted on; the text says why. Nothing was changed."""


def propose_candidates(
    connection: Connection, scope: str, year: str, now: dt.datetime
) -> dict[Title, list[Proposed]]:
    """The candidates of a year that is over. Raises AwardError, also the second time."""
    if not YEAR.fullmatch(year):
        raise AwardError(f"{year[:20]!r} is no year: write it like 2026")
    if str(business_day(now).year) <= year:
        raise AwardError(f"{year} is not over yet: its candidates are proposed afterwards")
    known = select(func.count()).select_from(candidate)
    here = (candidate.c.scope == scope) & (candidate.c.year == year)
    if connection.execute(known.where(here)).scalar_one():
        raise AwardError(f"the candidates of {year} in {scope} are proposed already")
    found = propose(_years(connection, scope, year))
    rows = [
        {
            "scope": scope,
            "year": year,
            "title": title.value,
            "account": one.account,
            "rank": one.rank,
            "points": one.points,
            "proposed_at": now,
            "chosen_at": None,
            "number": None,
        }
        for title, proposed in found.items()
        for one in proposed
    ]
    if rows:
        connection.execute(insert(candidate), rows)
    return found


def vote(
    connection: Connection,
    scope: str,
    year: str,
    title: Title,
    account: str,
    member: str,
    now: dt.datetime,
    *,
    in_favour: bool,
) -> bool:
    """A member's word on a candidate; the last one counts. Returns whether the candidate is chosen
    with it. Raises AwardError: for somebody outside the panel, on oneself, and once chosen."""
    sitting = members(connection, scope, now)
    if member not in sitting:
        raise AwardError(f"{member} is not on the panel of {scope}")
    if may_decide(member, Interest(account)):
        raise AwardError(f"{member} does not vote on themselves")
    key = {"scope": scope, "year": year, "title": title.value, "account": account}
    here = _where(candidate, key)
    row = connection.execute(select(candidate).where(here).with_for_update()).first()
    if row is None:
        raise AwardError(f"{account} is no candidate for {title.value} {year} in {scope}")
    if row.chosen_at is not None:
        raise AwardError(f"{account} was chosen for {title.value} {year} already")
    upsert(connection, ballot, [{**key, "member": member, "in_favour": in_favour, "at": now}])
    query = select(ballot.c.member).where(_where(ballot, key), ballot.c.in_favour.is_(True))
    agreed = sitting.keys() & set(connection.execute(query).scalars())
    if len(agreed) < quorum_of(connection, scope):
        return False
    number = _next_number(connection, scope, year)
    connection.execute(update(candidate).where(here).values(chosen_at=now, number=number))
    return True


def certificate(
    connection: Connection, number: str, full_name: str, issuer: str, on: dt.date
) -> Certificate:
    """The certificate of a chosen candidate; it bears their full name, which this ledger does not
    keep. Raises AwardError."""
    row = connection.execute(
        select(candidate, org.c.name)
        .join(org, org.c.id == candidate.c.scope)
        .where(candidate.c.number == number)
    ).first()
    if row is None:
        raise AwardError(f"there is no certificate {number}")
    return Certificate(
        award=Award(row.title),
        name=full_name,
        year=int(row.year),
        community=row.name,
        issuer=issuer,
        issued_on=on,
        number=number,
        points=row.points,
    )


def _years(connection: Connection, scope: str, year: str) -> list[Year]:
    people = {
        row.account: Kind(row.kind)
        for row in connection.execute(select(holder).where(holder.c.scope == scope))
    }
    by_class: dict[str, Counter[str]] = defaultdict(Counter)
    taken_back: Counter[str] = Counter()
    where = (deed.c.day >= f"{year}-01-01") & (deed.c.day <= f"{year}-12-31")
    for found in find_deeds(connection, where):
        if found.account in people and found.state == POSTED:
            by_class[found.account][found.debit.removeprefix(f"{ISSUANCE}:")] += found.points
        taken_back[found.account] += CORRECTED in found.flags
    return [Year(a, kind, by_class[a], taken_back[a]) for a, kind in sorted(people.items())]


def _next_number(connection: Connection, scope: str, year: str) -> str:
    """Two that are chosen at the same moment get one number, and the database refuses the second:
    their member votes again."""
    query = select(func.count()).select_from(candidate)
    here = (candidate.c.scope == scope) & (candidate.c.year == year)
    chosen = connection.execute(query.where(here, candidate.c.number.is_not(None))).scalar_one()
    return f"{year}-{scope[:20]}-{chosen + 1:03d}"


def _where(table: Any, key: dict[str, str]) -> Any:
    return and_(*(table.c[name] == value for name, value in key.items()))
