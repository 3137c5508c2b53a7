"""What is the ACR122U's own: answers that belong to nobody, and who else may have the device."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import nfc.clf
import nfc.tag
import pytest
from nfc.clf import acr122

from linli.cards.sun import SunIdentity, read_message, verify
from linli.devices.readers.acr122u import open_acr122u
from linli.devices.readers.frontend import ReaderGoneError, ReaderLineError
from linli.devices.readers.usb_port import open_usb
from linli.devices.simulated.cards import Ntag213, Ntag424
from linli.devices.simulated.usb_cable import UsbCable, UsbDevice
from tests.contract.readers.acr122u_bench import Acr122uBench
from tests.contract.readers.bench import KEY, uid

FIND_A_CARD = bytes.fromhex("FF00000004D44A0100")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Acr122uBench]:
    bench = Acr122uBench(tmp_path)
    yield bench
    bench.close()


def command(apdu: bytes) -> bytes:
    return struct.pack("<BI5x", 0x6F, len(apdu)) + apdu


def test_an_answer_that_a_killed_program_did_not_fetch_is_not_taken_for_ours(
    bench: Acr122uBench,
) -> None:
    bench.field.place(Ntag213(uid(1)))
    killed = UsbCable(bench.path)
    killed.write(command(FIND_A_CARD))
    killed.close()
    chip = open_acr122u(lambda: UsbCable(bench.path))
    bench.field.place(Ntag213(uid(2)))
    found = chip.find()
    chip.close()
    assert found is not None
    assert found.uid == uid(2)


def test_answers_that_nobody_asked_for_are_skipped(bench: Acr122uBench) -> None:
    chip = open_acr122u(lambda: UsbCable(bench.path))
    bench.field.place(Ntag424(uid(7), KEY))
    for noise in (b"", b"\x80", command(b"")[:9], command(b"\x01\x02"), bytes(300)):
        bench.device.disturb(noise)
    found = chip.find()
    chip.close()
    assert found is not None
    assert found.uid == uid(7)


def test_a_reader_in_use_is_left_alone(bench: Acr122uBench) -> None:
    bench.start()
    with pytest.raises(ReaderGoneError, match="busy"):
        open_acr122u(lambda: UsbCable(bench.path))
    bench.field.place(Ntag213(uid(5)))
    assert bench.card().uid == uid(5)


def test_a_device_that_is_no_acr122u_is_said_to_be_none(tmp_path: Path) -> None:
    other = UsbDevice(tmp_path / "other", lambda _: ())
    other.plug()
    with pytest.raises(ReaderLineError, match="no sound answer"):
        open_acr122u(lambda: UsbCable(other.path))
    other.unplug()


def test_without_a_device_the_bus_is_said_to_have_none() -> None:
    with pytest.raises(ReaderGoneError, match="no reader ffff:fffe on the USB"):
        open_usb(0xFFFF, 0xFFFE)


def test_nfcpy_s_own_driver_and_tag_layer_know_the_simulated_reader(bench: Acr122uBench) -> None:
    """As a judge: they were written against the real one and send other commands than we do."""
    bench.field.place(Ntag424(uid(3), KEY))
    frontend = nfc.clf.ContactlessFrontend()
    frontend.device = acr122.init(UsbCable(bench.path))
    frontend.device._path = "usb"  # it prints its path, which its own opener would have set
    target = frontend.sense(nfc.clf.RemoteTarget("106A"), iterations=1)
    tag = nfc.tag.activate(frontend, target)
    message = tag.ndef.octets
    frontend.close()
    assert (tag.type, bytes(tag.identifier)) == ("Type4Tag", uid(3))
    assert verify(read_message(bytes(message)), KEY) == SunIdentity(uid(3), 1)
