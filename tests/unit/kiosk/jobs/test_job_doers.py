"""What each kind of job does, and how it is known to have worked."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from doubles.clock import HandClock
from doubles.waiting import eventually

from linli.devices.simulated.board_process import Kind
from linli.devices.simulated.terminal_board import SimulatedBoard
from linli.firmware_bridge.board import Board
from linli.kiosk.doctor.finding import Code, Finding, State, Subject
from linli.kiosk.jobs.restarting import REBOOT, Machine, Restarter
from linli.kiosk.jobs.testing_itself import SelfTester
from linli.sync.job_messages import Part, Restart, SelfTest
from linli.sync.jobs import JobState

APP, HOST, BOARD = (Restart(part=part) for part in Part)


@dataclass
class Pi:
    """A machine whose program may be started again."""

    run: Path
    boot: str = "first"
    ends: int = 0
    asks: bool = True

    def restarter(self, board: Board | None = None) -> Restarter:
        def end() -> None:
            self.ends += 1

        asks = self.run if self.asks else None
        return Restarter(self.run / "data", Machine(end, asks, lambda: self.boot), board)


def test_a_restarted_program_is_proven_by_the_program_after_it(tmp_path: Path) -> None:
    pi = Pi(tmp_path)
    before = pi.restarter()
    assert before.begin("j", APP) is None
    assert before.look("j", APP) is None
    after = pi.restarter().look("j", APP)
    assert after
    assert after.state is JobState.SUCCEEDED
    assert pi.ends == 1


def test_a_restarted_machine_is_proven_by_its_other_boot_id(tmp_path: Path) -> None:
    pi = Pi(tmp_path)
    assert pi.restarter().begin("j", HOST) is None
    assert (tmp_path / REBOOT).exists()
    assert pi.restarter().look("j", HOST) is None
    pi.boot = "second"
    after = pi.restarter().look("j", HOST)
    assert after
    assert after.state is JobState.SUCCEEDED


def test_a_machine_that_nobody_may_restart_rejects_it(tmp_path: Path) -> None:
    done = Pi(tmp_path, asks=False).restarter().begin("j", HOST)
    assert done
    assert (done.state, done.reason) == (JobState.REJECTED, "no-host-restart")


def test_a_power_cut_before_anything_was_told_fails_the_job(tmp_path: Path) -> None:
    pi = Pi(tmp_path)
    assert pi.restarter().begin("earlier", HOST) is None
    done = pi.restarter().look("j", HOST)
    assert done
    assert (done.state, done.reason) == (JobState.FAILED, "interrupted")


def test_a_restarted_board_is_proven_by_its_count_of_starts(tmp_path: Path) -> None:
    simulated = SimulatedBoard(tmp_path / "board", kind=Kind.HOST)
    board = Board.at(simulated.path)
    restarter = Pi(tmp_path).restarter(board)
    before = board.info().boot
    assert restarter.begin("j", BOARD) is None
    eventually(lambda: restarter.look("j", BOARD))
    assert board.info().boot == before + 1
    simulated.close()
    gone = restarter.begin("j-2", BOARD)
    assert gone
    assert gone.state is JobState.FAILED
    board.close()


def test_a_terminal_without_a_board_rejects_its_restart(tmp_path: Path) -> None:
    done = Pi(tmp_path).restarter().begin("j", BOARD)
    assert done
    assert (done.state, done.reason) == (JobState.REJECTED, "no-board")


def test_the_self_test_is_done_when_everything_was_looked_at(clock: HandClock) -> None:
    tell: list[Callable[[Finding | None], None]] = []
    tester = SelfTester("t-1", clock, tell.append)
    assert tester.begin("j", SelfTest()) is None
    tell[0](Finding(Subject.READER, State.BROKEN, Code.READER_WELL))
    assert tester.look("j", SelfTest()) is None
    tell[0](None)
    done = tester.look("j", SelfTest())
    assert done
    said = json.loads(done.data)
    assert (said["terminal"], said["exit"]) == ("t-1", 2)
    assert said["checks"][0]["subject"] == "reader"


def test_a_self_test_that_a_new_start_interrupted_has_failed(clock: HandClock) -> None:
    done = SelfTester("t-1", clock, lambda _: None).look("j", SelfTest())
    assert done
    assert done.reason == "interrupted"
