"""What a guest's hand does at the open demo's terminal: cards, doors, paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.devices.simulated.board_process import Kind
from linli.devices.simulated.printer import SimulatedPrinter
from linli.devices.simulated.terminal_board import SimulatedBoard
from linli.town import world as towns
from linli.town.belongings import phones
from linli.town.control import ControlClient
from linli.town.errands import at_desk
from linli.town.hand import Hand, cards_in_hand
from linli.town.town import Town, Windows

WORLD = towns.build(1, towns.SATURDAY)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """What a hand reaches of a town; its programs are not needed."""
    town = Town(tmp_path, WORLD, towns.at(WORLD.day, "14:35"), Windows())
    town.locker = SimulatedBoard(tmp_path / "locker", towns.DOORS, kind=Kind.HOST)
    town.printer = SimulatedPrinter(tmp_path / "printer")
    yield town
    town.locker.close()
    town.printer.close()


@pytest.fixture
def client(town: Town) -> Iterator[ControlClient]:
    hand = Hand(town)
    client = ControlClient(town.directory / "hand.sock")
    yield client
    client.close()
    hand.close()


def test_doors_that_stand_open_are_pushed_shut(town: Town, client: ControlClient) -> None:
    town.locker.cabinet.pull_open(2)
    client.do("doors")
    assert not town.locker.cabinet.is_open(2)


def test_doors_are_held_shut_and_let_go_by_the_same_word(town: Town, client: ControlClient) -> None:
    client.do("jam")
    assert town.locker.cabinet.jammed == {1, 2, 3, 4, 5, 6}
    client.do("jam")
    assert not town.locker.cabinet.jammed


def test_paper_is_taken_away_and_put_back_by_the_same_word(
    town: Town, client: ControlClient
) -> None:
    client.do("paper")
    assert not town.printer.chip.can_print
    client.do("paper")
    assert town.printer.chip.can_print


def test_the_cards_in_hand_are_those_the_desk_has_numbers_of(
    town: Town, client: ControlClient
) -> None:
    held = [card.id for card in cards_in_hand(town.directory / "hand.sock")]
    desk = at_desk(WORLD)
    assert (held[0], held[3]) == (desk["losing"].account, desk["copyable"].account)
    assert set(phones(WORLD)) == {held[0], held[3]}
