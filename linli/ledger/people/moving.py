"""A holder moves to another home, in the same community or another one.

The feed of the community they leave has no way to take a row back. It is told their cards as
blocked and their points as none, so that its terminals and boards do without them; a snapshot
leaves them out. Its terminals are asked for the points that they hold.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from msgspec.structs import replace
from sqlalchemy import Connection, select, update

from linli.ledger.activities.schema import activity
from linli.ledger.feed import rows
from linli.ledger.feed.snapshot import ACTIVITIES_BACK
from linli.ledger.feed.telling import Told
from linli.ledger.feed.writer import append_many
from linli.ledger.journal.schema import deed
from linli.ledger.people.bearers import taken_over
from linli.ledger.people.cards import renew_hot_list
from linli.ledger.people.checks import PeopleError, check_home
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.people.holding import hold
from linli.ledger.people.leaving import step_down
from linli.ledger.people.schema import card, holder
from linli.ledger.people.tree import Node, read_nodes
from linli.ledger.ranking.standings import place_anew
from linli.ledger.ranking.sums import Key
from linli.ledger.shop.recalling import lease_scopes, recall
from linli.sync.messages import Stream
from linli.sync.periods import business_day


def move(connection: Connection, account: str, home: str, now: dt.datetime) -> bool:
    """Their home is `home` from now on; False where it is already. Standings of all periods go
    along, and what the old community's panel has not decided is the new one's. Raises PeopleError
    for an unknown or closed account and for a home that cannot be theirs."""
    to = read_nodes(connection, [home]).get(home)
    scopes = {to.scope} if to is not None and to.scope is not None else set()
    family = [account, *taken_over(connection, [account])]
    before = hold(connection, family, scopes | lease_scopes(connection, family))
    known = before[account]
    if known.closed_at is not None:
        raise PeopleError(f"account {account} is closed: enrol them anew at {home}")
    check_home(account, known.kind, home, None if to is None else to.level)
    if not _rehoused(connection, family, home, to):
        return False
    after = read_holders(connection, family)
    moved = place_anew(connection, before, after)
    if after[account].scope != known.scope:
        step_down(connection, account, now)
        for scope in sorted({known.scope, after[account].scope}):
            renew_hot_list(connection, scope, now)
        told = _arrival(connection, after[account], moved, now)
        told |= _departure(connection, known, moved)
        for feed, some in recall(connection, family, now).items():
            told.setdefault(feed, []).extend(some)
    else:
        told = {
            (known.scope, Stream.CHANGES): [*rows.standing_rows(connection, moved)],
            (known.scope, Stream.HOLDERS): [*rows.holder_rows(connection, [account])],
        }
    append_many(connection, told, now)
    return True


def _rehoused(connection: Connection, family: Collection[str], home: str, to: Node | None) -> bool:
    return bool(
        to is not None
        and connection.execute(
            update(holder)
            .where(holder.c.account.in_(family), holder.c.home != home)
            .values(home=home, scope=to.scope)
        ).rowcount
    )


def _arrival(connection: Connection, of: Holder, moved: Collection[Key], now: dt.datetime) -> Told:
    """All that a snapshot of the new community has of them."""
    told: Told = defaultdict(list)
    told[of.scope, Stream.CHANGES] += rows.standing_rows(connection, moved)
    this_year = deed.c.day >= f"{business_day(now).year:04d}-01-01"
    recent = activity.c.ends_at >= now - ACTIVITIES_BACK
    told[of.scope, Stream.HOLDERS] += [
        *rows.holder_rows(connection, [of.account]),
        *rows.find_cards(connection, card.c.account == of.account),
        *rows.find_attendance(connection, (holder.c.account == of.account) & recent),
        *rows.find_deed_rows(connection, (deed.c.account == of.account) & this_year),
    ]
    return told


def _departure(connection: Connection, of: Holder, moved: Collection[Key]) -> Told:
    """As they were known there: nobody is told where they live now."""
    told: Told = defaultdict(list)
    home = {"building": of.building, "building_name": of.building_name}
    told[of.scope, Stream.CHANGES] += [
        replace(row, **home, pending=0, posted=0) for row in rows.standing_rows(connection, moved)
    ]
    told[of.scope, Stream.HOLDERS] += [
        replace(row, **home, redeemable=0, earned=0, pending=0)
        for row in rows.holder_rows(connection, [of.account])
    ]
    cards = connection.execute(select(card.c.id).where(card.c.account == of.account)).scalars()
    told[of.scope, Stream.HOLDERS] += [
        replace(row, status="blocked", key=None, next_key=None)
        for row in rows.card_rows(connection, list(cards))
    ]
    return told
