"""Checks of sealed months: what became redeemable, and what was taken back again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from linli.ledger.audit.difference import Difference
from linli.ledger.audit.merges import bearers_at, succession
from linli.ledger.journal.accounts import earned, issuance, redeemable
from linli.ledger.journal.deed import CORRECTED, POSTED
from linli.ledger.journal.schema import deed, transfer
from linli.ledger.notice.publishing import seal_name
from linli.ledger.notice.schema import debt, notice, notice_deed
from linli.ledger.standard.versions import Standards

Sealed = tuple[str, str, str, int, str]
"""Transfer, debit, credit, points, state."""


def sealed_months(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Each sealed month moved each holder's sealed deeds of its notice, and nothing else did."""
    points: Counter[tuple[str, str]] = Counter()
    alike = (notice_deed.c.scope, notice_deed.c.month, deed.c.account)
    query = (
        select(*alike, func.sum(deed.c.points).label("points"))
        .join(deed, deed.c.id == notice_deed.c.deed)
        .where(notice_deed.c.sealed.is_(True))
        .group_by(*alike)
    )
    for row in connection.execute(query):
        points[seal_name(row.scope, row.month), row.account] += row.points
    derived: dict[str, set[Sealed]] = {}
    line = succession(connection)
    at = {seal_name(r.scope, r.month): r.sealed_at for r in connection.execute(select(notice))}
    for (name, holder), some in points.items():
        id_ = f"{name}.{holder}"
        derived[id_] = {
            (id_, earned(bearer), redeemable(bearer), some, POSTED)
            for bearer in bearers_at(line, holder, at.get(name))
        }
    for row in connection.execute(select(transfer).where(transfer.c.id.startswith("seal."))):
        kept = (row.id, row.debit, row.credit, row.points, row.state)
        should = derived.pop(row.id, set())
        if kept not in should:
            yield Difference(f"transfer {row.id}", kept, sorted(should) or None)
    for missing in sorted(derived):
        yield Difference(f"transfer {missing}", "no such row", sorted(derived[missing]))
    sealed = {(r.scope, r.month) for r in connection.execute(select(notice)) if r.sealed_at}
    for name, _ in points:
        if not any(name == seal_name(*one) for one in sealed):
            yield Difference(f"notice {name}, sealed", "no", "yes: its points were moved")


def corrections(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """What went back for a corrected deed and what is still owed are together its points."""
    back: dict[str, int] = defaultdict(int)
    returned = select(transfer).where(transfer.c.credit.startswith(issuance("")))
    for row in connection.execute(returned):
        if row.state == POSTED:
            back[row.deed] += row.points
    for row in connection.execute(select(debt)):
        back[row.deed] += row.points
    for row in connection.execute(select(deed).where(deed.c.flags.contains(CORRECTED))):
        given = back.pop(row.id, 0)
        if given != row.points:
            yield Difference(f"deed {row.id}, taken back and owed", given, row.points)
    for other in sorted(back):
        if back[other]:
            yield Difference(f"deed {other}, taken back and owed", back[other], 0)
