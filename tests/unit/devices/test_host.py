"""What the computer itself tells: decoded from the kernel's files, below a directory of our own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.devices.host.holders import Holder, holders
from linli.devices.host.power import Strain, decoded, read_word
from linli.devices.host.readings import HardwareClock, Readings, read, room
from linli.devices.host.wear import Wear, worn


def put(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "now", "ever"),
    [
        ("throttled=0x0", Strain(0), Strain(0)),
        ("throttled=0x50005", *[Strain.UNDER_VOLTAGE | Strain.THROTTLED] * 2),
        ("50000\n", Strain(0), Strain.UNDER_VOLTAGE | Strain.THROTTLED),
        ("throttled=0xe0008", Strain.SOFT_LIMIT, Strain.CAPPED | Strain.THROTTLED | 8),
    ],
)
def test_the_firmwares_word_tells_what_is_and_what_was(
    text: str, now: Strain, ever: Strain
) -> None:
    assert decoded(read_word(text)) == (now, ever)


@given(st.integers(min_value=0, max_value=2**32 - 1))
def test_any_word_is_decoded_and_bits_that_are_not_known_say_nothing(word: int) -> None:
    now, ever = decoded(word)
    assert (now | ever << 16) == word & 0xF000F


@pytest.mark.parametrize(
    ("life", "spare", "wear", "old"),
    [
        ("0x01 0x01", "0x01", Wear(10, 1), False),
        ("0x02 0x09", "0x01", Wear(90, 1), True),
        ("0x0b 0x01", "0x03", Wear(110, 3), True),
        ("0x00 0x00", "0x00", Wear(None), False),
        ("0x01 0x01", "0x02", Wear(10, 2), True),
        ("0x07 0x03", "", Wear(70), False),
    ],
)
def test_a_disk_tells_its_wear_by_the_worse_of_its_two_memories(
    life: str, spare: str, wear: Wear, old: bool
) -> None:
    assert worn(life, spare) == wear
    assert wear.old is old


def test_a_pi_is_read_whole(tmp_path: Path) -> None:
    put(tmp_path, "proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0")
    put(tmp_path, "sys/class/thermal/thermal_zone0/temp", "48312\n")
    put(tmp_path, "sys/class/thermal/thermal_zone1/temp", "61004\n")
    put(
        tmp_path,
        "sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled",
        "50001\n",
    )
    put(tmp_path, "sys/block/mmcblk0/device/life_time", "0x01 0x03\n")
    put(tmp_path, "sys/block/mmcblk0/device/pre_eol_info", "0x01\n")
    put(tmp_path, "sys/class/rtc/rtc0/name", "rpi-rtc soc:rpi_rtc\n")
    put(tmp_path, "sys/class/rtc/rtc0/since_epoch", "1795882931\n")
    put(tmp_path, "sys/class/rtc/rtc0/battery_voltage", "3021000\n")
    assert read(tmp_path) == Readings(
        model="Raspberry Pi 5 Model B Rev 1.0",
        celsius=61.004,
        now=Strain.UNDER_VOLTAGE,
        ever=Strain.UNDER_VOLTAGE | Strain.THROTTLED,
        wear={"mmcblk0": Wear(30, 1)},
        clocks=(HardwareClock("rpi-rtc soc:rpi_rtc", 1_795_882_931, 3021),),
    )


def test_what_is_not_there_or_makes_no_sense_is_told_as_nothing(tmp_path: Path) -> None:
    assert read(tmp_path) == Readings()
    put(tmp_path, "sys/class/thermal/thermal_zone0/temp", "hot")
    put(tmp_path, "sys/devices/platform/soc/soc:firmware/get_throttled", "")
    put(tmp_path, "sys/block/mmcblk0/device/life_time", "good")
    assert read(tmp_path) == Readings()


def test_without_the_kernels_file_the_program_is_asked_and_then_the_alarm(tmp_path: Path) -> None:
    put(tmp_path, "sys/class/hwmon/hwmon0/name", "cpu_thermal\n")
    put(tmp_path, "sys/class/hwmon/hwmon1/name", "rpi_volt\n")
    put(tmp_path, "sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n")
    assert read(tmp_path).now == Strain.UNDER_VOLTAGE
    asked = read(tmp_path, lambda what: f"throttled=0x{4 if what == 'get_throttled' else 0:x}\n")
    assert asked.now == Strain.THROTTLED

    def missing(_: str) -> str:
        raise FileNotFoundError("vcgencmd")

    assert read(tmp_path, missing).now == Strain.UNDER_VOLTAGE


@pytest.mark.parametrize(("seconds", "is_set"), [(0, False), (None, False), (1_795_882_931, True)])
def test_a_clock_that_lost_its_battery_is_not_set(seconds: int | None, is_set: bool) -> None:
    assert HardwareClock("rtc", seconds).set is is_set


def test_a_file_system_tells_its_room(tmp_path: Path) -> None:
    found = room(tmp_path)
    assert 0 < found.free <= found.total
    assert 0 <= found.free_percent <= 100


def test_who_has_a_device_open_is_found_by_its_true_name_and_is_never_oneself(
    tmp_path: Path,
) -> None:
    device, link = tmp_path / "ttyUSB0", tmp_path / "linli-reader"
    device.touch()
    link.symlink_to(device)
    with device.open():
        assert holders(link, Path("/"), os.getpid()) == []
        (holder,) = holders(link, Path("/"), own_pid=0)
    assert holder.pid == os.getpid()
    assert "python" in holder.command
    assert holders(link, Path("/"), own_pid=0) == []


def test_a_process_that_ends_while_it_is_looked_at_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "proc" / "71").mkdir(parents=True)
    put(tmp_path, "proc/72/cmdline", "linli\0kiosk\0")
    (tmp_path / "proc/72/fd").mkdir()
    (tmp_path / "proc/72/fd/5").symlink_to("/dev/ttyACM9")
    found = holders(Path("/dev/ttyACM9"), tmp_path, 1)
    assert found == [Holder(72, "linli kiosk")]
