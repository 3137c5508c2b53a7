"""The doctor's checks of the computer and of the way to the ledger, each on a tree of files or a
socket of its own."""

from __future__ import annotations

import datetime as dt
import socket
import sqlite3
from pathlib import Path

import pytest
import requests
from doubles.clock import HandClock
from hypothesis import given
from hypothesis import strategies as st

from linli.assets.words import Words
from linli.devices.host.power import Strain
from linli.devices.host.readings import HardwareClock, Readings, Room, room
from linli.devices.host.wear import Wear
from linli.devices.simulated.monitor import SimulatedDesk
from linli.kiosk.doctor.check import Check, looked
from linli.kiosk.doctor.computer import ClockCheck, DisplayCheck, FontsCheck, PowerCheck
from linli.kiosk.doctor.finding import Code, Finding, State, Subject, exit_code
from linli.kiosk.doctor.phrases import said, summary
from linli.kiosk.doctor.reaching import Answer, BrokerCheck, LedgerCheck, NetworkCheck
from linli.kiosk.doctor.storage import DatabaseCheck, DiskCheck, SavingCheck

NONE, LOW = Strain(0), Strain.UNDER_VOLTAGE


def found(check: Check) -> tuple[State, Code]:
    finding = looked(check)
    assert finding.subject is check.subject
    for language in ("zh_CN", "en"):
        assert "{" not in "".join(vars(said(finding, Words(language))).values())
    return finding.state, finding.code


# --- power, screens, clock, fonts ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("readings", "state", "code"),
    [
        (Readings(celsius=48.0, now=NONE, ever=NONE), State.WELL, Code.POWER_WELL),
        (Readings(celsius=48.0, now=LOW, ever=LOW), State.BROKEN, Code.POWER_LOW),
        (Readings(celsius=48.0, now=NONE, ever=LOW), State.NOTICE, Code.POWER_WAS_LOW),
        (Readings(celsius=82.0, now=NONE, ever=LOW), State.NOTICE, Code.POWER_HOT),
        (Readings(now=Strain.THROTTLED, ever=NONE), State.NOTICE, Code.POWER_HOT),
        (Readings(now=NONE), State.WELL, Code.POWER_WELL),
        (Readings(celsius=85.0), State.NOTICE, Code.POWER_HOT),
        (Readings(), State.UNTRIED, Code.POWER_UNKNOWN),
    ],
)
def test_power_and_warmth_are_judged_the_worst_first(
    readings: Readings, state: State, code: Code
) -> None:
    assert found(PowerCheck(lambda: readings)) == (state, code)


def test_screens_are_counted_and_the_terminals_own_must_be_there(tmp_path: Path) -> None:
    assert found(DisplayCheck(tmp_path, None)) == (State.UNTRIED, Code.DISPLAY_UNKNOWN)
    desk = SimulatedDesk(tmp_path)
    desk.empty("HDMI-A-2")
    assert found(DisplayCheck(tmp_path, None)) == (State.BROKEN, Code.DISPLAY_NONE)
    desk.monitor("HDMI-A-1", 20)
    assert found(DisplayCheck(tmp_path, "HDMI-A-1")) == (State.WELL, Code.DISPLAY_WELL)
    wrong = found(DisplayCheck(tmp_path, "HDMI-A-2"))
    assert wrong == (State.BROKEN, Code.DISPLAY_WRONG_OUTPUT)


@pytest.mark.parametrize(
    ("good", "clocks", "state", "code"),
    [
        (True, (HardwareClock("rtc", 1_795_882_931),), State.WELL, Code.CLOCK_WELL),
        (True, (), State.WELL, Code.CLOCK_NO_BATTERY),
        (True, (HardwareClock("rtc", 12),), State.NOTICE, Code.CLOCK_BATTERY_EMPTY),
        (False, (), State.NOTICE, Code.CLOCK_UNCERTAIN),
    ],
)
def test_a_time_is_right_or_not_and_kept_or_not(
    good: bool, clocks: tuple[HardwareClock, ...], state: State, code: Code
) -> None:
    assert found(ClockCheck(lambda: good, lambda: Readings(clocks=clocks))) == (state, code)


def test_a_font_that_is_a_stub_is_none(tmp_path: Path) -> None:
    (tmp_path / "linli-regular.otf").write_bytes(b"short")
    assert found(FontsCheck(tmp_path)) == (State.BROKEN, Code.FONTS_MISSING)
    (tmp_path / "linli-regular.otf").write_bytes(bytes(200_000))
    assert found(FontsCheck(tmp_path)) == (State.WELL, Code.FONTS_WELL)


# --- disk and database ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("free", "wear", "state", "code"),
    [
        (50_000_000, Wear(10), State.BROKEN, Code.DISK_FULL),
        (500_000_000, Wear(90), State.NOTICE, Code.DISK_NEARLY_FULL),
        (20_000_000_000, Wear(90), State.NOTICE, Code.DISK_OLD),
        (20_000_000_000, Wear(10), State.WELL, Code.DISK_WELL),
    ],
)
def test_a_disk_is_full_old_or_well(
    tmp_path: Path, free: int, wear: Wear, state: State, code: Code
) -> None:
    readings = Readings(wear={"mmcblk0": wear})
    check = DiskCheck(tmp_path, lambda: readings, lambda _: Room(64_000_000_000, free))
    assert found(check) == (state, code)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_no_file_is_named_and_a_directory_to_come_is_tried_above(
    tmp_path: Path,
) -> None:
    check = DiskCheck(tmp_path / "not" / "yet", Readings, room)
    assert found(check)[0] is not State.BROKEN
    (tmp_path / "file").touch()
    check = DiskCheck(tmp_path / "file", Readings, room)
    assert found(check) == (State.BROKEN, Code.DISK_NOT_WRITTEN)


def test_a_database_is_sound_damaged_or_not_begun(tmp_path: Path) -> None:
    path = tmp_path / "terminal.db"
    assert found(DatabaseCheck(path)) == (State.UNTRIED, Code.DATABASE_NOT_BEGUN)
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE tap (id INTEGER PRIMARY KEY, what TEXT)")
        database.executemany("INSERT INTO tap (what) VALUES (?)", [("x" * 900,)] * 200)
    database.close()
    assert found(DatabaseCheck(path)) == (State.WELL, Code.DATABASE_WELL)
    content = bytearray(path.read_bytes())
    content[8192:24_576] = b"\xff" * 16_384
    path.write_bytes(content)
    assert found(DatabaseCheck(path)) == (State.BROKEN, Code.DATABASE_DAMAGED)


def test_a_terminal_that_cannot_save_is_broken_however_sound_its_database(tmp_path: Path) -> None:
    def fail() -> None:
        raise OSError("the disk is full")

    database = DatabaseCheck(tmp_path / "terminal.db")
    assert found(SavingCheck(fail, database)) == (State.BROKEN, Code.DATABASE_NOT_SAVED)
    saved = found(SavingCheck(lambda: None, database))
    assert saved == (State.UNTRIED, Code.DATABASE_NOT_BEGUN)


# --- the way out ---------------------------------------------------------------------------------

HEAD = "Iface\tDestination\tGateway\n"


def test_a_network_ends_at_the_cable_at_the_address_or_leads_out(tmp_path: Path) -> None:
    cable = tmp_path / "sys/class/net/eth0/carrier"
    loop = tmp_path / "sys/class/net/lo/carrier"
    for file in (cable, loop):
        file.parent.mkdir(parents=True)
        file.write_text("1\n", encoding="ascii")
    cable.write_text("0\n", encoding="ascii")
    assert found(NetworkCheck(tmp_path)) == (State.BROKEN, Code.NETWORK_NO_CABLE)
    cable.write_text("1\n", encoding="ascii")
    assert found(NetworkCheck(tmp_path)) == (State.BROKEN, Code.NETWORK_NO_ADDRESS)
    routes = tmp_path / "proc/net/route"
    routes.parent.mkdir(parents=True)
    routes.write_text(f"{HEAD}eth0\t0001A8C0\t00000000\n", encoding="ascii")
    assert found(NetworkCheck(tmp_path)) == (State.BROKEN, Code.NETWORK_NO_ADDRESS)
    routes.write_text(f"{HEAD}eth0\t00000000\t0101A8C0\n", encoding="ascii")
    assert found(NetworkCheck(tmp_path)) == (State.WELL, Code.NETWORK_WELL)


def test_a_broker_listens_or_does_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert found(BrokerCheck("127.0.0.1", port)) == (State.WELL, Code.REACHED)
    assert found(BrokerCheck("127.0.0.1", port)) == (State.BROKEN, Code.REFUSED)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (socket.gaierror(-2, "unknown"), Code.NO_NAME),
        (ConnectionRefusedError(), Code.REFUSED),
        (TimeoutError(), Code.UNREACHED),
        (OSError(113, "No route to host"), Code.UNREACHED),
    ],
)
def test_where_a_way_ends_is_told_of_broker_and_ledger(error: OSError, code: Code) -> None:
    def fail(*_: object) -> None:
        raise error

    def ask(_: str) -> Answer:
        try:
            raise error
        except OSError as below:
            raise requests.ConnectionError("in many layers") from below

    assert found(BrokerCheck("broker", 1883, fail)) == (State.BROKEN, code)
    assert found(LedgerCheck("http://x", HandClock().now, ask)) == (State.BROKEN, code)


@pytest.mark.parametrize(
    ("ok", "behind_s", "state", "code"),
    [
        (True, 0, State.WELL, Code.REACHED),
        (True, 119, State.WELL, Code.REACHED),
        (True, 300, State.NOTICE, Code.LEDGER_CLOCK_APART),
        (True, -300, State.NOTICE, Code.LEDGER_CLOCK_APART),
        (False, 0, State.BROKEN, Code.LEDGER_TROUBLED),
    ],
)
def test_a_ledger_answers_and_has_the_same_time(
    ok: bool, behind_s: int, state: State, code: Code
) -> None:
    now = HandClock().now()
    answer = Answer(ok, now - dt.timedelta(seconds=behind_s))
    assert found(LedgerCheck("http://x", lambda: now, lambda _: answer)) == (state, code)


def test_a_real_refusal_is_told_below_all_layers_of_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    check = LedgerCheck(f"http://127.0.0.1:{port}", HandClock().now)
    assert found(check) == (State.BROKEN, Code.REFUSED)


# --- all together --------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(State)))
def test_the_exit_code_is_that_of_the_worst(states: list[State]) -> None:
    code = exit_code(Finding(Subject.POWER, state, Code.POWER_WELL) for state in states)
    assert (code == 2) == (State.BROKEN in states)
    assert (code == 0) == (not {State.BROKEN, State.NOTICE} & set(states))


def test_a_check_that_fails_itself_is_told_and_hides_nothing() -> None:
    def fail() -> Readings:
        raise RuntimeError("no such luck {here}")

    finding = looked(PowerCheck(fail))
    assert (finding.state, finding.code) == (State.BROKEN, Code.STUMBLED)
    assert "no such luck {here}" in said(finding, Words("zh_CN")).sentence


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("code", Code)
def test_everything_that_can_be_found_has_its_words(code: Code, language: str) -> None:
    class Anything(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return "7"

    told = said(Finding(Subject.READER, State.BROKEN, code, Anything()), Words(language))
    assert told.sentence.endswith((".", "。", "7"))


def test_the_end_counts_what_is_to_be_done() -> None:
    well = Finding(Subject.POWER, State.WELL, Code.POWER_WELL)
    low = Finding(Subject.POWER, State.BROKEN, Code.POWER_LOW)
    assert summary([well], Words("zh_CN")) == "一切正常，无需处理。"
    assert summary([well, low, low], Words("zh_CN")) == "有 2 项需要处理。"
    assert summary([low], Words("en")) == "1 thing to look after."
