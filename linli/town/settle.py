"""Moves a simulated town into a ledger: people, cards, activities, and the weeks before today.

Past taps go the way that every tap goes: as signed batches of the terminal that took them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select

from linli.ledger.activities.planning import plan
from linli.ledger.cadence.calendar import Calendar
from linli.ledger.cadence.running import set_calendar
from linli.ledger.database import open_database
from linli.ledger.ingest.batches import take
from linli.ledger.ingest.stopping import stop_card
from linli.ledger.journal.carrying import carry_over
from linli.ledger.journal.schema import deed
from linli.ledger.notice.publishing import DAYS
from linli.ledger.people.cards import issue_cards
from linli.ledger.people.checks import NewCard, NewHolder, NewOrg
from linli.ledger.people.register import enrol
from linli.ledger.people.tree import add_orgs
from linli.ledger.review.deciding import review
from linli.ledger.standard.document import parse_standard
from linli.ledger.standard.versions import Standards, StandardShelf, store
from linli.ledger.terminals.registry import register
from linli.sync.messages import (
    CheckIn,
    SignOut,
    Trust,
)
from linli.sync.periods import period_of
from linli.sync.signing import public_hex
from linli.town import world as towns
from linli.town.sender import Sender
from linli.town.staffing import employ

REVIEW = "每周审核"


def settle(
    world: towns.World, ledger_db: Path, now: dt.datetime, keys: Mapping[str, Ed25519PrivateKey]
) -> None:
    """Fill a new ledger at `ledger_db`. `keys` are those of the town's terminal and board."""
    engine = open_database(ledger_db)
    past = Ed25519PrivateKey.generate()
    with engine.begin() as connection:
        standards = _lay_foundations(connection, world, now, {**keys, towns.PAST: past})
    with engine.begin() as connection:
        for payload, taken_at in _past_batches(world.past, past):
            take(connection, towns.PAST, payload, standards, taken_at)
        _review(connection, standards, now)
        _report_lost(connection, world, now)
        employ(connection, world, now)
    engine.dispose()


def _lay_foundations(
    connection: Connection,
    world: towns.World,
    now: dt.datetime,
    keys: Mapping[str, Ed25519PrivateKey],
) -> Standards:
    text = files("linli.assets").joinpath("points-standard.yaml").read_text(encoding="utf-8")
    store(connection, parse_standard(text), now)
    standards = StandardShelf().read(connection)
    orgs = [
        NewOrg(towns.STREET, None, "street", "向阳街道"),
        NewOrg(towns.SCOPE, towns.STREET, "community", towns.PLACE),
        *[NewOrg(id_, towns.SCOPE, "building", name) for id_, name in towns.BUILDINGS],
    ]
    add_orgs(connection, orgs, now)
    people = [
        NewHolder(p.account, p.name, p.kind, p.building, p.consent, p.under14) for p in world.people
    ]
    enrol(connection, people, now)
    cards = [
        NewCard(
            p.card.id,
            p.card.uid.hex(),
            p.account,
            p.card.chip,
            p.card.key.hex() if p.card.key else None,
        )
        for p in world.people
    ]
    issue_cards(connection, cards, now)
    plan(connection, towns.SCOPE, world.activities, standards, now)
    set_calendar(connection, Calendar(towns.SCOPE, period_of(now, "month"), 5, DAYS))
    carry_over(connection, {p.account: p.carried for p in world.people}, "2026 年 10 月结转", now)
    for name, key in keys.items():
        kind = "board" if name == towns.BOARD else "terminal"
        register(
            connection,
            name=name,
            kind=kind,
            public_key=public_hex(key),
            scope=towns.SCOPE,
            centre=towns.CENTRE,
            now=now,
        )
    return standards


def _past_batches(
    taps: Sequence[towns.PastTap], key: Ed25519PrivateKey
) -> Iterator[tuple[bytes, dt.datetime]]:
    """What the terminal of those weeks sent, and when it arrived."""
    sender = Sender(towns.PAST, key)
    for tap in taps:
        struct = SignOut if tap.sign_out else CheckIn
        event = struct(
            account=tap.account,
            card=tap.card,
            activity=tap.activity,
            trust=Trust.HIGH,
            reader="past",
        )
        sender.record(event, tap.at)
    for payload, last in sender.send():
        yield payload, last + dt.timedelta(seconds=1)


def _review(connection: Connection, standards: Standards, now: dt.datetime) -> None:
    """Last Sunday's review posted what was done in the weeks before."""
    monday = now.date() - dt.timedelta(days=now.weekday())
    query = select(deed.c.id).where(
        deed.c.day < monday.isoformat(), deed.c.state == "pending", deed.c.surplus.is_(False)
    )
    due = connection.execute(query).all()
    review(connection, [row.id for row in due], "posted", REVIEW, standards, now)


def _report_lost(connection: Connection, world: towns.World, now: dt.datetime) -> None:
    """Report the lost cards lost."""
    for person in world.people:
        if person.card.blocked:
            stop_card(connection, person.card.id, now)
