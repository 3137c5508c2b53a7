"""Reads people: who an account is, where they belong, which cards are theirs."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, select

from linli.ledger.database import in_chunks
from linli.ledger.people.bearers import bearers
from linli.ledger.people.homes import AT_HOME, building
from linli.ledger.people.masking import public_name
from linli.ledger.people.schema import card, card_before, card_stop, holder
from linli.ledger.people.stops import Stop
from linli.sync.messages import Kind

LEFT, MERGED, ERASED = "left", "merged", "erased"
"""How an account can be closed."""


@dataclass(frozen=True, slots=True)
class Holder:
    """An account holder as the rest of the ledger sees one. `counted_in` are the nodes above
    whose point counts include them; `cards` maps each card of theirs, also one they had before
    their account was merged, to its stops. `bearer` is the account that has their points.

    What is done from `deeds_until` on makes no deed. For a merged account that is its bearer's:
    it still takes the taps of terminals that have not heard of it."""

    account: str
    kind: Kind
    building: str
    building_name: str
    scope: str
    counted_in: tuple[str, ...]
    name_masked: str
    public_name: str
    bearer: str
    closed_at: dt.datetime | None
    closed_as: str | None
    deeds_until: dt.datetime | None
    cards: dict[str, tuple[Stop, ...]] = field(default_factory=dict)

    @property
    def ranked(self) -> bool:
        """Whether standings and counts know them: nobody who left, and of two accounts one."""
        return self.closed_at is None


def read_holders(connection: Connection, accounts: Collection[str]) -> dict[str, Holder]:
    """Those of `accounts` that exist, however many, and the bearers of merged ones among them."""
    ends = bearers(connection, accounts)
    found: dict[str, Holder] = {}
    for chunk in in_chunks(sorted({*ends, *ends.values()})):
        found |= _read(connection, chunk, ends)
    for account, known in found.items():
        if known.bearer != account:
            found[account] = replace(known, deeds_until=found[known.bearer].closed_at)
    return found


def _read(
    connection: Connection, accounts: Collection[str], ends: Mapping[str, str]
) -> dict[str, Holder]:
    query = (
        select(
            holder,
            building.c.id.label("building"),
            building.c.name.label("building_name"),
            building.c.counted_in,
        )
        .select_from(AT_HOME)
        .where(holder.c.account.in_(accounts))
    )
    found = {}
    for row in connection.execute(query):
        kind = Kind(row.kind)
        found[row.account] = Holder(
            account=row.account,
            kind=kind,
            building=row.building,
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
            bearer=ends.get(row.account, row.account),
            closed_at=row.closed_at,
            closed_as=row.closed_as,
            deeds_until=row.closed_at,
        )
    for account, cards in _cards(connection, found).items():
        found[account].cards.update(cards)
    return found


def _cards(
    connection: Connection, accounts: Collection[str]
) -> dict[str, dict[str, tuple[Stop, ...]]]:
    now = select(card.c.account, card.c.id).where(card.c.account.in_(accounts))
    before = select(card_before.c.account, card_before.c.card.label("id")).where(
        card_before.c.account.in_(accounts)
    )
    pairs = [(row.account, row.id) for query in (now, before) for row in connection.execute(query)]
    stops = _stops(connection, {id_ for _, id_ in pairs})
    found: dict[str, dict[str, tuple[Stop, ...]]] = defaultdict(dict)
    for account, id_ in pairs:
        found[account][id_] = tuple(stops[id_])
    return found


def _stops(connection: Connection, cards: Collection[str]) -> dict[str, list[Stop]]:
    found: dict[str, list[Stop]] = defaultdict(list)
    for chunk in in_chunks(sorted(cards)):
        over = select(card_stop).where(card_stop.c.card.in_(chunk)).order_by(card_stop.c.since)
        for row in connection.execute(over):
            found[row.card].append(Stop(row.since, row.until))
        held = select(card.c.id, card.c.blocked_at).where(
            card.c.id.in_(chunk), card.c.blocked_at.is_not(None)
        )
        for row in connection.execute(held):
            found[row.id].append(Stop(row.blocked_at, None))
    return found
