"""What every receipt printer promises (linli/devices/printers/base.py).

Each driver runs on its own bench: the real driver above a simulated printer on a serial port, at a
USB printer's own file, and on the network.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp

from linli.assets import build_fonts
from linli.devices.printers.base import Outcome, Printed, Printer, Status
from linli.devices.printers.escpos import SPEED, EscposPrinter
from linli.devices.printers.network_line import NetworkLine
from linli.devices.printers.slip import Line, Paper, Slip
from linli.devices.printers.usb_line import UsbLine
from linli.devices.simulated.printer import (
    SimulatedNetworkPrinter,
    SimulatedPrinter,
    SimulatedUsbPrinter,
)
from linli.devices.simulated.receipt import TextRow
from linli.firmware_bridge.serial_line import SerialLine

PATIENCE_S = 10.0
FONT = build_fonts.TARGET / "linli-regular.otf"
SLIP = Slip(
    title="兑换凭条",
    lines=(
        Line("商品", "食用油 5L"),
        Line("积分", "-120"),
        Line("余额", "380"),
        Line("柜门", "3 号"),
        Line("时间", "2026-11-28 16:30"),
    ),
    qr="https://points.example/v/9F2K-77QX",
    footer="红星社区邻里中心 谢谢参与",
)


Hardware = SimulatedPrinter | SimulatedNetworkPrinter


class Bench:
    """The ESC/POS driver over a simulated printer."""

    def __init__(self, directory: Path, kind: str = "serial", paper: Paper = Paper.MM58) -> None:
        self.hardware, line = BENCHES[kind](directory / "printer", paper)
        self.printer: Printer = EscposPrinter(line, paper, patience_s=3.0)

    def text(self) -> str:
        return self.hardware.receipts[-1].text

    def close(self) -> None:
        self.printer.close()
        self.hardware.close()


def serial(path: Path, paper: Paper) -> tuple[Hardware, Any]:
    hardware = SimulatedPrinter(path, paper)
    return hardware, SerialLine(hardware.path, SPEED)


def usb(path: Path, paper: Paper) -> tuple[Hardware, Any]:
    hardware = SimulatedUsbPrinter(path, paper)
    return hardware, UsbLine(hardware.path)


def network(_: Path, paper: Paper) -> tuple[Hardware, Any]:
    hardware = SimulatedNetworkPrinter(paper)
    return hardware, NetworkLine(hardware.host, hardware.port)


BENCHES = {"serial": serial, "usb": usb, "network": network}


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.002)


@pytest.fixture(params=BENCHES)
def bench(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Bench]:
    bench = Bench(tmp_path, request.param)
    yield bench
    bench.close()


# --- printing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", Paper)
def test_a_slip_comes_out_whole_and_cut(tmp_path: Path, paper: Paper) -> None:
    bench = Bench(tmp_path, paper=paper)
    try:
        assert bench.printer.print(SLIP) == Printed(Outcome.PRINTED, Status.READY)
        (receipt,) = bench.hardware.receipts
        assert receipt.cut
        assert receipt.codes == [SLIP.qr]
        words = [SLIP.title, SLIP.footer, *(line.label for line in SLIP.lines)]
        assert all(word in receipt.text for word in words)
        assert bench.hardware.chip.unknown == []
    finally:
        bench.close()


def test_the_title_is_large_and_the_values_end_at_the_edge(bench: Bench) -> None:
    bench.printer.print(SLIP)
    rows = [row for row in bench.hardware.receipts[0].rows if isinstance(row, TextRow)]
    assert (rows[0].text, rows[0].scale, rows[0].centred) == (SLIP.title, 2, True)
    assert "余额" + " " * 25 + "380" in [row.text for row in rows]


def test_slips_come_out_one_after_the_other(bench: Bench) -> None:
    outcomes: list[Outcome] = []

    def ask(number: int) -> None:
        outcomes.append(bench.printer.print(Slip(f"第{number}张")).outcome)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [Outcome.PRINTED] * 3
    titles = sorted(receipt.text.split("\n")[0] for receipt in bench.hardware.receipts)
    assert titles == ["第0张", "第1张", "第2张"]


@pytest.mark.parametrize("paper", Paper)
def test_the_picture_s_code_can_be_scanned(tmp_path: Path, paper: Paper) -> None:
    build_fonts.build()
    bench = Bench(tmp_path, paper=paper)
    try:
        bench.printer.print(SLIP)
        picture = bench.hardware.receipts[0].picture(FONT)
    finally:
        bench.close()
    out = Path(__file__).parents[2] / "out" / "slips"
    out.mkdir(parents=True, exist_ok=True)
    picture.save(out / f"{paper.name.lower()}.png")
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [SLIP.qr]


def test_words_in_a_slip_are_no_commands(bench: Bench) -> None:
    bench.printer.print(Slip("\x1b@\x1dV\x00名字", (Line("\x10\x04\x01", "\x1b\x1b"),)))
    assert len(bench.hardware.receipts) == 1
    assert "名字" in bench.text()


# --- state -------------------------------------------------------------------------------------

STATES: dict[Status, Callable[[Hardware], None]] = {
    Status.READY: lambda hardware: None,
    Status.PAPER_LOW: lambda hardware: setattr(hardware.chip, "paper_low", True),
    Status.PAPER_OUT: lambda hardware: setattr(hardware.chip, "rows_left", 0),
    Status.COVER_OPEN: lambda hardware: setattr(hardware.chip, "cover_open", True),
    Status.CUTTER_JAMMED: lambda hardware: setattr(hardware.chip, "cutter_jammed", True),
    Status.OFFLINE: lambda hardware: hardware.unplug(),
}


@pytest.mark.parametrize("status", STATES)
def test_the_printer_tells_how_it_is(bench: Bench, status: Status) -> None:
    STATES[status](bench.hardware)
    assert bench.printer.status() is status


@pytest.mark.parametrize("status", [status for status in STATES if not status.prints])
def test_a_printer_that_cannot_is_given_nothing(bench: Bench, status: Status) -> None:
    STATES[status](bench.hardware)
    assert bench.printer.print(SLIP) == Printed(Outcome.NOT_PRINTED, status)
    assert bench.hardware.hanging.rows == []


def test_low_paper_prints_and_is_told(bench: Bench) -> None:
    bench.hardware.chip.paper_low = True
    assert bench.printer.print(SLIP) == Printed(Outcome.PRINTED, Status.PAPER_LOW)


def test_an_open_cover_comes_before_the_paper(bench: Bench) -> None:
    bench.hardware.chip.cover_open, bench.hardware.chip.rows_left = True, 0
    assert bench.printer.status() is Status.COVER_OPEN


def test_a_printer_that_is_not_there_is_offline_and_comes_back(bench: Bench) -> None:
    for _ in range(2):
        bench.hardware.unplug()
        assert bench.printer.status() is Status.OFFLINE
        assert bench.printer.print(SLIP) == Printed(Outcome.NOT_PRINTED, Status.OFFLINE)
        bench.hardware.replug()
        assert bench.printer.print(SLIP) == Printed(Outcome.PRINTED, Status.READY)


# --- half a slip -------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 4, 8, 15])
def test_paper_that_ends_in_the_middle_leaves_half_a_slip(bench: Bench, rows: int) -> None:
    bench.hardware.chip.rows_left = rows
    assert bench.printer.print(SLIP) == Printed(Outcome.HALF, Status.PAPER_OUT)
    assert (bench.hardware.receipts, len(bench.hardware.hanging.rows)) == ([], rows)


def test_what_was_not_printed_does_not_come_out_with_the_next_roll(bench: Bench) -> None:
    bench.hardware.chip.rows_left = 3
    bench.printer.print(SLIP)
    bench.hardware.load_paper()
    assert bench.printer.print(Slip("下一张")) == Printed(Outcome.PRINTED, Status.READY)
    assert len(bench.hardware.receipts) == 1
    assert "余额" not in bench.text()


def while_printing(bench: Bench, act: Callable[[], None]) -> Printed:
    printed: list[Printed] = []
    printing = threading.Thread(target=lambda: printed.append(bench.printer.print(SLIP)))
    printing.start()
    wait_until(lambda: len(bench.hardware.hanging.rows) >= 2)
    act()
    printing.join()
    return printed[0]


def test_a_cover_opened_while_printing_leaves_half_a_slip(bench: Bench) -> None:
    opened = while_printing(bench, lambda: setattr(bench.hardware.chip, "cover_open", True))
    assert opened == Printed(Outcome.HALF, Status.COVER_OPEN)


def test_a_plug_pulled_while_printing_is_not_told_as_printed(bench: Bench) -> None:
    assert while_printing(bench, bench.hardware.unplug) == Printed(Outcome.HALF, Status.OFFLINE)


def test_what_was_cut_off_by_a_pulled_plug_does_not_come_out_after_it_is_back(bench: Bench) -> None:
    while_printing(bench, bench.hardware.unplug)
    hung = len(bench.hardware.hanging.rows)
    bench.hardware.replug()
    assert bench.printer.print(Slip("下一张")) == Printed(Outcome.PRINTED, Status.READY)
    last = bench.hardware.receipts[-1]
    rows = [row.text for row in last.rows if isinstance(row, TextRow)]
    assert "下一张" in rows
    assert rows.count(SLIP.title) <= 1
    assert hung >= 2


def test_a_cutter_that_jams_while_printing_leaves_half_a_slip(bench: Bench) -> None:
    jammed = while_printing(bench, lambda: setattr(bench.hardware.chip, "cutter_jammed", True))
    assert jammed == Printed(Outcome.HALF, Status.CUTTER_JAMMED)


def test_power_that_goes_while_printing_is_not_told_as_printed(bench: Bench) -> None:
    assert while_printing(bench, bench.hardware.restart).outcome is Outcome.HALF


# --- line and closing --------------------------------------------------------------------------


def test_noise_before_an_answer_does_not_hide_it(bench: Bench) -> None:
    bench.printer.status()
    noise, stop = random.Random(5), threading.Event()

    def hiss() -> None:
        while not stop.wait(0.02):
            bench.hardware.disturb(bytes([0x80 | noise.randrange(128)]))

    hissing = threading.Thread(target=hiss)
    hissing.start()
    try:
        assert bench.printer.print(SLIP).outcome is Outcome.PRINTED
    finally:
        stop.set()
        hissing.join()


@pytest.mark.parametrize("kind", BENCHES)
def test_closing_leaves_no_thread_and_no_descriptor(tmp_path: Path, kind: str) -> None:
    before = {t.name for t in threading.enumerate()}, sorted(os.listdir("/proc/self/fd"))
    bench = Bench(tmp_path, kind)
    bench.printer.print(SLIP)
    bench.close()
    bench.printer.close()
    assert ({t.name for t in threading.enumerate()}, sorted(os.listdir("/proc/self/fd"))) == before
    assert bench.printer.status() is Status.OFFLINE


# --- the network -------------------------------------------------------------------------------


@pytest.fixture
def networked() -> Iterator[SimulatedNetworkPrinter]:
    printer = SimulatedNetworkPrinter(idle_s=0.8)
    yield printer
    printer.close()


def test_a_connection_that_stands_is_kept_from_slip_to_slip(
    networked: SimulatedNetworkPrinter,
) -> None:
    printer = EscposPrinter.on_network(networked.host, Paper.MM58, networked.port)
    guests = []
    for _ in range(2):
        assert printer.print(SLIP).outcome is Outcome.PRINTED
        guests.append(networked._guest)
    printer.close()
    assert guests[0] is not None
    assert guests[1] is guests[0]


def test_a_printer_that_puts_out_idle_guests_is_connected_to_again(
    networked: SimulatedNetworkPrinter,
) -> None:
    printer = EscposPrinter.on_network(networked.host, Paper.MM58, networked.port)
    for _ in range(2):
        assert printer.print(SLIP) == Printed(Outcome.PRINTED, Status.READY)
        wait_until(lambda: networked._guest is None)
    printer.close()


def test_a_printer_that_talks_to_another_computer_is_not_taken_for_ready() -> None:
    hardware = SimulatedNetworkPrinter()
    first, second = (
        EscposPrinter.on_network(hardware.host, Paper.MM58, hardware.port) for _ in range(2)
    )
    try:
        assert first.status() is Status.READY
        assert second.print(SLIP) == Printed(Outcome.NOT_PRINTED, Status.OFFLINE)
        first.close()
        wait_until(lambda: second.status() is Status.READY)
        assert second.print(SLIP).outcome is Outcome.PRINTED
        assert len(hardware.receipts) == 1
    finally:
        second.close()
        hardware.close()


def test_what_was_written_into_a_pulled_cable_is_never_printed() -> None:
    hardware = SimulatedNetworkPrinter()
    line = NetworkLine(hardware.host, hardware.port)
    printer = EscposPrinter(line, Paper.MM58)
    try:
        assert printer.status() is Status.READY
        hardware.unplug()
        line.write("很久以前\n".encode("gb18030"))
        assert printer.status() is Status.OFFLINE
        hardware.replug()
        assert printer.print(Slip("现在")).outcome is Outcome.PRINTED
        assert "很久以前" not in hardware.receipts[0].text
    finally:
        printer.close()
        hardware.close()
