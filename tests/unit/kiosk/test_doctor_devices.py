"""The doctor's checks of what is plugged in: the real drivers over simulated devices."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from doubles.waiting import eventually

from linli.devices.lockers.base import Locker
from linli.devices.lockers.smp_board import SmpLocker
from linli.devices.printers.escpos import EscposPrinter
from linli.devices.printers.slip import Paper
from linli.devices.readers.pn532 import Pn532
from linli.devices.simulated.cards import Ntag213
from linli.devices.simulated.loudspeaker import SimulatedLoudspeaker
from linli.devices.simulated.mixer import SimulatedMixer
from linli.devices.simulated.printer import SimulatedPrinter
from linli.devices.simulated.reader import SimulatedReader
from linli.devices.simulated.terminal_board import SimulatedBoard
from linli.devices.sound.mixer import Mixer
from linli.firmware_bridge.board import Board
from linli.kiosk.doctor.check import Check, looked
from linli.kiosk.doctor.finding import Code, State, Subject
from linli.kiosk.doctor.lockers import LockerCheck
from linli.kiosk.doctor.owned import hindrance
from linli.kiosk.doctor.person import Question
from linli.kiosk.doctor.printers import PrinterCheck
from linli.kiosk.doctor.readers import NoReaderCheck, ReaderCheck, RunningReadersCheck
from linli.kiosk.doctor.sound import SoundCheck

ROOT = Path("/")


@dataclass
class Helper:
    """A `Person` who does and says as told beforehand."""

    there: bool = True
    lays: SimulatedReader | None = None
    answers: dict[Question, bool | None] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)

    def tell(self, question: Question) -> None:
        self.asked.append(question)
        if self.lays is not None:
            self.lays.field.place(Ntag213(b"\x04anycard"[:7]))

    def ask(self, question: Question) -> bool | None:
        self.asked.append(question)
        return self.answers.get(question)


NOBODY = Helper(there=False)


def found(check: Check) -> tuple[State, Code]:
    finding = looked(check)
    return finding.state, finding.code


# --- readers -------------------------------------------------------------------------------------


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[SimulatedReader]:
    reader = SimulatedReader(tmp_path / "reader")
    yield reader
    reader.close()


def reader_check(reader: SimulatedReader, person: Helper = NOBODY) -> ReaderCheck:
    return ReaderCheck(reader.path, Pn532("reader", reader.path), person, Path("/nowhere"))


def test_a_reader_answers_without_anybody_there(reader: SimulatedReader) -> None:
    assert found(reader_check(reader)) == (State.WELL, Code.READER_WELL)


def test_somebody_lays_a_card_and_it_is_read(reader: SimulatedReader) -> None:
    helper = Helper(lays=reader)
    assert found(reader_check(reader, helper)) == (State.WELL, Code.READER_READ_A_CARD)
    assert helper.asked == [Question.LAY_CARD]


def test_a_reader_that_is_not_there_is_told_with_what_is(tmp_path: Path) -> None:
    port = tmp_path / "dev/serial/by-id/usb-1a86-if00"
    port.parent.mkdir(parents=True)
    port.touch()
    gone = tmp_path / "gone"
    finding = looked(ReaderCheck(gone, Pn532("r", gone), NOBODY, tmp_path))
    assert (finding.state, finding.code) == (State.BROKEN, Code.GONE)
    assert finding.values["ports"] == str(port)
    assert looked(NoReaderCheck(tmp_path)).values["ports"] == str(port)


@pytest.mark.parametrize(("name", "code"), [("linli-kiosk", Code.IN_USE), ("screen", Code.TAKEN)])
def test_a_reader_in_somebodys_hands_is_left_alone(
    reader: SimulatedReader, name: str, code: Code
) -> None:
    hold = "import sys, time; f = open(sys.argv[1]); print(flush=True); time.sleep(60)"
    command = [sys.executable, "-c", hold, str(reader.path), name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd="/") as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        finding = hindrance(Subject.READER, reader.path, ROOT)
        holder.terminate()
    assert finding is not None
    assert (finding.code, finding.values["pid"]) == (code, str(holder.pid))


def test_a_running_terminals_reader_is_asked_by_its_state(tmp_path: Path) -> None:
    up, path = {"reader-1": True}, tmp_path / "reader"
    check = RunningReadersCheck(lambda: up, [path])
    assert found(check) == (State.WELL, Code.READER_WELL)
    up["reader-1"] = False
    assert found(check) == (State.BROKEN, Code.GONE)
    path.touch()
    assert found(check) == (State.BROKEN, Code.READER_SILENT)


# --- locker --------------------------------------------------------------------------------------


@pytest.fixture
def board(tmp_path: Path) -> Iterator[SimulatedBoard]:
    board = SimulatedBoard(tmp_path / "board")
    yield board
    board.close()


def locker_check(board: SimulatedBoard) -> LockerCheck:
    def borrow() -> tuple[Locker, Board]:
        opened = Board.at(board.path)
        return SmpLocker(opened), opened

    return LockerCheck(borrow, board.path, Path("/nowhere"))


def test_a_board_tells_its_doors_and_its_housing(board: SimulatedBoard) -> None:
    assert found(locker_check(board)) == (State.WELL, Code.LOCKER_WELL)
    board.cabinet.pull_open(3)
    eventually(lambda: looked(locker_check(board)).code is Code.LOCKER_DOOR_OPEN)
    assert looked(locker_check(board)).values["doors"] == "3"
    board.surroundings.tamper = True
    eventually(lambda: found(locker_check(board)) == (State.NOTICE, Code.LOCKER_TAMPERED))


def test_a_board_without_power_is_silent(board: SimulatedBoard) -> None:
    board.cut_power()
    assert found(locker_check(board)) == (State.BROKEN, Code.SILENT)


# --- printer -------------------------------------------------------------------------------------


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[SimulatedPrinter]:
    printer = SimulatedPrinter(tmp_path / "printer")
    yield printer
    printer.close()


def printer_check(printer: SimulatedPrinter, person: Helper = NOBODY) -> PrinterCheck:
    def borrow() -> EscposPrinter:
        return EscposPrinter.at(printer.path, Paper.MM58)

    return PrinterCheck(borrow, person, lambda: None, own=True)


def test_a_printer_says_how_it_is_and_prints_nothing_unasked(printer: SimulatedPrinter) -> None:
    assert found(printer_check(printer)) == (State.WELL, Code.PRINTER_WELL)
    printer.chip.paper_low = True
    assert found(printer_check(printer)) == (State.NOTICE, Code.PRINTER_PAPER_LOW)
    printer.chip.cutter_jammed = True
    assert found(printer_check(printer)) == (State.BROKEN, Code.PRINTER_CUTTER_JAMMED)
    assert printer.receipts == []
    printer.unplug()
    assert found(printer_check(printer)) == (State.BROKEN, Code.PRINTER_OFFLINE)


def test_a_test_slip_is_printed_for_who_wants_one(printer: SimulatedPrinter) -> None:
    helper = Helper(answers={Question.PRINT_SLIP: True})
    assert found(printer_check(printer, helper)) == (State.WELL, Code.PRINTER_WELL)
    assert "邻里中心 喆堃㛃" in printer.receipts[0].text


def test_a_cutter_that_jams_on_the_test_slip_is_found(printer: SimulatedPrinter) -> None:
    class Jams(Helper):
        def ask(self, question: Question) -> bool | None:
            printer.chip.rows_left = 4
            return True

    assert found(printer_check(printer, Jams())) == (State.BROKEN, Code.PRINTER_PAPER_OUT)


# --- sound ---------------------------------------------------------------------------------------


class Bench:
    def __init__(self, root: Path) -> None:
        self.cards = root / "proc/asound/cards"
        self.cards.parent.mkdir(parents=True)
        self.cards.write_text(" 0 [Device         ]: USB-Audio - USB Audio\n", encoding="utf-8")
        self.root, self.card = root, SimulatedMixer({"PCM": 50})
        self.loudspeaker, self.missing = SimulatedLoudspeaker(), ""

    def check(self, person: Helper) -> tuple[State, Code]:
        installed = lambda program: program != self.missing  # noqa: E731
        mixer = Mixer(ask=self.card)
        return found(SoundCheck(mixer, self.loudspeaker, installed, person, self.root))


@pytest.fixture
def sound(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [
        (True, State.WELL, Code.SOUND_HEARD),
        (False, State.BROKEN, Code.SOUND_NOT_HEARD),
        (None, State.WELL, Code.SOUND_WELL),
    ],
)
def test_somebody_hears_it_or_does_not(
    sound: Bench, answer: bool | None, state: State, code: Code
) -> None:
    assert sound.check(Helper(answers={Question.HEARD: answer})) == (state, code)
    assert len(sound.loudspeaker.heard) == 1


def test_with_nobody_there_nothing_is_played(sound: Bench) -> None:
    assert sound.check(NOBODY) == (State.WELL, Code.SOUND_WELL)
    assert sound.loudspeaker.heard == []


def test_what_is_missing_for_sound_is_named(sound: Bench) -> None:
    sound.card.muted.add("PCM")
    assert sound.check(NOBODY) == (State.NOTICE, Code.SOUND_MUTED)
    sound.cards.write_text("--- no soundcards ---\n", encoding="utf-8")
    assert sound.check(NOBODY) == (State.BROKEN, Code.SOUND_NO_CARD)
    sound.missing = "espeak-ng"
    assert sound.check(NOBODY) == (State.BROKEN, Code.SOUND_NO_PROGRAM)


def test_a_player_that_fails_is_told(sound: Bench) -> None:
    sound.loudspeaker.broken = True
    assert sound.check(Helper()) == (State.BROKEN, Code.SOUND_PLAYER_FAILED)
    eventually(lambda: sound.loudspeaker.heard == [])
