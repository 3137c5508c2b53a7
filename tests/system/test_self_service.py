"""Somebody serves themselves at a terminal of the whole town: real ledger, broker, window, locker
and printer lines."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from linli.kiosk.flows import actions
from linli.kiosk.flows.visit_views import Module
from linli.town import world as towns
from linli.town.control import ControlClient
from linli.town.guest import Guest
from linli.town.hand import Hand
from linli.town.town import Town, virtual_windows

TOWEL = "yangguang-towel"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    directory = tmp_path_factory.mktemp("self-service")
    world = towns.build(3, towns.SATURDAY, 120)
    with virtual_windows(directory) as windows:
        at = towns.at(world.day, "12:30")
        town = Town(directory / "town", world, at, replace(windows, strip=True))
        hand = Hand(town)
        try:
            town.start()
            yield town
        finally:
            hand.close()
            town.stop()


@pytest.fixture
def strip(town: Town) -> Iterator[ControlClient]:
    """What the strip below the window says to the hand."""
    client = ControlClient(town.directory / "hand.sock")
    yield client
    client.close()


@pytest.fixture
def guest(town: Town) -> Guest:
    return Guest(town)


def rich(town: Town, least: int = 60) -> str:
    """An account with a verified card and enough to redeem, another each time."""
    taken: set[str] = getattr(town, "taken", set())
    town.taken = taken  # type: ignore[attr-defined]
    with sqlite3.connect(town.ledger_db) as ledger:
        rows = ledger.execute(
            "SELECT holder FROM account WHERE purse = 'redeemable' AND posted >= ?", (least,)
        ).fetchall()
    cards = {p.account for p in town.world.people if p.card.key and not p.card.blocked}
    account = next(row[0] for row in rows if row[0] in cards - taken)
    taken.add(account)
    return str(account)


def eventually(holds: Callable[[], bool], within_s: float = 20.0) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def left(ledger: Path, account: str) -> int:
    """What somebody can redeem, with what terminals hold of it."""
    with sqlite3.connect(ledger) as connection:
        query = "SELECT SUM(posted) FROM account WHERE holder = ? AND purse <> 'earned'"
        return int(connection.execute(query, (account,)).fetchone()[0])


def test_goods_come_out_of_the_locker_and_the_ledger_knows(
    town: Town, guest: Guest, strip: ControlClient
) -> None:
    account = rich(town)
    before = left(town.ledger_db, account)
    guest.touch(actions.Open(Module.SHOP))
    guest.sees("Shop")
    guest.touch(actions.ShowWare(TOWEL))
    guest.sees("AskCard")
    guest.tap(account)
    guest.sees("Confirm")
    guest.touch(actions.Redeem())
    guest.sees("Redeeming")
    eventually(lambda: any(town.locker.cabinet.is_open(n) for n in range(1, 7)))
    time.sleep(1.0)
    strip.do("doors")
    guest.sees("Redeemed")
    eventually(lambda: bool(town.printer.receipts))
    eventually(lambda: left(town.ledger_db, account) == before - 15)
    guest.home()
