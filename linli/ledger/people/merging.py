"""Two accounts of one person become one.

The loser's deeds stay as they are; what they are worth is its bearer's, the winner's: balances,
standings, debts, vouchers. Its cards and phones point to the winner. Points that a terminal holds
under the loser's number are asked back, and go to the winner.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, insert, select, update

from linli.ledger.feed.rows import card_rows, holder_rows, standing_rows
from linli.ledger.feed.telling import Told
from linli.ledger.feed.writer import append_many
from linli.ledger.ingest.stopping import derive_again
from linli.ledger.journal.sweeping import sweep
from linli.ledger.notice.debts import settle_debts
from linli.ledger.people.bearers import bearers, taken_over
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.directory import LEFT, MERGED, Holder, read_holders
from linli.ledger.people.holding import hold
from linli.ledger.people.leaving import close
from linli.ledger.people.pins import hand_over_pin
from linli.ledger.people.schema import card, card_before, merged
from linli.ledger.phones.linking import crowd_out
from linli.ledger.phones.revoking import hand_over_phones
from linli.ledger.ranking.standings import place_anew
from linli.ledger.shop.recalling import lease_scopes, recall
from linli.sync.messages import Stream


def merge(connection: Connection, loser: str, winner: str, now: dt.datetime) -> bool:
    """Merge `loser` into `winner`, for good; False where it is merged into that already. Raises
    PeopleError for accounts that cannot be one person's."""
    if loser == winner:
        raise PeopleError(f"account {loser} cannot be merged with itself: give two accounts")
    known = hold(connection, [loser, winner], lease_scopes(connection, [loser]))
    if known[loser].closed_as == MERGED:
        return _again(connection, loser, winner)
    check_merge(known[loser], known[winner])
    family = [loser, winner, *taken_over(connection, [loser, winner])]
    before = read_holders(connection, family)
    close(connection, loser, MERGED, now)
    connection.execute(insert(merged).values(loser=loser, winner=winner, at=now, moves=0))
    cards = _hand_over_cards(connection, loser, winner, now)
    hand_over_phones(connection, loser, winner)
    hand_over_pin(connection, loser, winner)
    crowd_out(connection, winner, now)
    sweep(connection, family, now)
    settle_debts(connection, [winner], now)
    after = read_holders(connection, family)
    moved = place_anew(connection, before, after)
    told: Told = {
        (after[winner].scope, Stream.CHANGES): [*standing_rows(connection, moved)],
        (after[winner].scope, Stream.HOLDERS): [
            *holder_rows(connection, [loser, winner]),
            *card_rows(connection, cards),
        ],
    }
    for feed, rows in recall(connection, [loser], now).items():
        told.setdefault(feed, []).extend(rows)
    append_many(connection, told, now)
    if known[loser].closed_at is not None:
        derive_again(connection, [loser], now)  # what they did since they left counts after all
    return True


def check_merge(loser: Holder, winner: Holder) -> None:
    """Raises PeopleError. Pure."""
    if loser.kind is not winner.kind:
        raise PeopleError(
            f"account {loser.account} is a {loser.kind.value}, {winner.account} a"
            f" {winner.kind.value}: only accounts of one kind are merged"
        )
    if winner.closed_at is not None:
        raise PeopleError(f"account {winner.account} is closed: merge into one that is in use")
    if loser.closed_at is not None and loser.closed_as != LEFT:
        raise PeopleError(f"account {loser.account} is closed for good: it cannot be merged")
    if loser.scope != winner.scope:
        raise PeopleError(
            f"account {loser.account} is of {loser.scope}, {winner.account} of {winner.scope}:"
            " move one of them first"
        )


def _again(connection: Connection, loser: str, winner: str) -> bool:
    """Said twice, it is done once."""
    if bearers(connection, [loser])[loser] != winner:
        raise PeopleError(f"account {loser} is merged into another already: merge that one")
    return False


def _hand_over_cards(
    connection: Connection, loser: str, winner: str, now: dt.datetime
) -> list[str]:
    query = select(card.c.id).where(card.c.account == loser).order_by(card.c.id)
    ids = list(connection.execute(query).scalars())
    if ids:
        rows = [{"card": id_, "account": loser, "until": now} for id_ in ids]
        connection.execute(insert(card_before), rows)
        connection.execute(update(card).where(card.c.account == loser).values(account=winner))
    return ids
