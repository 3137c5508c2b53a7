"""Reads people: who an account is, where they belong, which cards are theirs."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, select

from linli.ledger.database import among
from linli.ledger.people.bearers import bearers
from linli.ledger.people.homes import AT_HOME, building
from linli.ledger.people.masking import public_name
from linli.ledger.people.schema import card, card_before, card_stop, holder, holder_pin
from linli.ledger.people.stops import Stop
from linli.ledger.prepared import Prepared
from linli.sync.messages import Kind

_KINDS = {kind.value: kind for kind in Kind}
LEFT, MERGED, ERASED = "left", "merged", "erased"
"""How an account can be closed."""


class Holder(Struct, frozen=True, gc=False):
    """An account holder as the rest of the ledger sees one. `counted_in` are the nodes above
    whose point counts include them; `cards` maps each card of theirs, also one they had before
    their account was merged, to its stops. `bearer` is the account that has their points.

    `consent` is whether the masked name may stand in public, `pin` whether they chose a PIN.

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
    consent: bool
    under14: bool
    pin: bool
    cards: dict[str, tuple[Stop, ...]] = {}

    @property
    def ranked(self) -> bool:
        """Whether standings and counts know them: nobody who left, and of two accounts one."""
        return self.closed_at is None


_HOLDERS = Prepared(
    select(
        holder.c.account,
        holder.c.kind,
        holder.c.scope,
        holder.c.name_masked,
        holder.c.alias,
        holder.c.public_consent,
        holder.c.under14,
        holder.c.closed_at,
        holder.c.closed_as,
        building.c.id,
        building.c.name,
        building.c.counted_in,
        holder_pin.c.account,
    )
    .select_from(AT_HOME.outerjoin(holder_pin, holder_pin.c.account == holder.c.account))
    .where(among(holder.c.account, "accounts"))
)
_CARDS = Prepared(
    select(card.c.account, card.c.id, card.c.blocked_at).where(among(card.c.account, "accounts"))
)
_CARDS_BEFORE = Prepared(
    select(card_before.c.account, card.c.id, card.c.blocked_at)
    .join(card, card.c.id == card_before.c.card)
    .where(among(card_before.c.account, "accounts"))
)
_STOPS_OVER = Prepared(
    select(card_stop.c.card, card_stop.c.since, card_stop.c.until)
    .where(among(card_stop.c.card, "cards"))
    .order_by(card_stop.c.since)
)


def read_holders(connection: Connection, accounts: Collection[str]) -> dict[str, Holder]:
    """Those of `accounts` that exist, however many, and the bearers of merged ones among them."""
    ends = bearers(connection, accounts)
    found = _read(connection, ends)
    for account, known in found.items():
        if known.bearer != account:
            found[account] = replace(known, deeds_until=found[known.bearer].closed_at)
    return found


def _read(connection: Connection, ends: Mapping[str, str]) -> dict[str, Holder]:
    accounts = sorted({*ends, *ends.values()})
    cards = _cards(connection, accounts)
    found = {}
    for row in _HOLDERS.all(connection, accounts=accounts):
        account, word, scope, name, alias, consent, under14, closed_at, closed_as = row[:9]
        home, home_name, counted_in, has_pin = row[9:]
        kind = _KINDS[word]
        shown = public_name(name, alias, kind, consent=consent, under14=under14)
        bearer, deeds_until = ends.get(account, account), closed_at
        found[account] = Holder(
            *(account, kind, home, home_name, scope, tuple(counted_in.split()), name, shown),
            *(bearer, closed_at, closed_as, deeds_until, consent and not under14, under14),
            pin=has_pin is not None,
            cards=cards.get(account, {}),
        )
    return found


def _cards(
    connection: Connection, accounts: Collection[str]
) -> dict[str, dict[str, tuple[Stop, ...]]]:
    rows = [
        *_CARDS.all(connection, accounts=accounts),
        *_CARDS_BEFORE.all(connection, accounts=accounts),
    ]
    stops: dict[str, list[Stop]] = defaultdict(list)
    for id_, since, until in _STOPS_OVER.all(connection, cards={row[1] for row in rows}):
        stops[id_].append(Stop(since, until))
    found: dict[str, dict[str, tuple[Stop, ...]]] = defaultdict(dict)
    for account, id_, blocked_at in rows:
        over = stops.get(id_, ())
        found[account][id_] = (*over, Stop(blocked_at, None)) if blocked_at else tuple(over)
    return found
