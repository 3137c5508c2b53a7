"""`linli ledger verify`: everything derived again from events and transfers, and compared.

Events are believed where their stored digest still fits; from them follow attendance and deeds,
from the deeds transfers and standings, from the transfers every balance. The first place where
the tables say something else is named. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from linli.ledger.audit.accesses import looks_are_chained
from linli.ledger.audit.books import (
    balances,
    decided_transfers,
    deeds_are_paid,
    every_transfer_has_a_reason,
)
from linli.ledger.audit.declarations import (
    entries_have_two_hands,
    photos_speak_for_deeds,
    written_deeds,
)
from linli.ledger.audit.derived import attendance_and_deeds, standings_and_counts
from linli.ledger.audit.difference import Difference
from linli.ledger.audit.intake import bodies, chains, feeds, watermarks
from linli.ledger.audit.merges import merged_accounts_are_empty
from linli.ledger.audit.months import corrections, sealed_months
from linli.ledger.audit.phones import phones_hold_as_they_may
from linli.ledger.audit.record import (
    leaves_speak_of_deeds,
    nothing_was_passed_over,
    tree_and_checkpoints,
)
from linli.ledger.audit.references import events_as_told, references, vocabulary
from linli.ledger.audit.settlements import handed_out_was_paid_for, settlements_add_up
from linli.ledger.audit.shelves import leases_and_spends, redemptions_and_vouchers
from linli.ledger.audit.shop import shop_accounts, shop_transfers
from linli.ledger.audit.standard import adjustments_made_their_versions
from linli.ledger.audit.words import words_are_settled
from linli.ledger.database import reading
from linli.ledger.standard.versions import Standards, StandardShelf

GROUND: tuple[Callable[[Connection], Iterator[Difference]], ...] = (
    bodies,
    references,
    vocabulary,
    events_as_told,
)
"""Where these hold, the others can read what they compare."""
CHECKS: tuple[Callable[[Connection, Standards], Iterator[Difference]], ...] = (
    watermarks,
    chains,
    attendance_and_deeds,
    written_deeds,
    entries_have_two_hands,
    photos_speak_for_deeds,
    deeds_are_paid,
    decided_transfers,
    every_transfer_has_a_reason,
    merged_accounts_are_empty,
    sealed_months,
    corrections,
    shop_transfers,
    redemptions_and_vouchers,
    leases_and_spends,
    words_are_settled,
    settlements_add_up,
    handed_out_was_paid_for,
    balances,
    shop_accounts,
    standings_and_counts,
    leaves_speak_of_deeds,
    tree_and_checkpoints,
    nothing_was_passed_over,
    looks_are_chained,
    phones_hold_as_they_may,
    adjustments_made_their_versions,
    feeds,
)


ROWS = 2000
"""Rows that are taken from the database at a time: a city's do not fit into memory at once."""
MONEY = (
    deeds_are_paid,
    decided_transfers,
    every_transfer_has_a_reason,
    sealed_months,
    corrections,
    balances,
)
"""The double entry alone: quick enough for every month."""


def verify_books(engine: Engine) -> Difference | None:
    """The first difference in the double entry: no point out of nothing, no balance but what its
    transfers make it, no holder below zero."""
    with reading(engine) as connection:
        connection.execution_options(yield_per=ROWS)
        standards = StandardShelf().read(connection)
        for check in MONEY:
            for difference in _readable(check.__name__, check(connection, standards)):
                return difference
    return None


def verify(engine: Engine) -> Difference | None:
    """The first difference, or None where everything fits. Sees one moment of the ledger, also
    while others write."""
    with reading(engine) as connection:
        connection.execution_options(yield_per=ROWS)
        return next(_differences(connection), None)


def _differences(connection: Connection) -> Iterator[Difference]:
    for ground in GROUND:
        yield from _readable(ground.__name__, ground(connection))
    standards = StandardShelf().read(connection)
    for check in CHECKS:
        yield from _readable(check.__name__, check(connection, standards))


def _readable(check: str, found: Iterator[Difference]) -> Iterator[Difference]:
    """What cannot even be read is a difference too."""
    try:
        yield from found
    except (ValueError, LookupError, RecursionError, SQLAlchemyError) as error:
        yield Difference(f"rows that {check.replace('_', ' ')} looks at", repr(error), "readable")
