"""The power goes at every write and erase of an update: before it, in the middle of it, after it.

Whatever the moment: the board starts the old firmware or the new one, it can be reached, what it
kept is as it was, and the update can be brought to its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from doubles.clock import HandClock
from doubles.device_line import DeviceLine
from doubles.signed_images import SignedImages
from doubles.stepped_board import SteppedBoard

from linli.devices.simulated.board_pins import EVENTS, SETTINGS, SLOT_A, Cut, Word
from linli.devices.simulated.cabinet import Cabinet
from linli.firmware_bridge.board import Board, Outcome, Settings
from linli.firmware_bridge.client import Client
from linli.firmware_bridge.image import Image
from linli.firmware_bridge.update import Updater

NONCE = b"n" * 16
KEPT = Settings(pulse_ms=100, within_ms=200, left_open_ms=5000, doors=4)
OLD, NEW = "1.0.0", "1.1.0"


class PowerCutError(Exception):
    """Ends what was being done at the line."""


class Bench:
    """A board with the old firmware, settings, and a door that was opened."""

    def __init__(self, old: Image) -> None:
        self.clock = HandClock()
        self.board = SteppedBoard(Cabinet(6, self.clock.monotonic), self.clock)
        self.board.memory.fill(SLOT_A, old.data)
        self.board.memory[Word.BOOTS] = 1
        self.board.power_up()
        self.line = DeviceLine(self.board, self.clock)
        self.client = Client(self.line, monotonic=self.clock.monotonic)
        self.driver = Board(self.client)
        self.updater = Updater(self.client, monotonic=self.clock.monotonic, pause=self.line.pause)
        self.driver.configure(KEPT)
        self.driver.open(3, NONCE)
        self.line.pause(1.0)
        self._flash = self.board.memory.flash()

    def renew(self) -> None:
        self.board.memory.fill(0, self._flash)
        self.board.memory.cut(0)
        self.board.power_up()

    def run(self, scenario: Callable[[], None]) -> bool:
        """Whether the power went in the middle of it; it is back then."""
        self.line.on_step = self._end_if_dead
        try:
            scenario()
        except PowerCutError:
            return True
        finally:
            self.line.on_step = lambda: None
            self.board.memory.cut(0)
            self.board.power_up()
        return False

    def _end_if_dead(self) -> None:
        if self.board.dead:
            raise PowerCutError

    def check(self, new: Image) -> str:
        """What runs after the cut; all the rest must hold."""
        (running,) = [one.version for one in self.updater.installed() if one.active]
        assert running in (OLD, NEW)
        kept = self.board.memory.flash()[SETTINGS:EVENTS]
        assert kept == self._flash[SETTINGS:EVENTS]
        assert self.driver.settings() == KEPT
        assert self.driver.outcome(NONCE).outcome is Outcome.OPENED
        assert self.updater.update([new]).version == NEW
        return running


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> tuple[Image, Image]:
    made = SignedImages(tmp_path_factory.mktemp("images"))
    return made.for_host(0, OLD), made.for_host(1, NEW, size=30_000)


@pytest.fixture
def bench(images: tuple[Image, Image]) -> Iterator[Bench]:
    bench = Bench(images[0])
    yield bench
    bench.board.close()


@pytest.mark.parametrize("where", Cut)
@pytest.mark.parametrize("confirmed", [True, False], ids=["confirmed", "reverted"])
def test_a_cut_at_any_write_leaves_the_old_or_the_new(
    bench: Bench,
    images: tuple[Image, Image],
    where: Cut,
    confirmed: bool,
    record_property: Callable[[str, object], None],
) -> None:
    new = images[1]

    def scenario() -> None:
        if confirmed:
            bench.updater.update([new])
        else:
            bench.updater.upload(new)
            bench.updater.test(new)
            bench.board.power_up()
            bench.updater.installed()
            bench.board.power_up()
            assert [one.version for one in bench.updater.installed() if one.active] == [OLD]
        bench.line.pause(0.01)

    cuts, ran = 0, {OLD: 0, NEW: 0}
    while True:
        bench.renew()
        bench.board.memory.cut(cuts + 1, where)
        if not bench.run(scenario):
            break
        cuts += 1
        ran[bench.check(new)] += 1
    assert cuts >= 120
    assert ran[OLD] > 0
    print(f"{cuts} cuts {where.name.lower()} a write or erase: {ran}")
    record_property("cuts", cuts)
