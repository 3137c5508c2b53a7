"""View states of the maintainer's menu, and what its buttons mean. Plain values, no words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from linli.kiosk.flows.card_making_views import CardsToMake, MakeCard, MakingCard


class Room(StrEnum):
    """Where the menu leads."""

    NETWORK = "network"
    VOLUME = "volume"
    BRIGHTNESS = "brightness"
    SELF_TEST = "self-test"
    PAIRING = "pairing"
    CARDS = "cards"
    RESTART = "restart"


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


class Checked(StrEnum):
    """What is tried in a self-test."""

    READER = "reader"
    STORE = "store"
    PRINTER = "printer"
    LOCKER = "locker"
    SCREEN = "screen"


class Result(StrEnum):
    WELL = "well"
    FAILED = "failed"
    NOT_TRIED = "not-tried"


@dataclass(frozen=True)
class SelfTest:
    """Only what this terminal has; the screen is tried by hand."""

    results: tuple[tuple[Checked, Result], ...]


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


MaintenanceView = (
    Menu
    | NetworkState
    | Level
    | SelfTest
    | ColourTest
    | TouchTest
    | Pairing
    | AskRestart
    | CardsToMake
    | MakingCard
)


@dataclass(frozen=True)
class Enter:
    room: Room


@dataclass(frozen=True)
class ChangeLevel:
    """By so many percent."""

    by: int


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


MaintenanceAction = Enter | ChangeLevel | TestScreen | TouchCell | Restart | MakeCard
