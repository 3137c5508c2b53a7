"""Moves a simulated town into a ledger: people, cards, activities, and the weeks before today.

The weeks are lived through in past.py.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from functools import partial
from importlib.resources import files
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from linli.ledger.activities.planning import plan
from linli.ledger.cadence.calendar import Calendar
from linli.ledger.cadence.running import Signer, set_calendar
from linli.ledger.database import open_database
from linli.ledger.ingest.stopping import stop_card
from linli.ledger.journal.carrying import carry_over
from linli.ledger.notice.publishing import DAYS
from linli.ledger.people.cards import issue_cards
from linli.ledger.people.checks import NewCard, NewHolder, NewOrg
from linli.ledger.people.register import enrol
from linli.ledger.people.tree import add_orgs
from linli.ledger.standard.document import parse_standard
from linli.ledger.standard.versions import Standards, StandardShelf, store
from linli.ledger.terminals.registry import register
from linli.sync.periods import period_of
from linli.sync.record.leaves import SALT_SIZE
from linli.sync.signing import public_hex
from linli.town import world as towns
from linli.town.guests import prepare
from linli.town.opinions import adjust_before, ask
from linli.town.past import live_through
from linli.town.shopping import open_shop, shop_until_now
from linli.town.staffing import employ
from linli.town.written import write_down


def settle(
    world: towns.World,
    ledger_db: Path,
    now: dt.datetime,
    keys: Mapping[str, Ed25519PrivateKey],
    record_key: Ed25519PrivateKey,
) -> None:
    """Fill a new ledger at `ledger_db`. `keys` are those of the town's terminal and board."""
    engine = open_database(ledger_db)
    past = Ed25519PrivateKey.generate()
    began = world.began(now)
    with engine.begin() as connection:
        standards = _lay_foundations(connection, world, now, {**keys, towns.PAST: past})
        employ(connection, world, began)
        open_shop(connection, now)
        shop_until_now(connection, world, began, now)
    signer = Signer(towns.ORIGIN, record_key, partial(secrets.token_bytes, SALT_SIZE))
    live_through(engine, world, standards, signer, past, now)
    with engine.begin() as connection:
        _report_lost(connection, world, now)
        ask(connection, world, now)
        write_down(connection, world, StandardShelf().read(connection), now)
        prepare(connection, world, now)
    engine.dispose()


def _lay_foundations(
    connection: Connection,
    world: towns.World,
    now: dt.datetime,
    keys: Mapping[str, Ed25519PrivateKey],
) -> Standards:
    text = files("linli.assets").joinpath("points-standard.yaml").read_text(encoding="utf-8")
    began = world.began(now)
    store(connection, parse_standard(text), now)
    adjust_before(connection, began)
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
    enrol(connection, people, began)
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
    # Last month's notice hangs when a guest comes, whatever the day.
    freeze_day = min(28, max(1, now.day - 2))
    set_calendar(connection, Calendar(towns.SCOPE, period_of(began, "month"), freeze_day, DAYS))
    carry_over(connection, {p.account: p.carried for p in world.people}, "以前名册结转", now)
    for name, key in keys.items():
        kind = "board" if name == towns.BOARD else "terminal"
        register(
            connection,
            name=name,
            kind=kind,
            public_key=public_hex(key),
            scope=towns.SCOPE,
            centre=towns.CENTRE,
            now=began,
        )
    return standards


def _report_lost(connection: Connection, world: towns.World, now: dt.datetime) -> None:
    """Report the lost cards lost."""
    for person in world.people:
        if person.card.blocked:
            stop_card(connection, person.card.id, now)
