"""What happens to a card after it was given out: found again, or replaced by another.

Points belong to the account, so they are where the new card points to.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from linli.ledger.feed.rows import card_rows
from linli.ledger.feed.writer import append
from linli.ledger.people.cards import block_card, issue_cards, renew_hot_list
from linli.ledger.people.checks import NewCard, PeopleError
from linli.ledger.people.schema import card, card_stop, holder
from linli.sync.messages import Stream

ACTIVE, BLOCKED, REPLACED = "active", "blocked", "replaced"


def unblock_card(connection: Connection, card_id: str, now: dt.datetime) -> bool:
    """Take a card that was found off the hot list; False where it is not on it. That it was
    stopped, and when, stays known. `ingest.stopping.free_card` also looks at the taps.

    Raises PeopleError for a card that does not exist or was replaced, or a closed account."""
    known = _read(connection, card_id)
    if known.status == ACTIVE:
        return False
    if known.status == REPLACED:
        raise PeopleError(f"card {card_id} was replaced: destroy it, the new one is in use")
    if known.closed_at is not None:
        raise PeopleError(f"account {known.account} is closed: its cards stay blocked")
    since = known.blocked_at
    if since < now:
        connection.execute(insert(card_stop).values(card=card_id, since=since, until=now))
    connection.execute(
        update(card).where(card.c.id == card_id).values(status=ACTIVE, blocked_at=None)
    )
    renew_hot_list(connection, known.scope, now)
    append(connection, known.scope, Stream.HOLDERS, card_rows(connection, [card_id]), now)
    return True


def replace_card(connection: Connection, old: str, new: NewCard, now: dt.datetime) -> None:
    """The old card is taken nowhere from now on and never again, the new one is active.
    `ingest.stopping.swap_card` also looks at the taps.

    Raises PeopleError for an old card that does not exist or was replaced already, and for a new
    one that is known, not well formed or somebody else's."""
    known = _read(connection, old)
    if known.status == REPLACED:
        raise PeopleError(f"card {old} was replaced already: replace the one in use")
    if new.account != known.account:
        raise PeopleError(
            f"card {old} is account {known.account}'s, the new one would be {new.account}'s:"
            " a card is replaced for the same account"
        )
    issue_cards(connection, [new], now)
    block_card(connection, old, now)
    connection.execute(update(card).where(card.c.id == old).values(status=REPLACED))
    append(connection, known.scope, Stream.HOLDERS, card_rows(connection, [old]), now)


def _read(connection: Connection, card_id: str) -> Row[Any]:
    query = (
        select(card, holder.c.scope, holder.c.closed_at)
        .join(holder, holder.c.account == card.c.account)
        .where(card.c.id == card_id)
        .with_for_update(of=card)
    )
    row = connection.execute(query).first()
    if row is None:
        raise PeopleError(f"there is no card {card_id!r}: check the number printed on it")
    return row
