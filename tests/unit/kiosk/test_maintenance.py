"""The maintainer's menu: who gets in, how often one may be wrong, and what can be done inside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from doubles.card_making import HandMaking
from doubles.clock import HandClock
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.devices.readers.base import CardSeen, Chip
from linli.kiosk.cards.making import Progress
from linli.kiosk.doctor.finding import Code, Finding, State, Subject
from linli.kiosk.flows import maintenance_views as views
from linli.kiosk.flows.actions import Action, Back, Typed
from linli.kiosk.flows.card_making_views import CardsToMake, MakeCard, MakingCard
from linli.kiosk.flows.maintenance_views import (
    CELLS,
    COLOURS,
    AskRestart,
    AskService,
    ChangeLevel,
    ColourTest,
    Diagnosis,
    Enter,
    Level,
    LevelNote,
    Menu,
    NetworkState,
    Pairing,
    Reach,
    Restart,
    Room,
    SelfTest,
    Serve,
    ShowFinding,
    TestScreen,
    TouchCell,
    TouchTest,
)
from linli.kiosk.flows.visit_views import Hindered, Hindrance, Pad, PadFor, PadTrouble
from linli.kiosk.maintenance import pin
from linli.kiosk.maintenance.cards import holds, line_for
from linli.kiosk.maintenance.maintenance import IDLE_S, Keys, Maintenance, Shown
from linli.kiosk.maintenance.ports import LevelPort, NoLevel, Ports
from linli.kiosk.maintenance.tries import LOCK, MOST, Tries, tried
from linli.kiosk.store.database import open_database
from linli.kiosk.store.pin_tries import PinTries
from linli.kiosk.store.saving import Saving
from linli.kiosk.store.store import NotSavedError
from linli.sync.card_asks import CardOrder
from linli.sync.outbox import Outbox
from linli.sync.signing import load_or_make_key
from linli.sync.sqlite import Database

UID, SALT = bytes.fromhex("04a1b2c3d4e5f6"), bytes(16)
PIN = "274913"
HASH = pin.hashed(PIN)


@dataclass
class Knob:
    percent: int = 50
    broken: bool = False
    note: LevelNote | None = None

    def read(self) -> int:
        if self.broken:
            raise OSError("unplugged")
        return self.percent

    def write(self, percent: int) -> None:
        self.read()
        self.percent = percent


@dataclass
class HandTries:
    """Tries that are kept, or a card that cannot be written."""

    tries: Tries = field(default_factory=Tries)
    full: bool = False

    def read(self) -> Tries:
        return self.tries

    def write(self, tries: Tries) -> None:
        if self.full:
            raise NotSavedError("full")
        self.tries = tries


@dataclass
class HandService:
    """Whether the terminal serves, on a disk that may be full."""

    out_of_service: bool = False
    full: bool = False

    def serve(self, *, again: bool) -> None:
        if self.full:
            raise OSError("full")
        self.out_of_service = not again


class Around:
    """A menu and all it needs, by hand."""

    def __init__(self, tries: HandTries | PinTries | None = None) -> None:
        self.clock = HandClock()
        self.tries = tries or HandTries()
        self.knob = Knob()
        self.making = HandMaking()
        self.diagnoses: list[Callable[[Finding | None], None]] = []
        self.levels: dict[Room, LevelPort] = {Room.VOLUME: self.knob}
        self.asked: list[Callable[[bool], None]] = []
        self.restarts = 0
        self.service = HandService()
        ports = Ports(
            tries=self.tries,
            linked=lambda: True,
            waiting=lambda: 37,
            reach=self.asked.append,
            restart=self._restart,
            making=self.making,
            service=self.service,
            levels=self.levels,
            diagnose=self.diagnoses.append,
        )
        keys = Keys((line_for(UID, SALT),), HASH, "t-1", "9f3a 6c21 b0d4 e875")
        self.menu = Maintenance(keys, ports, self.clock, lambda act: act())

    def _restart(self) -> None:
        self.restarts += 1

    def act(self, *actions_: Action) -> Shown | None:
        view = None
        for action in actions_:
            screen = self.menu.act(action)
            view = None if screen is None else screen.view
        return view  # type: ignore[return-value]

    def enter(self, room: Room) -> Shown | None:
        self.menu.begin()
        return self.act(Typed(PIN), Enter(room))


@pytest.fixture
def around() -> Around:
    return Around()


# --- who gets in ---------------------------------------------------------------------------------


UIDS = st.binary(min_size=4, max_size=10)


@given(UIDS, UIDS, st.binary(min_size=16, max_size=16))
def test_only_that_card_is_a_maintainers(uid: bytes, other: bytes, salt: bytes) -> None:
    line = line_for(uid, salt)
    assert holds([line_for(other, salt), line], uid)
    assert holds([line], other) == (uid == other)
    assert uid.hex() not in line.partition("-")[2]


def test_without_a_pin_no_card_opens_anything(around: Around) -> None:
    assert around.menu.knows(UID)
    assert not around.menu.knows(b"\x04other")
    keys = Keys((line_for(UID, SALT),), None, "t-1", "")
    assert not Maintenance(keys, around.menu._ports, around.clock, print).knows(UID)


def test_the_card_brings_up_the_pad_and_the_pin_the_menu(around: Around) -> None:
    assert around.menu.begin().view == Pad(PadFor.MAINTENANCE, 6, 6, True, 1)
    assert around.act(Enter(Room.RESTART), Restart()) == Pad(PadFor.MAINTENANCE, 6, 6, True, 1)
    assert around.act(Typed(PIN)) == Menu("t-1")


@pytest.mark.parametrize("digits", ["12345", "1234567", "abcdef", "112112", "123456", "４５６789"])
def test_a_pin_that_is_no_good_is_not_taken(digits: str) -> None:
    with pytest.raises(pin.PinError):
        pin.hashed(digits)


def test_a_wrong_pin_says_how_many_tries_are_left_and_the_fifth_locks(around: Around) -> None:
    around.menu.begin()
    for left in range(MOST - 1, 0, -1):
        shown = around.act(Typed("000000"))
        assert isinstance(shown, Pad)
        assert (shown.trouble, shown.tries) == (PadTrouble.WRONG, left)
    assert around.act(Typed("000000")) == Hindered(Hindrance.PIN_LOCKED)
    assert around.act(Typed(PIN)) == Hindered(Hindrance.PIN_LOCKED)
    assert around.menu.begin().view == Hindered(Hindrance.PIN_LOCKED)
    around.clock.pass_(minutes=15)
    around.menu.begin()
    assert around.act(Typed(PIN)) == Menu("t-1")
    assert around.tries.read() == Tries()


def test_a_try_that_cannot_be_counted_is_not_judged(around: Around) -> None:
    around.menu.begin()
    assert isinstance(around.tries, HandTries)
    around.tries.full = True
    assert around.act(Typed(PIN)) == Hindered(Hindrance.NOT_SAVED)
    assert around.act(Enter(Room.PAIRING)) == Hindered(Hindrance.NOT_SAVED)


NOW = HandClock().now()


@given(st.lists(st.timedeltas(min_value=-dt.timedelta(hours=1), max_value=dt.timedelta(hours=1))))
def test_however_the_clock_is_set_five_tries_are_followed_by_a_lock_that_ends(
    steps: list[dt.timedelta],
) -> None:
    tries, now, since = Tries(), NOW, 0
    for step in steps:
        now += step
        if tries.locked(now):
            assert not tries.locked(now + 2 * LOCK)
            continue
        before = tries
        tries = tried(tries, now)
        since = 1 if before.wrong >= MOST else since + 1
        assert tries.wrong == since <= MOST
        assert tries.locked(now) == (since == MOST)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[], PinTries]]:
    engines = []

    def opened() -> PinTries:
        engines.append(open_database(tmp_path / "terminal.db"))
        database = Database(engines[-1])
        key = load_or_make_key(tmp_path / "terminal.key")
        return PinTries(Saving(database, Outbox(database, "t-1", key, HandClock(), "boot")))

    yield opened
    for engine in engines:
        engine.dispose()


def test_a_restart_forgets_no_wrong_pin(opened: Callable[[], PinTries]) -> None:
    first = Around(opened())
    first.menu.begin()
    for _ in range(MOST):
        first.act(Typed("000000"))
    again = Around(opened())
    assert again.menu.begin().view == Hindered(Hindrance.PIN_LOCKED)


# --- inside --------------------------------------------------------------------------------------


def test_the_network_is_shown_as_it_is_and_the_ledger_is_asked(around: Around) -> None:
    assert around.enter(Room.NETWORK) == NetworkState(True, Reach.ASKING, 37, True)
    around.clock.is_good = False
    around.asked[0](False)
    screen = around.menu.screen()
    assert screen is not None
    assert screen.view == NetworkState(True, Reach.NOT_REACHED, 37, False)
    around.act(Back())
    around.asked[0](True)
    screen = around.menu.screen()
    assert screen is not None
    assert screen.view == Menu("t-1")


def test_a_level_is_changed_within_its_bounds_and_one_that_is_not_there_said_so(
    around: Around,
) -> None:
    assert around.enter(Room.VOLUME) == Level(Room.VOLUME, 50)
    assert around.act(*[ChangeLevel(10)] * 7) == Level(Room.VOLUME, 100)
    assert around.act(*[ChangeLevel(-10)] * 12) == Level(Room.VOLUME, 0)
    assert around.act(Back(), Enter(Room.BRIGHTNESS)) == Level(Room.BRIGHTNESS, None)
    assert around.act(ChangeLevel(10)) == Level(Room.BRIGHTNESS, None)
    around.act(Back(), Enter(Room.VOLUME))
    around.knob.broken = True
    assert around.act(ChangeLevel(10)) == Level(Room.VOLUME, None)


def test_why_a_level_is_not_there_or_how_it_is_changed_is_told(around: Around) -> None:
    around.knob.note = LevelNote.IN_PICTURE
    assert around.enter(Room.VOLUME) == Level(Room.VOLUME, 50, LevelNote.IN_PICTURE)
    around.levels[Room.VOLUME] = NoLevel(LevelNote.NO_SOUND_CARD)
    gone = Level(Room.VOLUME, None, LevelNote.NO_SOUND_CARD)
    assert around.act(ChangeLevel(10)) == gone
    assert around.enter(Room.VOLUME) == gone


WELL = Finding(Subject.READER, State.WELL, Code.READER_WELL)
BROKEN = Finding(Subject.PRINTER, State.BROKEN, Code.PRINTER_PAPER_OUT)


def test_the_self_test_shows_what_is_found_as_it_comes_the_worst_first(around: Around) -> None:
    assert around.enter(Room.SELF_TEST) == SelfTest((), under_way=True)
    (found,) = around.diagnoses
    found(WELL)
    found(BROKEN)
    screen = around.menu.screen()
    assert screen is not None
    assert screen.view == SelfTest((BROKEN, WELL), under_way=True)
    assert around.act(ShowFinding(Subject.PRINTER)) == Diagnosis(BROKEN)
    found(None)
    assert around.act(Back()) == SelfTest((BROKEN, WELL), under_way=False)
    assert around.act(ShowFinding(Subject.SOUND)) == SelfTest((BROKEN, WELL), under_way=False)


def test_each_visit_tests_anew_and_never_twice_at_once(around: Around) -> None:
    around.enter(Room.SELF_TEST)
    around.act(Back(), Enter(Room.SELF_TEST))
    assert len(around.diagnoses) == 1
    around.diagnoses[0](WELL)
    around.diagnoses[0](None)
    assert around.act(Back(), Enter(Room.SELF_TEST)) == SelfTest((), under_way=True)
    assert len(around.diagnoses) == 2


def test_what_is_found_after_the_maintainer_has_gone_disturbs_nobody(around: Around) -> None:
    around.enter(Room.SELF_TEST)
    around.menu.end()
    around.diagnoses[0](BROKEN)
    assert around.menu.screen() is None


def test_the_screen_is_tried_by_hand(around: Around) -> None:
    around.enter(Room.SELF_TEST)
    assert around.act(TestScreen()) == ColourTest(0)
    assert around.act(*[TestScreen()] * COLOURS) == TouchTest(frozenset())
    assert around.act(TouchCell(3)) == TouchTest(frozenset({3}))
    assert around.act(Back()) == SelfTest((), under_way=True)
    around.act(*[TestScreen()] * (COLOURS + 1))
    done = around.act(*[TouchCell(n) for n in range(CELLS)])
    assert done == SelfTest((), under_way=True, screen_well=True)


def test_pairing_and_restart(around: Around) -> None:
    assert around.enter(Room.PAIRING) == Pairing("t-1", "9f3a 6c21 b0d4 e875")
    assert around.act(Back(), Enter(Room.RESTART)) == AskRestart()
    assert around.restarts == 0
    assert around.act(Restart(), Restart()) == AskRestart(under_way=True)
    assert around.restarts == 1


def test_a_maintainer_takes_the_terminal_out_of_service_and_back(around: Around) -> None:
    around.menu.begin()
    around.act(Typed(PIN))
    assert around.act(Enter(Room.SERVICE)) == AskService(out=False)
    assert around.act(Serve(again=False)) == AskService(out=True)
    assert around.service.out_of_service
    assert around.act(Serve(again=False)) == AskService(out=True)
    assert around.act(Serve(again=True)) == AskService(out=False)
    assert not around.service.out_of_service
    around.service.full = True
    assert around.act(Serve(again=False)) == Hindered(Hindrance.NOT_SAVED)


def test_it_ends_by_itself_and_by_back(around: Around) -> None:
    around.enter(Room.NETWORK)
    around.clock.pass_(seconds=IDLE_S - 1)
    assert around.menu.screen() is not None
    around.clock.pass_(seconds=1)
    assert around.menu.screen() is None
    assert not around.menu.open
    around.enter(Room.NETWORK)
    assert around.act(Back()) == Menu("t-1")
    assert around.act(Back()) is None
    around.menu.begin()
    assert around.act(Back()) is None


ANYTHING = st.sampled_from(
    [
        *(Enter(room) for room in Room),
        *(ChangeLevel(by) for by in (-10, 10)),
        *(TouchCell(n) for n in range(CELLS)),
        *(ShowFinding(subject) for subject in Subject),
        *(views.TestScreen(), Restart(), Back()),
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(ANYTHING, max_size=30))
def test_without_the_pin_no_touch_leads_inside(touches: list[Action]) -> None:
    around = Around()
    around.menu.begin()
    for touch in touches:
        shown = around.act(touch)
        assert shown is None or isinstance(shown, Pad)
    assert around.restarts == 0
    assert around.asked == []


# --- making cards ---------------------------------------------------------------------------------


ORDERED = CardOrder(id="o1", card="K-1", name="张*三", made_at=NOW)
BLANK = CardSeen("r", b"\x04blank!", Chip.ISO_DEP, None, 0.0, False, False)


def making(around: Around) -> Around:
    around.enter(Room.CARDS)
    around.making.told(ORDERED)
    around.act(MakeCard("o1"))
    return around


def shown(around: Around) -> object:
    screen = around.menu.screen()
    return None if screen is None else screen.view


def test_cards_are_made_from_the_menu_and_only_inside_it(around: Around) -> None:
    around.menu.begin()
    around.act(Enter(Room.CARDS), MakeCard("o1"))
    assert around.making.making is None
    assert isinstance(shown(making(around)), MakingCard)
    assert around.making.making == "o1"


def test_the_card_that_is_made_does_not_close_the_menu(around: Around) -> None:
    assert around.menu.tapped(BLANK) is None
    screen = making(around).menu.tapped(BLANK)
    assert screen is not None
    assert isinstance(screen.view, MakingCard)


def test_whoever_goes_away_leaves_no_order_open(around: Around) -> None:
    making(around).clock.pass_(seconds=IDLE_S)
    assert shown(around) is None
    assert around.making.making is None


def test_a_card_that_is_being_written_keeps_the_menu_open(around: Around) -> None:
    making(around).clock.pass_(seconds=IDLE_S - 1)
    around.making.say(Progress(step=2))
    around.clock.pass_(seconds=IDLE_S - 1)
    assert isinstance(shown(around), MakingCard)


def test_back_leads_from_a_card_to_the_orders_to_the_menu(around: Around) -> None:
    assert making(around).act(Back()) == CardsToMake()
    assert around.act(Back()) == Menu("t-1")
