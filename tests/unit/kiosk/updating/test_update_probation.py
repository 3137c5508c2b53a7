"""A version on trial: who starts it, who confirms it, who rolls it back."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from doubles.waiting import eventually, stays

from linli.kiosk.supervisor.restarts import ASKED_CODE, reasons_since
from linli.kiosk.supervisor.run import Supervisor
from linli.kiosk.updating import states
from linli.kiosk.updating.begin import DIRECTORY_VARIABLE, command_of, environment_of
from linli.kiosk.updating.probation import (
    BOARD,
    NOTE,
    WINDOW,
    Probation,
    is_switched,
    superseded,
    trial_of,
)
from linli.kiosk.updating.slots import Slots

ROOT = Path(__file__).parents[4]
LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def slots(tmp_path: Path) -> Slots:
    """A version that ends as soon as it is run, switched to."""
    slots = Slots(tmp_path / "updates")
    slots.change(lambda standing: states.downloaded(standing, "2.0"))
    program = slots.path("a") / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    (slots.path("a") / "lib" / "python{}.{}".format(*sys.version_info)).mkdir(parents=True)
    for move in (states.unpacked, states.verified, states.switched):
        slots.change(move)
    return slots


def start(slots: Slots, *arguments: str) -> subprocess.CompletedProcess[str]:
    """As the package's launcher does it."""
    return subprocess.run(
        [sys.executable, "-s", "-m", "linli.kiosk.updating.begin", slots.directory, *arguments],
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )


def test_update_that_falls_at_every_start_is_rolled_back_by_the_launcher(slots: Slots) -> None:
    assert [start(slots, "kiosk").returncode for _ in range(states.STARTS)] == [3, 3, 3]
    after = start(slots, "kiosk")
    assert "--settings" in after.stderr  # the version of before asks for them
    assert slots.read().rolled_back == {"2.0": 1}
    assert not (slots.directory / "current").is_symlink()


def test_update_on_trial_is_not_counted_by_other_programs(slots: Slots) -> None:
    for _ in range(states.STARTS + 2):
        command_of(slots, ["board"])
    candidate = slots.read().candidate
    assert candidate is not None
    assert candidate.starts == 0


def test_update_whose_slot_is_of_another_python_leaves_the_start_to_the_package(
    slots: Slots, capsys: pytest.CaptureFixture[str]
) -> None:
    (library,) = (slots.path("a") / "lib").iterdir()
    library.rename(library.with_name("python3.5"))
    assert command_of(slots, ["kiosk"])[0] == sys.executable
    assert "package's own" in capsys.readouterr().err


def test_update_standing_that_is_torn_leaves_the_start_to_the_package(
    slots: Slots, capsys: pytest.CaptureFixture[str]
) -> None:
    (slots.directory / "standing.json").write_bytes(b"\0" * 40)
    assert command_of(slots, ["kiosk"])[0] == sys.executable
    assert "cannot be read" in capsys.readouterr().err


def test_update_does_not_see_the_packages_own_libraries(slots: Slots) -> None:
    before = {"PYTHONPATH": "/usr/lib/linli/python"}
    assert "PYTHONPATH" not in environment_of(slots, before, package=False)
    assert "PYTHONPATH" in environment_of(slots, before, package=True)


def run_probation(
    slots: Slots, post: Callable[[Callable[[], None]], None], board: bool
) -> Probation:
    slots.change(states.starting)
    probation = Probation(slots, lambda: board, lambda _: None, look_s=0.002, steady_s=0.1)
    probation.start(post)
    return probation


def test_update_whose_window_turns_and_whose_board_answers_is_confirmed(slots: Slots) -> None:
    probation = run_probation(slots, lambda act: act(), board=True)
    eventually(lambda: slots.read().version == "2.0")
    probation.close()
    assert trial_of({DIRECTORY_VARIABLE: str(slots.directory)}) is None


@pytest.mark.parametrize(("turns", "board"), [(False, True), (True, False)])
def test_update_without_a_window_or_a_board_is_not_confirmed(
    slots: Slots, turns: bool, board: bool
) -> None:
    probation = run_probation(slots, lambda act: act() if turns else None, board)
    waits_for = BOARD if turns else WINDOW
    eventually(lambda: slots.noted(NOTE) == {"waits-for": waits_for})
    stays(lambda: slots.read().version is None, for_=0.5)
    probation.close()
    assert trial_of({DIRECTORY_VARIABLE: str(slots.directory)}) is not None


def test_update_on_trial_that_falls_ends_its_supervisor(tmp_path: Path) -> None:
    falls = [sys.executable, "-c", "raise SystemExit(3)"]
    supervisor = Supervisor("kiosk", falls, tmp_path / "why", on_trial=lambda: True)
    assert not supervisor.run()


def test_update_on_trial_that_is_never_confirmed_is_ended_by_its_supervisor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli.kiosk.supervisor.watching.TRIAL_S", 0.1)
    stands = [sys.executable, "-c", "import time; time.sleep(1000)"]
    supervisor = Supervisor("kiosk", stands, tmp_path / "why", on_trial=lambda: True)
    assert not supervisor.run()
    assert reasons_since(tmp_path / "why", LONG_AGO) == ["not-confirmed"]


def test_update_on_trial_that_hangs_is_ended_by_its_supervisor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli.kiosk.supervisor.watching.FROZEN_S", 0.1)
    hangs = (
        "import time; from linli.kiosk.supervisor.heartbeat import heartbeat;"
        "heartbeat()(); time.sleep(1000)"
    )
    command = [sys.executable, "-c", hangs]
    supervisor = Supervisor("kiosk", command, tmp_path / "why", on_trial=lambda: True)
    assert not supervisor.run()
    assert reasons_since(tmp_path / "why", LONG_AGO) == ["frozen"]


def test_update_that_is_switched_to_is_left_to_the_launcher_when_the_program_ends(
    slots: Slots, tmp_path: Path
) -> None:
    """Whatever it ends with, also when it is asked to start anew."""
    environment = {DIRECTORY_VARIABLE: str(slots.directory)}
    asked = [sys.executable, "-c", f"raise SystemExit({ASKED_CODE})"]
    switched = lambda: is_switched(environment)  # noqa: E731
    assert Supervisor("kiosk", asked, tmp_path / "why", switched=switched).run()
    slots.change(states.starting)
    assert not is_switched(environment)


def test_update_that_is_confirmed_takes_the_other_programs_with_it(slots: Slots) -> None:
    is_other = superseded({DIRECTORY_VARIABLE: str(slots.directory)})
    slots.change(states.starting)
    assert not is_other()
    slots.change(states.confirmed)
    assert not is_other()  # it was started from the slot that was switched to
    slots.change(lambda standing: states.downloaded(standing, "3.0"))
    for move in (states.unpacked, states.verified, states.switched, states.starting):
        slots.change(move)
    assert not is_other()
    slots.change(states.confirmed)
    assert is_other()


def test_update_that_was_rolled_back_takes_those_along_that_were_started_with_it(
    slots: Slots,
) -> None:
    is_other = superseded({DIRECTORY_VARIABLE: str(slots.directory)})
    while slots.read().candidate is not None:
        assert not is_other()
        slots.change(states.starting)
    assert is_other()


def test_a_program_that_is_superseded_ends_with_its_supervisor(tmp_path: Path) -> None:
    stands = [sys.executable, "-c", "import time; time.sleep(1000)"]
    assert Supervisor("board", stands, tmp_path / "why", superseded=lambda: True).run()
    assert not (tmp_path / "why").exists()
