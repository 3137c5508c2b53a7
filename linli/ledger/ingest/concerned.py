"""Who and what some events are about: read once, and held until the transaction ends."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from msgspec.structs import replace
from sqlalchemy import Connection

from linli.ledger.activities.reading import Activity, read_activities
from linli.ledger.ingest.events import Arrived, Reason
from linli.ledger.people.bearers import bearers
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.people.holding import lock


@dataclass(frozen=True, slots=True)
class Concerned:
    """The accounts and activities that exist, and the bearers of merged accounts."""

    holders: dict[str, Holder]
    activities: dict[str, Activity]


def hold_concerned(
    connection: Connection, accounts: Collection[str], activities: Collection[str]
) -> Concerned:
    """Two workers with the same person wait for each other from here on. What a merged account
    does, moves its bearer's standings: bearers are held too."""
    lock(connection, {*accounts, *bearers(connection, accounts).values()})
    return Concerned(read_holders(connection, accounts), read_activities(connection, activities))


def check_references(arrived: Iterable[Arrived], concerned: Concerned) -> list[Arrived]:
    """The same events; those that speak of a person, card or activity unknown here say so. Pure."""
    return [
        event if wrong is None else replace(event, reason=wrong[0], detail=wrong[1])
        for event in arrived
        for wrong in [_unknown(event, concerned)]
    ]


def _unknown(event: Arrived, concerned: Concerned) -> tuple[Reason, str] | None:
    if event.event is None or (event.activity is None and not event.account):
        return None
    known = concerned.holders.get(event.account)
    if known is None:
        return Reason.UNKNOWN_ACCOUNT, f"there is no account {event.account}"
    if event.activity is not None and event.activity not in concerned.activities:
        return Reason.UNKNOWN_ACTIVITY, f"there is no activity {event.activity}"
    if event.card and event.card not in known.cards:
        return Reason.UNKNOWN_CARD, f"account {event.account} has no card {event.card}"
    return None
