"""The weekly review: members give their opinions, and where enough agree the deed is decided.

Nobody alone posts or voids anything: the opinion that completes a quorum decides, in the same
transaction, and what was said stays on record with names and reasons.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select, update

from linli.ledger.database import among, insert_rows, lock_rows
from linli.ledger.declarations.recorders import recorders
from linli.ledger.journal.deed import POSTED, VOIDED
from linli.ledger.journal.schema import deed
from linli.ledger.people.bearers import bearers
from linli.ledger.people.directory import read_holders
from linli.ledger.prepared import Prepared
from linli.ledger.review.deciding import review
from linli.ledger.review.opinions import NEEDS_REASON, Choice, Interest, may_decide, outcome
from linli.ledger.review.panel import members, quorum_of
from linli.ledger.review.queue import Case, read_cases
from linli.ledger.review.schema import opinion, verdict
from linli.ledger.standard.versions import Standards
from linli.sync.periods import period_of

LONGEST = 500
"""Characters of what was added to a returned deed."""
STATE = {Choice.POST: POSTED, Choice.VOID: VOIDED}


class ReviewError(ValueError):
    """An opinion cannot be taken; the text says which and why. None of the call was taken."""


class StaleError(ReviewError):
    """The deed is no longer what the member was shown: they must look again."""


@dataclass(frozen=True, slots=True)
class Said:
    """One opinion. `seen` is the mark of the case that the member was looking at."""

    deed: str
    choice: Choice
    seen: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """Ids of the deeds that these opinions decided, by what was decided; and of those that wait
    for more members."""

    decided: Mapping[str, Choice]
    waiting: Sequence[str]


def say(
    connection: Connection,
    scope: str,
    member: str,
    said: Sequence[Said],
    standards: Standards,
    now: dt.datetime,
) -> Taken:
    """Take a member's opinions, all or none. The same opinion again changes nothing.

    Raises ReviewError: for somebody who is not on the panel, a deed that is not before it, one
    that the member may not decide, a missing reason; StaleError for one that has changed."""
    if member not in members(connection, scope, now):
        raise ReviewError(f"{member} is not on the panel of {scope}")
    ids = [one.deed for one in said]
    if len(set(ids)) != len(ids):
        raise ReviewError("the same deed is named twice: say one thing of each")
    lock_rows(connection, deed.c.id, ids)  # two members who decide at once wait for each other
    known = read_cases(connection, ids)
    ends = bearers(connection, {case.deed.account for case in known.values()})
    hands = recorders(connection, known)
    for one in said:
        case = _check(one, known.get(one.deed))
        interest = Interest(ends[case.deed.account], hands.get(one.deed, frozenset()))
        _check_member(one, member, interest)
    _refuse_foreign(connection, scope, known)
    _keep(
        connection,
        [one for one in said if known[one.deed].opinions.get(member) != one.choice],
        known,
        member,
        now,
    )
    return _decide(connection, scope, member, said, known, standards, now)


def complete(connection: Connection, deed_id: str, what: str, now: dt.datetime) -> None:
    """A returned deed has what it lacked: it is before the panel again, at its old place, for a
    new round. Raises ReviewError."""
    if not 0 < len(what.strip()) <= LONGEST:
        raise ReviewError(f"say in 1 to {LONGEST} characters what was added")
    newest = select(func.max(verdict.c.round)).where(verdict.c.deed == deed_id).scalar_subquery()
    changed = connection.execute(
        update(verdict)
        .where(
            verdict.c.deed == deed_id,
            verdict.c.round == newest,
            verdict.c.choice == Choice.RETURN.value,
            verdict.c.completed_at.is_(None),
        )
        .values(completed_at=now, completion=what.strip())
    ).rowcount
    if not changed:
        raise ReviewError(f"deed {deed_id} was not returned, or is complete already")


# --- one opinion -----------------------------------------------------------------------------


def _check(one: Said, case: Case | None) -> Case:
    if case is None:
        raise StaleError(f"deed {one.deed} is not before the panel: it was decided or returned")
    if case.seen != one.seen:
        raise StaleError(f"deed {one.deed} has changed since it was shown: look at it again")
    if one.choice in NEEDS_REASON and not one.reason.strip():
        raise ReviewError(f"give the reason for deed {one.deed}: its bearer is told")
    if one.choice is Choice.POST and case.deed.surplus:
        raise ReviewError(f"deed {one.deed} is over its item's limit: it can only be voided")
    return case


def _check_member(one: Said, member: str, interest: Interest) -> None:
    why_not = may_decide(member, interest)
    if why_not:
        raise ReviewError(f"{member} may not decide on deed {one.deed}: it is {why_not}")


def _refuse_foreign(connection: Connection, scope: str, known: Mapping[str, Case]) -> None:
    holders = read_holders(connection, {case.deed.account for case in known.values()})
    for case in known.values():
        if holders[case.deed.account].scope != scope:
            raise ReviewError(f"deed {case.deed.id} is another community's: its panel decides")


_TURNS = Prepared(
    select(opinion.c.deed, func.max(opinion.c.turn))
    .where(among(opinion.c.deed, "deeds"), opinion.c.member == bindparam("of"))
    .group_by(opinion.c.deed)
)


def _keep(
    connection: Connection,
    said: Sequence[Said],
    known: Mapping[str, Case],
    member: str,
    now: dt.datetime,
) -> None:
    turns = dict(_TURNS.all(connection, deeds=[one.deed for one in said], of=member))
    rows = [
        {
            "deed": one.deed,
            "round": known[one.deed].round,
            "member": member,
            "turn": turns.get(one.deed, 0) + 1,
            "choice": one.choice.value,
            "reason": one.reason.strip(),
            "at": now,
        }
        for one in said
    ]
    insert_rows(connection, opinion, rows)


# --- what it amounts to ----------------------------------------------------------------------


def _decide(
    connection: Connection,
    scope: str,
    member: str,
    said: Sequence[Said],
    known: Mapping[str, Case],
    standards: Standards,
    now: dt.datetime,
) -> Taken:
    quorum = quorum_of(connection, scope)
    sitting = members(connection, scope, now)
    decided: dict[str, Said] = {}
    for one in said:
        opinions = {**known[one.deed].opinions, member: one.choice}
        counted = {who: choice for who, choice in opinions.items() if who in sitting}
        if outcome(counted, quorum) is one.choice:
            decided[one.deed] = one
    for choice, reason in sorted({(o.choice, o.reason.strip()) for o in decided.values()}):
        ids = [i for i, o in decided.items() if (o.choice, o.reason.strip()) == (choice, reason)]
        if choice in STATE:
            review(connection, ids, STATE[choice], reason, standards, now)
    _record(connection, scope, [(known[i], one) for i, one in decided.items()], now)
    return Taken(
        {id_: one.choice for id_, one in decided.items()},
        [one.deed for one in said if one.deed not in decided],
    )


def _record(
    connection: Connection, scope: str, decided: Sequence[tuple[Case, Said]], now: dt.datetime
) -> None:
    rows = [
        {
            "deed": case.deed.id,
            "round": case.round,
            "scope": scope,
            "week": period_of(now, "week"),
            "choice": one.choice.value,
            "reason": one.reason.strip(),
            "at": now,
            "completed_at": None,
            "completion": None,
        }
        for case, one in decided
    ]
    insert_rows(connection, verdict, rows)
