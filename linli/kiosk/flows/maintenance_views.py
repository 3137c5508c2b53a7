"""View states of the maintainer's menu, and what its buttons mean. Plain values, no words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from linli.kiosk.doctor.finding import Finding, Subject
from linli.kiosk.flows.card_making_views import CardsToMake, MakeCard, MakingCard
from linli.kiosk.flows.enrol_views import Enrolling


class Room(StrEnum):
    """Where the menu leads."""

    NETWORK = "network"
    VOLUME = "volume"
    BRIGHTNESS = "brightness"
    SELF_TEST = "self-test"
    PAIRING = "pairing"
    CARDS = "cards"
    RESTART = "restart"
    SERVICE = "service"


@dataclass(frozen=True)
class Menu:
    terminal: str


class Reach(StrEnum):
    """Whether the ledger answers over HTTPS, as far as it has been asked."""

    ASKING = "asking"
    REACHED = "reached"
    NOT_REACHED = "not-reached"


@dataclass(frozen=True)
class NetworkState:
    """`linked`: the broker; `waiting`: events that the ledger has not confirmed."""

    linked: bool
    ledger: Reach
    waiting: int
    clock_good: bool


class LevelNote(StrEnum):
    """Why there is no level to change, or how it is changed."""

    NO_SOUND_SETTING = "no-sound-setting"
    """The settings say that this terminal is silent."""
    NO_SOUND_CARD = "no-sound-card"
    IN_PICTURE = "in-picture"
    """The screen cannot be told: its picture is made darker instead."""


@dataclass(frozen=True)
class Level:
    """A volume or brightness in percent; None where nothing is connected that has one."""

    room: Room
    percent: int | None
    note: LevelNote | None = None


@dataclass(frozen=True)
class SelfTest:
    """What was found so far, the worst first; more comes while it is `under_way`. The screen is
    tried by hand."""

    findings: tuple[Finding, ...]
    under_way: bool
    screen_well: bool = False


@dataclass(frozen=True)
class Diagnosis:
    """One of them, and what to do."""

    finding: Finding


COLOURS = 5
"""Red, green, blue, white and black, one after the other."""
CELLS = 12


@dataclass(frozen=True)
class ColourTest:
    """The whole screen in one colour, for spots and stripes."""

    number: int


@dataclass(frozen=True)
class TouchTest:
    """Fields all over the screen, and which of them have been touched."""

    touched: frozenset[int]


@dataclass(frozen=True)
class Pairing:
    """How the ledger knows this terminal: its name, and the beginning of its public key in
    groups of four hexadecimal digits."""

    name: str
    fingerprint: str


@dataclass(frozen=True)
class AskRestart:
    """`under_way`: the program is about to end."""

    under_way: bool = False


@dataclass(frozen=True)
class AskService:
    """Whether the terminal is to be out of service, or back."""

    out: bool


MaintenanceView = (
    Menu
    | NetworkState
    | Level
    | SelfTest
    | Diagnosis
    | ColourTest
    | TouchTest
    | Pairing
    | AskRestart
    | AskService
    | CardsToMake
    | MakingCard
    | Enrolling
)


@dataclass(frozen=True)
class Enter:
    room: Room


@dataclass(frozen=True)
class ChangeLevel:
    """By so many percent."""

    by: int


@dataclass(frozen=True)
class ShowFinding:
    """What to do about it."""

    subject: Subject


@dataclass(frozen=True)
class TestScreen:
    """Begins the test of the screen, and goes on to its next colour."""

    __test__ = False


@dataclass(frozen=True)
class TouchCell:
    number: int


@dataclass(frozen=True)
class Restart:
    pass


@dataclass(frozen=True)
class Serve:
    """`again`, or not any more."""

    again: bool


MaintenanceAction = (
    Enter | ChangeLevel | ShowFinding | TestScreen | TouchCell | Restart | Serve | MakeCard
)
