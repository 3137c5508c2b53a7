"""An update of the firmware on the host: what is refused, what is kept, what comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from doubles.clock import HandClock
from doubles.device_line import DeviceLine
from doubles.signed_images import SignedImages
from doubles.stepped_board import SteppedBoard

from linli.devices.simulated.board_pins import SLOT_A, SLOT_B, Word
from linli.devices.simulated.cabinet import Cabinet
from linli.firmware_bridge.board import Board
from linli.firmware_bridge.client import Client
from linli.firmware_bridge.errors import RefusedError
from linli.firmware_bridge.image import LARGEST, Image, ImageError, read_image
from linli.firmware_bridge.update import BUSY, UpdateError, Updater

NO_FREE_SLOT, CONFIRMATION_DENIED = 9, 32


class Bench:
    """A board with version 1.0.0 in slot A, and an updater at its line."""

    def __init__(self, images: SignedImages) -> None:
        self.images = images
        self.clock = HandClock()
        self.board = SteppedBoard(Cabinet(6, self.clock.monotonic), self.clock)
        self.old = images.for_host(0, "1.0.0")
        self.board.memory.fill(SLOT_A, self.old.data)
        self.board.memory[Word.BOOTS] = 1
        self.board.power_up()
        self.line = DeviceLine(self.board, self.clock)
        client = Client(self.line, monotonic=self.clock.monotonic)
        self.progress: list[int] = []
        self.updater = Updater(
            client,
            lambda done, of: self.progress.append(done),
            self.clock.monotonic,
            self.line.pause,
        )

    def running(self) -> str:
        (active,) = [one for one in self.updater.installed() if one.active]
        return active.version


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> SignedImages:
    return SignedImages(tmp_path_factory.mktemp("images"))


@pytest.fixture
def bench(images: SignedImages) -> Iterator[Bench]:
    bench = Bench(images)
    yield bench
    bench.board.close()


def test_a_new_firmware_is_tried_confirmed_and_stays(bench: Bench) -> None:
    new = bench.images.for_host(1, "1.1.0")
    assert bench.updater.update([new]).version == "1.1.0"
    bench.board.power_up()
    assert bench.running() == "1.1.0"
    assert bench.progress[-1] == len(new.data)


def test_a_host_that_is_busy_with_the_update_keeps_its_power(bench: Bench) -> None:
    """Its heartbeat stands still meanwhile; once the update does too, the watch goes on."""
    host = Board(Client(bench.line, monotonic=bench.clock.monotonic))
    host.heartbeat(2.0)
    began = bench.clock.monotonic()

    def slowly(done: int, of: int) -> None:
        bench.line.pause(1.5)

    client = Client(bench.line, monotonic=bench.clock.monotonic)
    updater = Updater(client, slowly, bench.clock.monotonic, bench.line.pause)
    updater.upload(bench.images.for_host(1, "1.1.0"))
    assert bench.clock.monotonic() - began > 2 * 2.0
    assert bench.board.gives_host_power
    bench.line.pause(2.5)
    assert not bench.board.gives_host_power


def test_one_that_is_not_confirmed_is_gone_at_the_next_start(bench: Bench) -> None:
    new = bench.images.for_host(1, "1.1.0")
    bench.updater.upload(new)
    bench.updater.test(new)
    bench.board.power_up()
    assert bench.running() == "1.1.0"
    bench.board.power_up()
    assert bench.running() == "1.0.0"


def test_after_an_update_the_other_slot_takes_the_next(bench: Bench) -> None:
    bench.updater.update([bench.images.for_host(1, "1.1.0")])
    both = [bench.images.for_host(slot, "1.2.0") for slot in (1, 0)]
    assert bench.updater.update(both).slot == 0
    assert bench.running() == "1.2.0"


def test_the_same_again_does_nothing(bench: Bench) -> None:
    new = bench.images.for_host(1, "1.1.0")
    bench.updater.update([new])
    before = bench.board.memory[Word.WRITES]
    assert bench.updater.update([new]).version == "1.1.0"
    assert bench.board.memory[Word.WRITES] == before


def refused(bench: Bench, image: Image, reason: str) -> None:
    before = bench.running()
    with pytest.raises(UpdateError, match=reason):
        bench.updater.update([image])
    bench.board.power_up()
    assert bench.running() == before


def test_a_key_that_is_not_ours_is_refused(bench: Bench) -> None:
    strange = bench.images.of(b"x" * 999, slot=1, version="1.1.0", key=bench.images.strange_key())
    refused(bench, strange, "key")


def test_a_signature_that_is_not_right_is_refused(bench: Bench) -> None:
    new = bench.images.for_host(1, "1.1.0")
    forged = new.data[:-1] + bytes([new.data[-1] ^ 1])
    refused(bench, read_image(forged), "key")


def test_an_older_one_is_refused(bench: Bench) -> None:
    bench.updater.update([bench.images.for_host(1, "1.1.0")])
    refused(bench, bench.images.for_host(0, "1.0.9"), "older")


def test_one_for_another_board_is_refused(bench: Bench) -> None:
    other = bench.images.of(b"x" * 999, slot=1, version="1.1.0", board="nucleo-f103rb")
    refused(bench, other, "another board")


def test_one_for_the_slot_that_runs_is_refused(bench: Bench) -> None:
    refused(bench, bench.images.for_host(0, "1.1.0"), "other slot")


@pytest.mark.parametrize("missing", [1, 64, 200, 2000])
def test_one_that_is_cut_off_is_refused_before_it_is_sent(bench: Bench, missing: int) -> None:
    data = bench.images.for_host(1, "1.1.0").data[:-missing]
    with pytest.raises(ImageError, match="cut off"):
        read_image(data)


def test_one_that_is_cut_off_is_refused_by_the_board_too(bench: Bench) -> None:
    new = bench.images.for_host(1, "1.1.0")
    cut = Image(**{**vars(new), "data": new.data[:-70]})
    with pytest.raises(UpdateError, match=r"no such image|cut off"):
        bench.updater.update([cut])
    assert bench.running() == "1.0.0"


def test_with_nothing_to_start_the_bootloader_takes_an_image(bench: Bench) -> None:
    bench.board.memory.fill(SLOT_A, b"\0" * 1024)
    bench.board.power_up()
    assert bench.updater.installed() == ()
    assert bench.updater.update([bench.images.for_host(0, "1.1.0")]).version == "1.1.0"


def test_an_upload_goes_on_after_a_power_cut(bench: Bench) -> None:
    new = bench.images.for_host(1, "1.1.0", size=20_000)
    told = bench.progress
    bench.board.memory.cut(40)
    bench.line.on_step = lambda: bench.board.power_up() if bench.board.dead else None
    bench.updater.upload(new)
    restart = told.index(0)
    assert told[restart + 1] > told[restart - 1] - 1024
    assert bench.board.memory.flash()[SLOT_B:][: len(new.data)] == new.data


SECTOR = 1024
BOUNDARIES = sorted({size + off for size in (SECTOR, 2 * SECTOR) for off in range(-5, 6)})


@pytest.mark.parametrize("size", BOUNDARIES)
def test_images_of_any_length_around_a_sector_arrive(bench: Bench, size: int) -> None:
    frame = len(bench.images.for_host(1, "1.1.0", size=8).data) - 8
    new = bench.images.for_host(1, "1.1.0", size=size - frame % SECTOR)
    assert (len(new.data) - size) % SECTOR == 0
    assert bench.updater.update([new]).version == "1.1.0"


def test_the_largest_image_fits_and_a_larger_one_is_told_of(bench: Bench) -> None:
    frame = len(bench.images.for_host(1, "1.1.0", size=8).data) - 8
    largest = bench.images.for_host(1, "1.1.0", size=LARGEST - frame)
    assert len(largest.data) == LARGEST
    assert bench.updater.update([largest]).version == "1.1.0"
    with pytest.raises(ImageError, match="fit into the board"):
        read_image(largest.data + b"x")


def test_the_slot_that_would_be_returned_to_is_not_overwritten(bench: Bench) -> None:
    new = bench.images.for_host(1, "1.1.0")
    bench.updater.upload(new)
    bench.updater.test(new)
    bench.board.power_up()
    with pytest.raises(RefusedError) as refusal:
        bench.updater.upload(bench.images.for_host(0, "1.2.0"))
    assert refusal.value.code == NO_FREE_SLOT
    bench.board.power_up()
    assert bench.running() == "1.0.0"


def test_what_has_not_run_is_not_confirmed(bench: Bench) -> None:
    new = bench.images.for_host(1, "1.1.0")
    bench.updater.upload(new)
    with pytest.raises(RefusedError) as refusal:
        bench.updater.client.write(1, 0, {"hash": new.hash, "confirm": True})
    assert refusal.value.code == CONFIRMATION_DENIED


def test_nothing_is_confirmed_while_a_door_is_opened(bench: Bench) -> None:
    new = bench.images.for_host(1, "1.1.0")
    bench.updater.upload(new)
    bench.updater.test(new)
    bench.board.power_up()
    Board(bench.updater.client).open(1, b"n" * 16)
    with pytest.raises(RefusedError) as refusal:
        bench.updater.client.write(1, 0, {"confirm": True})
    assert refusal.value.code == BUSY
    bench.line.pause(5.0)
    bench.updater.client.write(1, 0, {"confirm": True})
    bench.board.power_up()
    assert bench.running() == "1.1.0"
