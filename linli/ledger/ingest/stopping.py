"""An activity is cancelled or a card is lost: what was tapped there already is looked at again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, select

from linli.ledger.activities.planning import cancel
from linli.ledger.declarations.deriving import derive_written, written_of
from linli.ledger.ingest.derivation import derive
from linli.ledger.ingest.schema import received
from linli.ledger.people.card_life import replace_card, unblock_card
from linli.ledger.people.cards import block_card
from linli.ledger.people.checks import NewCard
from linli.ledger.people.schema import card, card_before
from linli.ledger.standard.versions import StandardShelf


def cancel_activity(connection: Connection, activity_id: str, now: dt.datetime) -> bool:
    """Take an activity off the programme; what people did there is kept, with a doubt. False
    where it is cancelled already. Raises PlanError for one that does not exist."""
    if not cancel(connection, activity_id, now):
        return False
    _derive(connection, received.c.activity == activity_id, now)
    return True


def stop_card(connection: Connection, card_id: str, now: dt.datetime) -> bool:
    """Put a card on the hot list; taps dated later have a doubt, also those known already. False
    where it is there already. Raises PeopleError for a card that does not exist."""
    if not block_card(connection, card_id, now):
        return False
    derive_again(connection, _pointed_to(connection, card_id), now)
    return True


def free_card(connection: Connection, card_id: str, now: dt.datetime) -> bool:
    """A card was found: taps from now on are not doubted any more, those while it was stopped
    still are. False where it is not blocked. Raises PeopleError like `unblock_card`."""
    if not unblock_card(connection, card_id, now):
        return False
    derive_again(connection, _pointed_to(connection, card_id), now)
    return True


def swap_card(connection: Connection, old: str, new: NewCard, now: dt.datetime) -> None:
    """Another card in place of `old`, whose taps dated later have a doubt. Raises PeopleError like
    `replace_card`."""
    replace_card(connection, old, new, now)
    derive_again(connection, _pointed_to(connection, old), now)


def derive_again(connection: Connection, accounts: Collection[str], now: dt.datetime) -> None:
    """Look again at all taps of these accounts, and at what was written down of them: something
    about their bearers has changed."""
    _derive(connection, received.c.account.in_(accounts), now)
    if written := written_of(connection, accounts):
        derive_written(connection, written, StandardShelf().read(connection), now)


def _pointed_to(connection: Connection, card_id: str) -> list[str]:
    """The account that a card points to, and those it did before they were merged."""
    now = select(card.c.account).where(card.c.id == card_id)
    before = select(card_before.c.account).where(card_before.c.card == card_id)
    return [a for query in (now, before) for a in connection.execute(query).scalars()]


def _derive(connection: Connection, where: ColumnElement[bool], now: dt.datetime) -> None:
    query = select(received.c.account, received.c.activity).where(
        where, received.c.applied.is_(True), received.c.activity.is_not(None)
    )
    pairs = {(row.account, row.activity) for row in connection.execute(query)}
    if pairs:
        derive(connection, pairs, StandardShelf().read(connection), now)
