"""What a maintainer sees after their card: the pad, then the menu, until they go or stand idle.

| on            | what            | leads to                                                |
|---------------|-----------------|---------------------------------------------------------|
| the pad       | the right PIN   | the menu                                                |
| the pad       | a wrong one     | the pad, or a lock of a quarter of an hour after five   |
| the menu      | a room          | its page                                                |
| the self-test | a finding       | what to do about it                                     |
| the self-test | test the screen | five colours, then fields to touch                      |
| making cards  | an order, a card| `card_room.py`                                          |
| the service   | out, or back    | so it is, until it is changed here or from afar         |
| any page      | back            | the menu; from the menu and the pad, the resting screen |
| anything      | 60 s of nothing | the resting screen                                      |

It owns no thread; answers of the network come back by `later`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from linli.devices.readers.base import CardSeen
from linli.kiosk.doctor.finding import Finding, urgency
from linli.kiosk.flows import actions
from linli.kiosk.flows.actions import Action
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
    MaintenanceView,
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
from linli.kiosk.flows.views import Screen
from linli.kiosk.flows.visit_views import Hindered, Hindrance, Pad, PadFor, PadTrouble
from linli.kiosk.maintenance import pin, tries
from linli.kiosk.maintenance.card_room import CardRoom
from linli.kiosk.maintenance.cards import holds
from linli.kiosk.maintenance.ports import LevelGoneError, Ports
from linli.sync.clock import Clock

IDLE_S = 60.0
Shown = MaintenanceView | Pad | Hindered


@dataclass(frozen=True)
class Keys:
    """Who gets in: hashes of cards, the PIN's hash (None: nobody). `name` and `fingerprint` are
    the terminal's own."""

    cards: tuple[str, ...]
    pin: str | None
    name: str
    fingerprint: str


class Maintenance:
    """`later` has something done in the caller's thread, from whatever thread."""

    def __init__(
        self,
        keys: Keys,
        ports: Ports,
        clock: Clock,
        later: Callable[[Callable[[], None]], None],
    ) -> None:
        self._keys, self._ports, self._clock, self._later = keys, ports, clock, later
        self._view: Shown | None = None
        self._inside = False
        self._touched = 0.0
        self._turn = 0
        self._cards = CardRoom(ports.making, later, self._stay)
        self._screen_well = False
        self._findings: list[Finding] = []
        self._testing = False

    @property
    def open(self) -> bool:
        return self._view is not None

    def knows(self, uid: bytes) -> bool:
        """Whether that card is a maintainer's. Without a PIN there is no menu, so none is."""
        return self._keys.pin is not None and holds(self._keys.cards, uid)

    def begin(self) -> Screen:
        """A maintainer's card was laid on the reader."""
        self._touched, self._inside = self._clock.monotonic(), False
        self._screen_well = False
        try:
            self._view = self._pad(self._ports.tries.read())
        except OSError:
            self._view = Hindered(Hindrance.NOT_SAVED)
        return Screen(self._view, IDLE_S)

    def end(self) -> None:
        self._view, self._inside = None, False
        self._cards.leave()

    def tapped(self, seen: CardSeen) -> Screen | None:
        """A card was laid there; None where that is none of this menu's business."""
        if not isinstance(self._shown(), MakingCard):
            return None
        self._stay()
        self._cards.tapped(seen)
        return self.screen()

    def act(self, action: Action) -> Screen | None:
        """A touch; None where it leads home."""
        self._touched = self._clock.monotonic()
        if isinstance(action, actions.Back):
            self._back()
        elif isinstance(action, actions.Typed) and isinstance(self._view, Pad):
            self._try(action.digits)
        elif self._inside:
            self._move(action)
        return self.screen()

    def screen(self) -> Screen | None:
        """What it shows now; None once it is over."""
        if self._view is None or self._clock.monotonic() - self._touched >= IDLE_S:
            self.end()
            return None
        if isinstance(self._view, NetworkState):
            self._view = self._network(self._view.ledger)
        return Screen(self._shown() or self._view, IDLE_S)

    def _shown(self) -> Shown | None:
        return self._cards.view or self._view

    def _stay(self) -> None:
        self._touched = self._clock.monotonic()

    # --- the way in --------------------------------------------------------------------------

    def _try(self, digits: str) -> None:
        now = self._clock.now()
        try:
            before = self._ports.tries.read()
            if not before.locked(now):
                counted = tries.tried(before, now)
                self._ports.tries.write(counted)
                if self._keys.pin is not None and pin.matches(digits, self._keys.pin):
                    self._ports.tries.write(tries.Tries())
                    self._inside, self._view = True, Menu(self._keys.name)
                    return
                before = counted
            self._view = self._pad(before, PadTrouble.WRONG)
        except OSError:
            # Uncounted tries would be free ones.
            self._view = Hindered(Hindrance.NOT_SAVED)

    def _pad(self, so_far: tries.Tries, trouble: PadTrouble | None = None) -> Pad | Hindered:
        if so_far.locked(self._clock.now()):
            return Hindered(Hindrance.PIN_LOCKED)
        self._turn += 1
        left = so_far.left if trouble else None
        return Pad(PadFor.MAINTENANCE, pin.DIGITS, pin.DIGITS, True, self._turn, trouble, left)

    # --- inside ------------------------------------------------------------------------------

    def _back(self) -> None:
        if self._cards.view is not None:
            self._cards.back()
            return
        match self._view:
            case ColourTest() | TouchTest() | Diagnosis():
                self._view = self._self_test()
            case Menu():
                self.end()
            case _ if self._inside:
                self._view = Menu(self._keys.name)
            case _:
                self.end()

    def _move(self, action: Action) -> None:
        match action, self._shown():
            case Enter(room), Menu():
                self._enter(room)
            case MakeCard(id_), CardsToMake():
                self._cards.make(id_)
            case ChangeLevel(by), Level(room, percent) if percent is not None:
                self._change(room, percent + by)
            case ShowFinding(subject), SelfTest(findings):
                self._view = next(
                    (Diagnosis(one) for one in findings if one.subject is subject), self._view
                )
            case TestScreen(), SelfTest():
                self._view = ColourTest(0)
            case TestScreen(), ColourTest(number):
                done = number + 1 >= COLOURS
                self._view = TouchTest(frozenset()) if done else ColourTest(number + 1)
            case TouchCell(number), TouchTest(touched):
                self._touch(touched | {number})
            case Restart(), AskRestart(under_way=False):
                self._view = AskRestart(under_way=True)
                self._ports.restart()
            case Serve(again), AskService(out) if again == out:
                self._serve(again=again)
            case _:
                pass

    def _enter(self, room: Room) -> None:
        match room:
            case Room.NETWORK:
                self._view = self._network(Reach.ASKING)
                self._ports.reach(lambda there: self._later(lambda: self._reached(there=there)))
            case Room.VOLUME | Room.BRIGHTNESS:
                self._view = self._level(room)
            case Room.SELF_TEST:
                self._test()
            case Room.PAIRING:
                self._view = Pairing(self._keys.name, self._keys.fingerprint)
            case Room.CARDS:
                self._cards.enter()
            case Room.RESTART:
                self._view = AskRestart()
            case Room.SERVICE:
                self._view = AskService(self._ports.service.out_of_service)

    def _serve(self, *, again: bool) -> None:
        try:
            self._ports.service.serve(again=again)
        except OSError:
            self._view = Hindered(Hindrance.NOT_SAVED)
        else:
            self._view = AskService(self._ports.service.out_of_service)

    def _network(self, ledger: Reach) -> NetworkState:
        ports = self._ports
        return NetworkState(ports.linked(), ledger, ports.waiting(), self._clock.good())

    def _reached(self, *, there: bool) -> None:
        if isinstance(self._view, NetworkState):
            self._view = self._network(Reach.REACHED if there else Reach.NOT_REACHED)

    def _level(self, room: Room) -> Level:
        port = self._ports.levels.get(room)
        try:
            return Level(room, None) if port is None else Level(room, port.read(), port.note)
        except OSError as error:
            return _gone(room, error)

    def _change(self, room: Room, percent: int) -> None:
        try:
            self._ports.levels[room].write(min(100, max(0, percent)))
        except OSError as error:
            self._view = _gone(room, error)
        else:
            self._view = self._level(room)

    def _test(self) -> None:
        """Anew each time; one that is under way still is waited for."""
        if not self._testing:
            self._findings, self._testing = [], True
            self._ports.diagnose(lambda new: self._later(lambda: self._found(new)))
        self._view = self._self_test()

    def _found(self, finding: Finding | None) -> None:
        if finding is None:
            self._testing = False
        else:
            self._findings.append(finding)
        if isinstance(self._view, SelfTest):
            self._view = self._self_test()

    def _self_test(self) -> SelfTest:
        findings = tuple(sorted(self._findings, key=urgency))
        return SelfTest(findings, self._testing, self._screen_well)

    def _touch(self, touched: frozenset[int]) -> None:
        if touched >= frozenset(range(CELLS)):
            self._screen_well = True
            self._view = self._self_test()
        else:
            self._view = TouchTest(touched)


def _gone(room: Room, error: OSError) -> Level:
    return Level(room, None, error.note if isinstance(error, LevelGoneError) else None)
