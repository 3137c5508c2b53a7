"""Builds rows of the wire from what was read already: those of rows.py would read it once more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from linli.ledger.activities.reading import Activity
from linli.ledger.activities.schema import activity
from linli.ledger.database import among
from linli.ledger.journal.accounts import EARNED, REDEEMABLE
from linli.ledger.journal.deed import Deed
from linli.ledger.journal.schema import account
from linli.ledger.people.directory import Holder
from linli.ledger.prepared import Prepared
from linli.ledger.standard.versions import Standards, StandardShelf
from linli.sync.messages import DeedRow, HolderRow

_PURSES = Prepared(
    select(account.c.holder, account.c.purse, account.c.posted, account.c.pending).where(
        among(account.c.holder, "holders")
    )
)


def rows_of_holders(connection: Connection, holders: Sequence[Holder]) -> list[HolderRow]:
    """Their rows, in their order, with what they have now."""
    asked = [known.account for known in holders]
    purses = {
        (of, purse): (posted, pending)
        for of, purse, posted, pending in _PURSES.all(connection, holders=asked)
    }
    found = []
    for known in holders:
        earned, pending = purses.get((known.account, EARNED), (0, 0))
        found.append(
            HolderRow(
                account=known.account,
                kind=known.kind,
                name=known.name_masked,
                building=known.building,
                building_name=known.building_name,
                redeemable=purses.get((known.account, REDEEMABLE), (0, 0))[0],
                earned=earned,
                pending=pending,
                consent=known.consent,
                under14=known.under14,
                pin=known.pin,
            )
        )
    return found


def row_of_deed(of: Deed | Row[Any], title: str, reason: str = "") -> DeedRow:
    """`of` may be a row of the deeds' table, too."""
    return DeedRow(
        id=of.id,
        account=of.account,
        item=of.item,
        activity=of.activity,
        title=title,
        done_at=of.done_at,
        points=of.points,
        state=of.state,
        surplus=of.surplus,
        reason=reason,
    )


_TITLES = Prepared(select(activity.c.id, activity.c.title).where(among(activity.c.id, "ids")))


def titles(
    connection: Connection, deeds: Collection[Deed], known: Mapping[str, Activity]
) -> dict[str, str]:
    """What each of these deeds is called: like its activity, or like its item where there is
    none. Activities that are `known` are not read again."""
    others = {d.activity for d in deeds if d.activity is not None} - known.keys()
    called = {id_: plan.row.title for id_, plan in known.items()}
    called |= dict(_TITLES.all(connection, ids=others)) if others else {}
    untitled = any(d.activity is None for d in deeds)
    standards = StandardShelf().read(connection) if untitled else Standards(())
    return {
        d.id: standards.name_of(d.item, d.day) if d.activity is None else called[d.activity]
        for d in deeds
    }
