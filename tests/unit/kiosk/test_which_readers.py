"""Which readers the settings ask for, and what `auto` finds."""

from __future__ import annotations

import queue
from pathlib import Path

import msgspec
import pytest

from linli.devices.readers.base import CardSeen, ReaderState
from linli.devices.readers.frontend import ReaderGoneError
from linli.devices.readers.plugged_in import AnyReader, first_of, known_openers
from linli.devices.simulated.cards import Ntag213
from linli.devices.simulated.reader import SimulatedReader
from linli.kiosk.peripherals.readers import readers_of
from linli.kiosk.settings import Connection, TerminalSettings, WedgeSettings

UID = b"\x04abcdef"
SETTINGS = TerminalSettings(
    name="t",
    scope="s",
    centre="c",
    centre_name="C",
    place="P",
    data=Path("/nowhere"),
    connection=Connection(broker_host="h", broker_port=1, ledger_url="http://h"),
)


def test_each_setting_makes_its_reader() -> None:
    settings = msgspec.structs.replace(
        SETTINGS,
        readers=["/dev/linli-reader", "auto", "acr122u", "pcsc", "pcsc:ACR122U"],
        wedges=[WedgeSettings(path=Path("/dev/input/by-id/usb-1-event-kbd"))],
    )
    found = readers_of(settings)
    assert [reader.name for reader in found] == [f"reader-{n}" for n in range(1, 7)]
    kinds = [type(reader).__name__ for reader in found]
    assert kinds == ["Pn532", "AnyReader", "Acr122u", "PolledReader", "PolledReader", "WedgeReader"]


def test_auto_speaks_to_no_port_of_another_device(tmp_path: Path) -> None:
    serial = tmp_path / "by-id"
    serial.mkdir()
    for name in ("printer", "reader"):
        (tmp_path / name).touch()
        (serial / f"usb-{name}").symlink_to(tmp_path / name)
    everything = len(known_openers((), tmp_path / "none", serial))
    without = len(known_openers([tmp_path / "printer"], tmp_path / "none", serial))
    assert everything - without == 1


def test_auto_finds_a_reader_that_is_plugged_in_later(tmp_path: Path) -> None:
    hardware = SimulatedReader(tmp_path / "reader")
    hardware.unplug()
    told: queue.Queue[CardSeen | ReaderState] = queue.Queue()
    named, serial = hardware.path, tmp_path / "none"
    reader = AnyReader("front", lambda: known_openers((), named, serial))
    reader.start(told.put)
    down = told.get(timeout=10)
    hardware.replug()
    up = told.get(timeout=10)
    hardware.field.place(Ntag213(UID))
    seen = told.get(timeout=10)
    reader.close()
    hardware.close()
    assert isinstance(down, ReaderState)
    assert isinstance(up, ReaderState)
    assert (down.up, "no card reader was found" in down.reason, up.up) == (False, True, True)
    assert isinstance(seen, CardSeen)
    assert seen.uid == UID


def test_without_any_reader_each_is_named_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(ReaderGoneError, match="no reader 072f:2200 on the USB"):
        first_of(known_openers((), tmp_path / "none", tmp_path))
