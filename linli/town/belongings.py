"""What the service desk has taken down of some neighbours: a phone number and a PIN."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from linli.ledger.database import open_database
from linli.ledger.people.access_log import Staff
from linli.ledger.people.personal import Personal
from linli.ledger.people.persons import keep_person
from linli.ledger.people.pins import keep_pin, new_pin
from linli.ledger.people.vault import KeyRing
from linli.town.errands import at_desk
from linli.town.world import World

PIN = "270418"
"""Theirs, in a town that ends with its window."""
FIRST_PHONE = 13800000101
CLERK = Staff("刘芳(clerk)", "clerk")


def phones(world: World) -> dict[str, str]:
    """The numbers by account."""
    accounts = sorted(person.account for person in at_desk(world).values())
    return {account: str(FIRST_PHONE + n) for n, account in enumerate(accounts)}


def take_down(ledger_db: Path, world: World, ring: KeyRing, now: dt.datetime) -> None:
    """Into a ledger in which the people are enrolled."""
    names = {person.account: person.name for person in world.people}
    pin = new_pin(PIN)
    engine = open_database(ledger_db)
    with engine.begin() as connection:
        for account, phone in phones(world).items():
            keep_person(connection, account, Personal(names[account], phone), ring, now)
            keep_pin(connection, account, pin, ring, CLERK, "本人到服务台设置", now)
    engine.dispose()
