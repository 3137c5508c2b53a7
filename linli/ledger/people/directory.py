"""Reads people: who an account is, where they belong, which cards are theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from linli.ledger.people.masking import public_name
from linli.ledger.people.schema import card, holder, org
from linli.sync.messages import Kind


@dataclass(frozen=True, slots=True)
class Holder:
    """An account holder as the rest of the ledger sees one. `counted_in` are the nodes above
    whose point counts include them; `cards` maps each card of theirs to when it was blocked."""

    account: str
    kind: Kind
    building: str
    building_name: str
    scope: str
    counted_in: tuple[str, ...]
    name_masked: str
    public_name: str
    cards: dict[str, dt.datetime | None] = field(default_factory=dict)


def read_holders(connection: Connection, accounts: Collection[str]) -> dict[str, Holder]:
    """Those of `accounts` that exist."""
    query = (
        select(holder, org.c.name.label("building_name"), org.c.counted_in)
        .join(org, org.c.id == holder.c.home)
        .where(holder.c.account.in_(accounts))
    )
    found = {}
    for row in connection.execute(query):
        kind = Kind(row.kind)
        found[row.account] = Holder(
            account=row.account,
            kind=kind,
            building=row.home,
            building_name=row.building_name,
            scope=row.scope,
            counted_in=tuple(row.counted_in.split()),
            name_masked=row.name_masked,
            public_name=public_name(
                row.name_masked,
                row.alias,
                kind,
                consent=row.public_consent,
                under14=row.under14,
            ),
        )
    cards = select(card.c.account, card.c.id, card.c.blocked_at).where(card.c.account.in_(accounts))
    for row in connection.execute(cards):
        found[row.account].cards[row.id] = row.blocked_at
    return found
