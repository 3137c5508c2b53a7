"""All checks of a whole terminal, from outside and from inside, over simulated devices."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles.clock import HandClock

from linli.devices.simulated.lock_board import SimulatedLockBoard
from linli.devices.simulated.mixer import SimulatedMixer
from linli.devices.simulated.printer import SimulatedUsbPrinter
from linli.devices.simulated.reader import SimulatedReader
from linli.kiosk.doctor.at_terminal import Around, InUse, from_inside, from_outside
from linli.kiosk.doctor.check import looked
from linli.kiosk.doctor.finding import Code, Finding, State, Subject
from linli.kiosk.doctor.owned import PluggedInCheck
from linli.kiosk.doctor.person import Nobody
from linli.kiosk.peripherals.plugged_in import plug_in
from linli.kiosk.settings import (
    Connection,
    LockerSettings,
    PrinterSettings,
    SoundSettings,
    TerminalSettings,
)


class Centre:
    def __init__(self, directory: Path) -> None:
        self.root = directory / "root"
        cards = self.root / "proc/asound/cards"
        cards.parent.mkdir(parents=True)
        cards.write_text(" 0 [Device         ]: USB-Audio - USB Audio\n", encoding="utf-8")
        self.reader = SimulatedReader(directory / "reader")
        self.locks = SimulatedLockBoard(directory / "locks", doors=6)
        self.printer = SimulatedUsbPrinter(directory / "printer")
        self.settings = TerminalSettings(
            name="t-1",
            scope="s-1",
            centre="c-1",
            centre_name="邻里中心",
            place="阳光社区",
            data=directory,
            connection=Connection(
                broker_host="127.0.0.1", broker_port=1, ledger_url="http://127.0.0.1:1"
            ),
            readers=[str(self.reader.path)],
            locker=LockerSettings(kind="rs485", path=self.locks.path),
            printer=PrinterSettings(kind="usb", path=self.printer.path),
            sound=SoundSettings(volume=50),
        )
        self.around = Around(
            HandClock(), self.root, SimulatedMixer({"PCM": 50}), lambda program: True
        )

    def close(self) -> None:
        for device in (self.reader, self.locks, self.printer):
            device.close()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    centre = Centre(tmp_path)
    yield centre
    centre.close()


WELL = {
    Subject.READER: Code.READER_WELL,
    Subject.LOCKER: Code.LOCKER_WELL,
    Subject.PRINTER: Code.PRINTER_WELL,
    Subject.SOUND: Code.SOUND_WELL,
}


def devices(findings: list[Finding]) -> dict[Subject, Code]:
    return {one.subject: one.code for one in findings if one.subject in WELL}


def test_everything_that_the_settings_name_is_tried_from_outside(centre: Centre) -> None:
    checks = from_outside(centre.settings, centre.around, Nobody())
    findings = [looked(check) for check in checks]
    assert devices(findings) == WELL
    assert {one.subject for one in findings} == set(Subject) - {Subject.SETTINGS}
    assert centre.printer.receipts == []
    assert centre.locks.cabinet.pulses == []


def test_from_inside_what_is_in_use_is_asked_and_stays_open(centre: Centre) -> None:
    plugged = plug_in(centre.settings)
    in_use = InUse(
        readers=lambda: {"reader-1": True},
        locker=plugged.locker,
        board=plugged.board,
        printer=plugged.slips,
    )
    try:
        for _ in range(2):
            checks = from_inside(centre.settings, centre.around, in_use)
            assert devices([looked(check) for check in checks]) == WELL
    finally:
        plugged.close()
        assert plugged.locker is not None
        plugged.locker.close()


def test_a_device_that_no_setting_names_is_told_and_is_no_fault(tmp_path: Path) -> None:
    by_id = tmp_path / "dev/serial/by-id"
    by_id.mkdir(parents=True)
    port, other, link = by_id / "usb-1a86-if00", by_id / "usb-2e8a-if00", tmp_path / "linli-reader"
    for path in (port, other):
        path.touch()
    link.symlink_to(port)
    finding = looked(PluggedInCheck([link], tmp_path))
    assert (finding.state, finding.code) == (State.UNTRIED, Code.NOT_NAMED)
    assert finding.values["ports"] == str(other)
    assert looked(PluggedInCheck([link, other], tmp_path)).code is Code.ALL_NAMED
