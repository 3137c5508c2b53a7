"""A holder goes: their cards are stopped and their phones let go, nothing done later counts, and no
ranking has them.

What they have stays theirs until it is settled; what they did stays in the journal. A voucher that
they hold stays good; points that a terminal holds for them are asked back.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, select, update

from linli.ledger.feed.telling import News, tell
from linli.ledger.feed.writer import append_many
from linli.ledger.ingest.stopping import derive_again
from linli.ledger.journal.reconciling import Reconciled
from linli.ledger.people.bearers import taken_over
from linli.ledger.people.cards import block_card
from linli.ledger.people.directory import LEFT, Holder, read_holders
from linli.ledger.people.holding import hold
from linli.ledger.people.schema import card, holder
from linli.ledger.phones.revoking import revoke_of_account
from linli.ledger.ranking.standings import place_anew
from linli.ledger.review.schema import panel_member
from linli.ledger.shop.recalling import lease_scopes, recall


def leave(connection: Connection, account: str, now: dt.datetime) -> bool:
    """They moved away. False where the account is closed already. Raises PeopleError."""
    family = [account, *taken_over(connection, [account])]
    known = hold(connection, family, lease_scopes(connection, family))[account]
    if known.closed_at is not None:
        return False
    stop_cards(connection, known, now)
    revoke_of_account(connection, account, now)
    close(connection, account, LEFT, now)
    moved = place_anew(connection, {account: known}, after := read_holders(connection, [account]))
    tell(connection, News({}, moved, Reconciled({}, {})), after, {}, now)
    append_many(connection, recall(connection, family, now), now)
    derive_again(connection, family, now)
    return True


def stop_cards(connection: Connection, of: Holder, now: dt.datetime) -> None:
    """All that they have. Taps are looked at by whoever calls this."""
    query = select(card.c.id).where(card.c.account == of.account, card.c.status == "active")
    for id_ in connection.execute(query.order_by(card.c.id)).scalars().all():
        block_card(connection, id_, now)


def close(connection: Connection, account: str, how: str, now: dt.datetime) -> None:
    """From now on, and for good. Who is gone sits on no panel."""
    connection.execute(
        update(holder).where(holder.c.account == account).values(closed_at=now, closed_as=how)
    )
    step_down(connection, account, now)


def step_down(connection: Connection, account: str, now: dt.datetime) -> None:
    """From the panel of the community that they leave; what they decided stays."""
    connection.execute(
        update(panel_member)
        .where(panel_member.c.account == account, panel_member.c.until.is_(None))
        .values(until=now)
    )
