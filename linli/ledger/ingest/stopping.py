"""An activity is cancelled or a card is lost: what was tapped there already is looked at again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, Connection, select

from linli.ledger.activities.planning import cancel
from linli.ledger.ingest.derivation import derive
from linli.ledger.ingest.schema import received
from linli.ledger.people.register import block_card
from linli.ledger.people.schema import card
from linli.ledger.standard.versions import StandardShelf


def cancel_activity(connection: Connection, activity_id: str, now: dt.datetime) -> bool:
    """Take an activity off the programme; what people did there is kept, with a doubt. False
    where it is cancelled already. Raises PlanError for one that does not exist."""
    if not cancel(connection, activity_id, now):
        return False
    _derive_again(connection, received.c.activity == activity_id, now)
    return True


def stop_card(connection: Connection, card_id: str, now: dt.datetime) -> bool:
    """Put a card on the hot list; taps dated later have a doubt, also those known already. False
    where it is there already. Raises PeopleError for a card that does not exist."""
    if not block_card(connection, card_id, now):
        return False
    holder = connection.execute(select(card.c.account).where(card.c.id == card_id)).scalar_one()
    _derive_again(connection, received.c.account == holder, now)
    return True


def _derive_again(connection: Connection, where: ColumnElement[bool], now: dt.datetime) -> None:
    query = select(received.c.account, received.c.activity).where(
        where, received.c.applied.is_(True), received.c.activity.is_not(None)
    )
    pairs = {(row.account, row.activity) for row in connection.execute(query)}
    if pairs:
        derive(connection, pairs, StandardShelf().read(connection), now)
