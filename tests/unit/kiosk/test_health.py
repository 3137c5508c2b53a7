"""How a terminal is, as it says it: devices that are asked, errors, restarts."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import structlog
from doubles.clock import HandClock
from doubles.waiting import eventually

from linli.devices.lockers.rs485_lock import Rs485Locker
from linli.devices.printers.escpos import EscposPrinter
from linli.devices.printers.slip import Paper
from linli.devices.simulated.lock_board import SimulatedLockBoard
from linli.devices.simulated.printer import SimulatedPrinter
from linli.firmware_bridge.board import Board
from linli.kiosk.health.kernel_clock import KernelClock, kernel_clock
from linli.kiosk.health.machine import Instruments, Machine
from linli.kiosk.health.past_restarts import past_restarts
from linli.kiosk.health.plugged import Answers, Plugged, ask, left_open
from linli.kiosk.health.recent_errors import KEPT, LONGEST, remember_errors
from linli.kiosk.health.reporter import Program, Reporter
from linli.kiosk.peripherals.plugged_in import locker_at
from linli.kiosk.settings import LockerSettings
from linli.sync.health_messages import MESSAGE_BYTES, ErrorNote, Health, PartState, RestartNote
from linli.sync.link import Link

# --- what is asked -------------------------------------------------------------------------------


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[SimulatedPrinter]:
    printer = SimulatedPrinter(tmp_path / "printer")
    yield printer
    printer.close()


@pytest.fixture
def locks(tmp_path: Path) -> Iterator[SimulatedLockBoard]:
    locks = SimulatedLockBoard(tmp_path / "locks", doors=3)
    yield locks
    locks.close()


def of(answers: Answers) -> list[tuple[str, PartState, str]]:
    return [(part.what, part.state, part.problem) for part in answers.parts]


def test_a_printer_says_what_it_lacks(printer: SimulatedPrinter) -> None:
    plugged = Plugged(printer=EscposPrinter.at(printer.path, Paper.MM58))
    assert of(ask(plugged)) == [("printer", PartState.WORKING, "")]
    printer.chip.paper_low = True
    assert of(ask(plugged)) == [("printer", PartState.WARNING, "paper-low")]
    printer.chip.rows_left = 0
    assert of(ask(plugged)) == [("printer", PartState.OFF, "paper-out")]
    printer.unplug()
    assert of(ask(plugged)) == [("printer", PartState.OFF, "no-answer")]


def test_a_locker_tells_its_open_doors_until_it_is_gone(
    locks: SimulatedLockBoard, tmp_path: Path
) -> None:
    locker = locker_at(LockerSettings(kind="rs485", path=locks.path, doors=3), tmp_path)
    assert isinstance(locker, Rs485Locker)
    locks.cabinet.pull_open(2)
    locks.cabinet.coil_on(2)
    answers = ask(Plugged(locker=locker))
    assert (of(answers), answers.open) == ([("locker", PartState.WORKING, "")], {2})
    locks.unplug()
    assert of(ask(Plugged(locker=locker))) == [("locker", PartState.OFF, "no-answer")]
    locker.close()


def test_a_door_is_told_once_it_has_been_open_for_a_minute() -> None:
    assert left_open({1, 2}, {2, 3}) == [2]


def test_a_terminal_board_that_is_not_there_and_a_screen_that_is_unplugged(tmp_path: Path) -> None:
    board = Board.at(tmp_path / "nothing")
    status = tmp_path / "sys/class/drm/card1-HDMI-A-1/status"
    status.parent.mkdir(parents=True)
    status.write_text("connected\n", encoding="utf-8")
    plugged = Plugged(board=board, output="HDMI-A-1", root=tmp_path)
    assert of(ask(plugged)) == [
        ("display", PartState.WORKING, ""),
        ("board", PartState.OFF, "no-answer"),
    ]
    status.write_text("disconnected\n", encoding="utf-8")
    assert of(ask(plugged))[0] == ("display", PartState.OFF, "unplugged")


# --- the machine ---------------------------------------------------------------------------------


def test_a_machine_is_read_and_its_memory_is_not_added_up_each_time(tmp_path: Path) -> None:
    files = {
        "sys/class/thermal/thermal_zone0/temp": "81500\n",
        "sys/devices/platform/soc/soc:firmware/get_throttled": "50001\n",
        "sys/block/mmcblk0/device/life_time": "0x03 0x09\n",
        "proc/self/smaps_rollup": "00-ff ---p\nRss: 9 kB\nPss:   50000 kB\nPss_Anon: 1 kB\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    clock = HandClock()
    instruments = Instruments(tmp_path, kernel_clock=lambda: KernelClock("kernel", -1.5))
    machine = Machine(tmp_path, clock, instruments)
    word = machine.look()
    assert (word.celsius, word.disk_worn_percent, word.memory_mb) == (81.5, 90, 51)
    assert word.throttled_now == ["under-voltage"]
    assert word.throttled_since_start == ["under-voltage", "throttled"]
    assert (word.clock_source, word.clock_offset_ms) == ("kernel", -1.5)
    (tmp_path / "proc/self/smaps_rollup").unlink()
    assert machine.look().memory_mb == 51
    clock.seconds += 3600
    assert machine.look().memory_mb is None


def test_the_kernel_is_asked_for_its_clock_and_not_told(tmp_path: Path) -> None:
    clock = kernel_clock(tmp_path / "nothing")
    assert clock.source in ("", "kernel")
    assert (clock.offset_ms is None) is (clock.source == "")


# --- what the program remembers ------------------------------------------------------------------


@pytest.fixture
def quiet() -> Iterator[None]:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("quiet")
def test_errors_are_remembered_without_their_values() -> None:
    errors, log = remember_errors(HandClock().now), structlog.get_logger()
    log.info("a tap", card="04AB")
    for n in range(KEPT + 5):
        log.warning(f"trouble {n}", name="张三")
        log.warning(f"trouble {n}", name="李四")
    notes = errors.notes()
    assert [one.event for one in notes] == [f"trouble {n}" for n in range(5, KEPT + 5)]
    log.error("card 0411223344 of 张*三 failed")
    assert errors.notes()[-1].event == "card … of … failed"
    assert "张三" not in msgspec.json.encode(notes).decode()


def test_restarts_are_read_and_what_was_cut_off_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "restarts.jsonl"
    assert past_restarts(path) == []
    line = {"at": "2026-11-24T01:00:00+00:00", "reason": "frozen", "lived_s": 12.5}
    path.write_text(f'{json.dumps(line)}\n{{"at": "20\n[]\n', encoding="utf-8")
    (note,) = past_restarts(path)
    assert (note.reason, note.lived_s) == ("frozen", 12.5)


# --- who says it ---------------------------------------------------------------------------------


class Said(Link):
    """A link that keeps what it is given; it connects by hand."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__("t-1", "127.0.0.1", 1, "boot-1", clock, "1.0", presence=False)
        self.connected = False
        self.words: list[Health] = []

    @property
    def online(self) -> bool:
        return self.connected

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> bool:
        assert (topic, retain) == ("linli/v1/t/t-1/health", True)
        self.words.append(msgspec.json.decode(payload, type=Health))
        return True

    def connect(self) -> None:
        self.connected = True
        self._tell(True)


class Terminal:
    def __init__(self, tmp_path: Path, **more: Any) -> None:
        self.clock, self.up = HandClock(), True
        self.link = Said(self.clock)
        given: dict[str, Any] = {"readers": lambda: {"usb": self.up}, **more}
        program = Program(name="t-1", boot_id="boot-1", **given)
        machine = Machine(tmp_path, self.clock, Instruments(tmp_path))
        self.reporter = Reporter(program, machine, self.link, self.clock, look_s=0.01)
        self.hangs = False
        self.reporter.start(self._post)

    def _post(self, act: Callable[[], None]) -> None:
        """The window's loop, which turns at once or hangs."""
        if not self.hangs:
            act()

    def after(self, seconds: float) -> None:
        self.clock.seconds += seconds

    def close(self) -> None:
        self.reporter.close()


def test_it_is_said_at_the_connect_each_minute_and_when_a_part_fails(tmp_path: Path) -> None:
    at = Terminal(tmp_path)
    at.after(30)
    at.link.connect()
    eventually(lambda: len(at.link.words) == 1)
    at.after(31)
    eventually(lambda: len(at.link.words) == 2)
    at.up = False
    eventually(lambda: not at.reporter._stands["rusb"].seen)
    at.after(6)
    eventually(lambda: len(at.link.words) == 3)
    at.close()
    last = at.link.words[-1]
    assert [(one.what, one.name, one.state) for one in last.parts] == [
        ("reader", "usb", PartState.OFF)
    ]
    assert (last.frame_age_s, last.bootid, last.outbox) == (0.0, "boot-1", 0)


def test_a_window_that_hangs_is_told_by_the_age_of_its_frame_and_one_that_turns_has_none(
    tmp_path: Path,
) -> None:
    at = Terminal(tmp_path)
    at.link.connect()
    eventually(lambda: len(at.link.words) == 1)
    at.after(61)
    eventually(lambda: len(at.link.words) == 2)
    at.hangs = True
    eventually(lambda: at.reporter._asked_to_turn_at is not None)
    at.after(90)
    eventually(lambda: len(at.link.words) == 3)
    at.close()
    assert [word.frame_age_s for word in at.link.words] == [0.0, 0.0, 90.0]


def test_the_fullest_word_is_not_too_long_for_the_ledger(tmp_path: Path) -> None:
    now = HandClock().now()
    long = "x" * 64
    at = Terminal(
        tmp_path,
        readers=lambda: {f"{n}{long}": True for n in range(30)},
        errors=lambda: [ErrorNote(at=now, event="错" * LONGEST)] * 20,
        restarts=[RestartNote(at=now.astimezone(dt.UTC), reason=long, lived_s=1.0)] * 20,
    )
    at.after(61)
    at.link.connect()
    eventually(lambda: at.link.words)
    at.close()
    assert len(msgspec.json.encode(at.link.words[0])) < MESSAGE_BYTES


def test_one_that_never_started_is_closed(tmp_path: Path) -> None:
    clock = HandClock()
    program = Program(name="t-1", boot_id="boot-1")
    Reporter(program, Machine(tmp_path, clock, Instruments(tmp_path)), Said(clock), clock).close()
