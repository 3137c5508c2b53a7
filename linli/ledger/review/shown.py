"""What a panel member sees of a deed: who, what, when, where, and why to look twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from linli.ledger.activities.reading import Activity, read_activities
from linli.ledger.database import among, in_chunks
from linli.ledger.declarations.recorders import recorders
from linli.ledger.ingest.schema import attendance
from linli.ledger.people.bearers import bearers
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.prepared import Prepared
from linli.ledger.review.opinions import Interest, may_decide
from linli.ledger.review.queue import Case
from linli.ledger.standard.versions import Standards
from linli.sync.periods import SHANGHAI


@dataclass(frozen=True, slots=True)
class Shown:
    """A case in words. `came_at` and `left_at` are the taps, where there were any; `not_by_you` is
    why this member may not decide it, empty where they may."""

    case: Case
    bearer: Holder
    item_name: str
    activity: Activity | None
    came_at: dt.datetime | None
    left_at: dt.datetime | None
    not_by_you: str

    @property
    def minutes(self) -> int | None:
        """How long they were there."""
        if self.came_at is None or self.left_at is None:
            return None
        return int((self.left_at - self.came_at).total_seconds()) // 60

    @property
    def where(self) -> str:
        return self.activity.row.place if self.activity is not None else ""

    @property
    def times(self) -> str:
        """`09:02–11:05`, or the first alone."""
        taps = [f"{at.astimezone(SHANGHAI):%H:%M}" for at in (self.came_at, self.left_at) if at]
        return "–".join(taps)


def show(
    connection: Connection, cases: Sequence[Case], standards: Standards, member: str | None
) -> list[Shown]:
    """The cases in their order, for this member or for somebody who only reads."""
    deeds = [case.deed for case in cases]
    holders = read_holders(connection, {d.account for d in deeds})
    activities: dict[str, Activity] = {}
    for chunk in in_chunks(sorted({d.activity for d in deeds if d.activity is not None})):
        activities |= read_activities(connection, chunk)
    taps = _taps(connection, {(d.account, d.activity) for d in deeds if d.activity is not None})
    ends = bearers(connection, {d.account for d in deeds})
    hands = recorders(connection, [d.id for d in deeds])
    found = []
    for case in cases:
        came, left = taps.get((case.deed.account, case.deed.activity or ""), (None, None))
        found.append(
            Shown(
                case=case,
                bearer=holders[case.deed.account],
                item_name=standards.name_of(case.deed.item, case.deed.day),
                activity=activities.get(case.deed.activity or ""),
                came_at=came,
                left_at=left,
                not_by_you=""
                if member is None
                else may_decide(
                    member,
                    Interest(ends[case.deed.account], hands.get(case.deed.id, frozenset())),
                ),
            )
        )
    return found


# SQLite answers a list of pairs by reading the whole table: both are asked for by themselves.
_TAPS = Prepared(
    select(
        attendance.c.account, attendance.c.activity, attendance.c.in_at, attendance.c.out_at
    ).where(among(attendance.c.account, "accounts"), among(attendance.c.activity, "activities"))
)


def _taps(
    connection: Connection, wanted: Collection[tuple[str, str]]
) -> dict[tuple[str, str], tuple[dt.datetime | None, dt.datetime | None]]:
    rows = _TAPS.all(
        connection,
        accounts={account for account, _ in wanted},
        activities={activity for _, activity in wanted},
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}
