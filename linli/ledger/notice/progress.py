"""How far somebody's deeds have come: on their way through review and notice, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from linli.ledger.activities.reading import Activity, read_activities
from linli.ledger.database import in_chunks
from linli.ledger.journal.deed import CORRECTED, PENDING, POSTED, WITHDRAWN, Deed, read_deeds
from linli.ledger.journal.schema import deed, transfer
from linli.ledger.notice.answers import spelled_out
from linli.ledger.notice.schema import notice, notice_deed
from linli.ledger.people.bearers import taken_over
from linli.ledger.review.opinions import Choice
from linli.ledger.review.schema import verdict
from linli.ledger.standard.versions import Standards


class HowFar(StrEnum):
    WAITING = "waiting"
    """The panel has not decided yet."""
    RETURNED = "returned"
    """It lacks something; it keeps its place."""
    OVER_LIMIT = "over-limit"
    """Kept, and worth nothing while those before it stand."""
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """Its events do not amount to it any more."""
    POSTED = "posted"
    """It will be on the next notice."""
    ON_NOTICE = "on-notice"
    SPENDABLE = "spendable"
    TAKEN_BACK = "taken-back"


@dataclass(frozen=True, slots=True)
class Progress:
    """One deed. `reason` is the panel's, where it gave one; `until` is the notice's end."""

    deed: Deed
    title: str
    place: str
    stage: HowFar
    reason: str
    until: dt.datetime | None = None


class _Hung(NamedTuple):
    """The notice that a deed is on, or was."""

    until: dt.datetime
    sealed: bool


def family_of(connection: Connection, account: str) -> list[str]:
    """All numbers under which the bearer of this account did something."""
    return [account, *sorted(taken_over(connection, [account]))]


def count_deeds(connection: Connection, accounts: Collection[str]) -> int:
    query = select(func.count()).select_from(deed).where(deed.c.account.in_(accounts))
    return int(connection.execute(query).scalar_one())


def newest_deeds(
    connection: Connection,
    accounts: Collection[str],
    standards: Standards,
    *,
    skip: int = 0,
    count: int,
) -> list[Progress]:
    """Of the deeds of these accounts, the one done last first."""
    query = select(deed.c.id).where(deed.c.account.in_(accounts))
    ordered = query.order_by(deed.c.done_at.desc(), deed.c.id).offset(skip).limit(count)
    return progress_of(connection, list(connection.execute(ordered).scalars()), standards)


def progress_of(
    connection: Connection, ids: Collection[str], standards: Standards
) -> list[Progress]:
    """In the order of the ids; unknown ones are left out."""
    found = read_deeds(connection, ids)
    known = [found[id_] for id_ in ids if id_ in found]
    shown = _on_notices(connection, found)
    back = _returned(connection, found)
    reasons = _reasons(connection, known)
    activities: dict[str, Activity] = {}
    for chunk in in_chunks(d.activity for d in known if d.activity is not None):
        activities |= read_activities(connection, chunk)
    return [_story(d, shown, back, reasons, activities, standards) for d in known]


def _story(
    of: Deed,
    shown: Mapping[str, _Hung],
    back: Mapping[str, str],
    reasons: Mapping[str, str],
    activities: Mapping[str, Activity],
    standards: Standards,
) -> Progress:
    at = activities.get(of.activity or "")
    on = shown.get(of.id)
    stage = _stage(of, on, returned=of.id in back)
    return Progress(
        deed=of,
        title=at.row.title if at is not None else standards.name_of(of.item, of.day),
        place=at.row.place if at is not None else "",
        stage=stage,
        reason=back[of.id] if stage is HowFar.RETURNED else reasons.get(of.id, ""),
        until=on.until if on is not None and stage is HowFar.ON_NOTICE else None,
    )


def _stage(of: Deed, on: _Hung | None, *, returned: bool) -> HowFar:
    if of.state == PENDING:
        if returned:
            return HowFar.RETURNED
        return HowFar.OVER_LIMIT if of.surplus else HowFar.WAITING
    if of.state == POSTED:
        if on is None:
            return HowFar.POSTED
        return HowFar.SPENDABLE if on.sealed else HowFar.ON_NOTICE
    if CORRECTED in of.flags:
        return HowFar.TAKEN_BACK
    return HowFar.WITHDRAWN if WITHDRAWN in of.flags else HowFar.REFUSED


def _on_notices(connection: Connection, ids: Collection[str]) -> dict[str, _Hung]:
    query = select(notice_deed.c.deed, notice_deed.c.sealed, notice.c.until).join(
        notice, (notice.c.scope == notice_deed.c.scope) & (notice.c.month == notice_deed.c.month)
    )
    return {
        row.deed: _Hung(row.until, row.sealed)
        for chunk in in_chunks(ids)
        for row in connection.execute(query.where(notice_deed.c.deed.in_(chunk)))
    }


def _returned(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """What those lack that were returned and are not completed yet."""
    open_ = (verdict.c.choice == Choice.RETURN.value) & verdict.c.completed_at.is_(None)
    query = select(verdict.c.deed, verdict.c.reason).where(open_)
    return {
        row.deed: row.reason
        for chunk in in_chunks(ids)
        for row in connection.execute(query.where(verdict.c.deed.in_(chunk)))
    }


def _reasons(connection: Connection, deeds: Collection[Deed]) -> dict[str, str]:
    """Why each was decided as it was; of one that was taken back, why that."""
    ids = {(f"{d.transfer}c1" if CORRECTED in d.flags else d.transfer): d.id for d in deeds}
    query = select(transfer.c.id, transfer.c.reason).where(transfer.c.reason != "")
    found = {
        ids[row.id]: row.reason
        for chunk in in_chunks(ids)
        for row in connection.execute(query.where(transfer.c.id.in_(chunk)))
    }
    return spelled_out(connection, found)
