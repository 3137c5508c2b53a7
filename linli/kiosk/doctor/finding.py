"""What a check found out. Plain values, no words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Value = str | int


class Subject(StrEnum):
    """What is looked at, in the order in which a maintainer would."""

    SETTINGS = "settings"
    POWER = "power"
    DISK = "disk"
    DATABASE = "database"
    FONTS = "fonts"
    CLOCK = "clock"
    NETWORK = "network"
    BROKER = "broker"
    LEDGER = "ledger"
    DISPLAY = "display"
    PLUGGED_IN = "plugged-in"
    READER = "reader"
    LOCKER = "locker"
    PRINTER = "printer"
    SOUND = "sound"


class State(StrEnum):
    WELL = "well"
    ABSENT = "absent"
    """This terminal is not meant to have one."""
    UNTRIED = "untried"
    """It could not be tried now, which says nothing about it."""
    NOTICE = "notice"
    """It works, and somebody should look after it soon."""
    BROKEN = "broken"


class Code(StrEnum):
    """What was found, for programs; `phrases.py` says it in words."""

    STUMBLED = "stumbled"
    SETTINGS_WRONG = "settings-wrong"

    NOT_SET = "not-set"
    GONE = "gone"
    IN_USE = "in-use"
    TAKEN = "taken"
    NOT_ALLOWED = "not-allowed"
    SILENT = "silent"

    ALL_NAMED = "all-named"
    NOT_NAMED = "not-named"
    READER_NOT_SET = "reader-not-set"
    READER_WELL = "reader-well"
    READER_READ_A_CARD = "reader-read-a-card"
    READER_SAW_NO_CARD = "reader-saw-no-card"
    READER_SILENT = "reader-silent"
    LOCKER_WELL = "locker-well"
    LOCKER_DOOR_OPEN = "locker-door-open"
    LOCKER_TAMPERED = "locker-tampered"
    PRINTER_WELL = "printer-well"
    PRINTER_PAPER_LOW = "printer-paper-low"
    PRINTER_PAPER_OUT = "printer-paper-out"
    PRINTER_COVER_OPEN = "printer-cover-open"
    PRINTER_CUTTER_JAMMED = "printer-cutter-jammed"
    PRINTER_OFFLINE = "printer-offline"
    SOUND_WELL = "sound-well"
    SOUND_HEARD = "sound-heard"
    SOUND_NOT_HEARD = "sound-not-heard"
    SOUND_NO_CARD = "sound-no-card"
    SOUND_NO_PROGRAM = "sound-no-program"
    SOUND_MUTED = "sound-muted"
    SOUND_PLAYER_FAILED = "sound-player-failed"
    DISPLAY_WELL = "display-well"
    DISPLAY_NONE = "display-none"
    DISPLAY_WRONG_OUTPUT = "display-wrong-output"
    DISPLAY_UNKNOWN = "display-unknown"

    CLOCK_WELL = "clock-well"
    CLOCK_NO_BATTERY = "clock-no-battery"
    CLOCK_BATTERY_EMPTY = "clock-battery-empty"
    CLOCK_UNCERTAIN = "clock-uncertain"
    NETWORK_WELL = "network-well"
    NETWORK_NO_CABLE = "network-no-cable"
    NETWORK_NO_ADDRESS = "network-no-address"
    REACHED = "reached"
    NO_NAME = "no-name"
    REFUSED = "refused"
    UNREACHED = "unreached"
    LEDGER_UNTRUSTED = "ledger-untrusted"
    LEDGER_TROUBLED = "ledger-troubled"
    LEDGER_CLOCK_APART = "ledger-clock-apart"
    DISK_WELL = "disk-well"
    DISK_NEARLY_FULL = "disk-nearly-full"
    DISK_FULL = "disk-full"
    DISK_NOT_WRITTEN = "disk-not-written"
    DISK_OLD = "disk-old"
    DATABASE_WELL = "database-well"
    DATABASE_NOT_BEGUN = "database-not-begun"
    DATABASE_DAMAGED = "database-damaged"
    DATABASE_NOT_SAVED = "database-not-saved"
    FONTS_WELL = "fonts-well"
    FONTS_MISSING = "fonts-missing"
    POWER_WELL = "power-well"
    POWER_LOW = "power-low"
    POWER_WAS_LOW = "power-was-low"
    POWER_HOT = "power-hot"
    POWER_UNKNOWN = "power-unknown"


@dataclass(frozen=True)
class Finding:
    """`values` are the numbers and names in its sentence."""

    subject: Subject
    state: State
    code: Code
    values: Mapping[str, Value] = field(default_factory=dict)


MOST_URGENT = (State.BROKEN, State.NOTICE, State.UNTRIED, State.WELL, State.ABSENT)
WELL_STATES = (State.WELL, State.ABSENT, State.UNTRIED)


def exit_code(findings: Iterable[Finding]) -> int:
    """0 where nothing is to be done, 1 where something should be looked after, 2 where something
    does not work."""
    states = {finding.state for finding in findings}
    return 2 if State.BROKEN in states else 1 if State.NOTICE in states else 0


def urgency(finding: Finding) -> tuple[int, int]:
    """To sort by: the worst first, then as a maintainer would look."""
    return MOST_URGENT.index(finding.state), tuple(Subject).index(finding.subject)
