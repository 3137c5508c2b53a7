"""Cards are given out and stopped. What happens to one later is in `card_life`."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from linli.ledger.database import in_chunks, upsert
from linli.ledger.feed.rows import card_rows
from linli.ledger.feed.writer import append, append_many
from linli.ledger.people.checks import NewCard, PeopleError, check_card, refuse_repeats
from linli.ledger.people.known import refuse_known
from linli.ledger.people.schema import card, holder, hot_list
from linli.ledger.phones.revoking import revoke_by_card
from linli.sync.messages import Stream


def issue_cards(connection: Connection, cards: Sequence[NewCard], now: dt.datetime) -> None:
    """Give cards to account holders, first ones or more; they are active from now on. Raises
    PeopleError, for a closed account too."""
    for new in cards:
        check_card(new)
    refuse_repeats("card", (new.id for new in cards))
    refuse_repeats("UID", (new.uid.lower() for new in cards))
    refuse_known("card", connection, card.c.id, [new.id for new in cards])
    refuse_known("UID", connection, card.c.uid, [new.uid.lower() for new in cards])
    scopes = scopes_of(connection, [new.account for new in cards])
    rows = []
    for new in cards:
        if new.account not in scopes:
            raise PeopleError(
                f"card {new.id} is for account {new.account!r}, which is not there: enrol it first"
            )
        rows.append(
            {
                "id": new.id,
                "uid": new.uid.lower(),
                "account": new.account,
                "chip": new.chip,
                "key": None if new.key is None else new.key.lower(),
                "status": "active",
                "blocked_at": None,
            }
        )
    if rows:
        connection.execute(insert(card), rows)
        groups = by_scope((scopes[new.account], new.id) for new in cards)
        told = {
            (scope, Stream.HOLDERS): card_rows(connection, group) for scope, group in groups.items()
        }
        append_many(connection, told, now)


def block_card(connection: Connection, card_id: str, now: dt.datetime) -> bool:
    """Put a card on the hot list of its holder's community and let go of the phones that were
    linked with it; False where it is there already.
    `ingest.stopping.stop_card` also looks at the taps that are known.

    Raises PeopleError for a card that does not exist."""
    scope = connection.execute(
        select(holder.c.scope)
        .join(card, card.c.account == holder.c.account)
        .where(card.c.id == card_id)
    ).scalar()
    if scope is None:
        raise PeopleError(f"there is no card {card_id!r}: check the number printed on it")
    blocked = connection.execute(
        update(card)
        .where(card.c.id == card_id, card.c.status == "active")
        .values(status="blocked", blocked_at=now)
    ).rowcount
    if not blocked:
        return False
    revoke_by_card(connection, card_id, now)
    renew_hot_list(connection, scope, now)
    append(connection, scope, Stream.HOLDERS, card_rows(connection, [card_id]), now)
    return True


def renew_hot_list(connection: Connection, scope: str, now: dt.datetime) -> None:
    """The hot list is told anew, as the cards are now. Versions follow the time, so that a ledger
    put back to an older state goes on above what terminals have seen: they take no older list."""
    query = select(hot_list.c.version).where(hot_list.c.scope == scope)
    before = connection.execute(query.with_for_update()).scalar() or 0
    minutes = int(now.timestamp()) // 60
    upsert(connection, hot_list, [{"scope": scope, "version": max(before + 1, minutes)}])


def scopes_of(connection: Connection, accounts: Iterable[str]) -> dict[str, str]:
    """Of those that are there. Raises PeopleError for one that is closed."""
    columns = (holder.c.account, holder.c.scope, holder.c.closed_at)
    found: list[Row[Any]] = []
    for chunk in in_chunks(accounts):
        found += connection.execute(select(*columns).where(holder.c.account.in_(chunk)))
    for row in found:
        if row.closed_at is not None:
            raise PeopleError(f"account {row.account} is closed: no card can be for it")
    return {row.account: row.scope for row in found}


def by_scope(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for scope, key in pairs:
        groups[scope].append(key)
    return groups
