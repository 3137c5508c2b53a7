"""The terminal board's firmware as a job: the real firmware, compiled for this machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from doubles.clock import HandClock
from doubles.signed_images import SignedImages
from doubles.waiting import eventually, stays

from linli.devices.simulated.board_pins import SLOT_A, BoardMemory, Word
from linli.devices.simulated.board_process import Kind
from linli.devices.simulated.terminal_board import SimulatedBoard
from linli.firmware_bridge.board import Board
from linli.firmware_bridge.update import RevertedError, Updater
from linli.kiosk.jobs.doing import Done
from linli.kiosk.jobs.update_firmware import UpdateFirmwareDoer
from linli.sync.job_messages import UpdateFirmware
from linli.sync.jobs import JobState
from linli.sync.updates import Releases, firmware_name
from tests.unit.sync.updates.repository import Repository, archive

NAME = firmware_name("host")


class Bench:
    """A board with 1.0.0, and what is published for it."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.alone = directory, True
        self.images = SignedImages(directory)
        memory = BoardMemory(directory / "board.flash")
        memory.fill(SLOT_A, self.images.for_host(0, "1.0.0").data)
        memory[Word.BOOTS] = 1
        memory.close()
        self.simulated = SimulatedBoard(directory / "board", kind=Kind.HOST)
        self.board = Board.at(self.simulated.path)
        self.repository = Repository(directory / "published")
        self.clock = HandClock()
        self.clock.wall = dt.datetime.now(dt.UTC)

    def publish(self, version: str, name: str = NAME) -> None:
        files = {f"{slot}.img": self.images.for_host(slot, version).data for slot in (0, 1)}
        self.repository.put_bundle(version, archive(files), name)
        self.repository.publish()

    def doer(
        self, updater: Callable[[Callable[[], None]], Updater] | None = None, ask_s: float = 5.0
    ) -> UpdateFirmwareDoer:
        believed = self.directory / "believed"
        source, root = str(self.repository.directory), self.repository.first_root
        return UpdateFirmwareDoer(
            self.board,
            Releases(source, root, believed, self.clock),
            self.directory / "fetched",
            lambda: self.alone,
            updater,
            ask_s,
        )

    @property
    def running(self) -> list[str]:
        return [one.version for one in Updater(self.board.client).installed() if one.active]

    def close(self) -> None:
        self.board.close()
        self.simulated.close()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = Bench(tmp_path_factory.mktemp("firmware"))
    yield bench
    bench.close()


def ended(doer: UpdateFirmwareDoer, job: str, version: str) -> Done:
    task, known = UpdateFirmware(version=version), list[Done]()

    def look() -> bool:
        done = doer.look(job, task)
        if done is not None:
            known.append(done)
        return done is not None

    eventually(look)
    return known[0]


def test_update_of_firmware_as_a_job_waits_for_a_closed_door_and_for_nobody(bench: Bench) -> None:
    bench.publish("1.1.0")
    doer, task = bench.doer(), UpdateFirmware(version="1.1.0")
    bench.alone = False
    bench.simulated.cabinet.pull_open(2)
    assert doer.begin("j-1", task) is None
    stays(lambda: doer.look("j-1", task) is None and bench.running == ["1.0.0"], for_=1.0)
    bench.alone = True
    stays(lambda: doer.look("j-1", task) is None and bench.running == ["1.0.0"], for_=0.5)
    bench.simulated.cabinet.push_shut(2)
    assert ended(doer, "j-1", "1.1.0") == Done(JobState.SUCCEEDED)
    assert bench.running == ["1.1.0"]
    assert not (bench.directory / "fetched").exists()


def test_update_of_firmware_as_a_job_that_is_done_again_has_succeeded(bench: Bench) -> None:
    """A power cut came before its end was kept."""
    bench.publish("1.2.0")
    assert ended(bench.doer(), "j-2", "1.2.0").state is JobState.SUCCEEDED
    assert ended(bench.doer(), "j-2", "1.2.0").state is JobState.SUCCEEDED


def test_update_of_firmware_as_a_job_is_left_when_nobody_asks_for_it_any_more(
    bench: Bench,
) -> None:
    bench.publish("1.3.0")
    before, bench.alone = bench.running, False
    doer = bench.doer(ask_s=0.2)
    doer.begin("j-3", UpdateFirmware(version="1.3.0"))
    eventually(lambda: not doer.under_way)
    bench.alone = True
    assert bench.running == before


def test_update_of_firmware_as_a_job_that_the_board_gives_up_is_rolled_back(bench: Bench) -> None:
    class GivesUp(Updater):
        def update(self, images: object) -> object:  # type: ignore[override]
            raise RevertedError("firmware 1.4.0 did not start")

    bench.publish("1.4.0")
    doer = bench.doer(lambda moment: GivesUp(bench.board.client, moment=moment))
    done = ended(doer, "j-4", "1.4.0")
    assert done == Done(JobState.ROLLED_BACK, "reverted", "firmware 1.4.0 did not start")


def test_update_of_firmware_as_a_job_refuses_what_is_not_for_this_board(bench: Bench) -> None:
    bench.publish("1.5.0")
    assert ended(bench.doer(), "j-5", "1.4.0").reason == "not-offered"
    del bench.repository.targets.targets[NAME]
    bench.publish("1.5.0", firmware_name("mps2"))
    assert ended(bench.doer(), "j-6", "1.5.0").reason == "wrong-machine"


def test_update_of_firmware_as_a_job_that_the_board_refuses_has_failed(bench: Bench) -> None:
    bench.publish("0.9.0")
    done = ended(bench.doer(), "j-7", "0.9.0")
    assert (done.state, done.reason) == (JobState.FAILED, "board-refuses")
    assert "older than what the board has confirmed" in done.detail


def test_update_of_firmware_as_a_job_without_the_board_has_failed(bench: Bench) -> None:
    bench.publish("1.6.0")
    bench.simulated.unplug()
    try:
        assert ended(bench.doer(), "j-8", "1.6.0").reason == "board-silent"
    finally:
        bench.simulated.replug()
