"""The till of a visit: has the dispenser redeem, and says it as the screens show it.

After a door has opened, the person is left alone with it until it is shut, or for a while.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from linli.kiosk.flows.phone import modules
from linli.kiosk.flows.shop_views import Ending, Phase, Redeemed, Slip, WareCard, WareKind
from linli.kiosk.redeeming import progress as steps
from linli.kiosk.redeeming.dispenser import Dispenser
from linli.kiosk.redeeming.dispensing import Wanted, new_request
from linli.kiosk.redeeming.redemption import Thing
from linli.kiosk.redeeming.way import Cannot
from linli.kiosk.visits.desk import Progress
from linli.kiosk.visits.visitor import Visitor
from linli.sync.periods import business_day
from linli.sync.rules import pin_needed

DOOR_S = 20.0
"""How long an open door is waited for."""
Tell = Callable[[Progress], None]


class DispenserTill:
    """`public_url` is where a merchant's phone checks a voucher, None where only its code is
    shown."""

    def __init__(self, dispenser: Dispenser, public_url: str | None) -> None:
        self._dispenser = dispenser
        self._public_url = public_url
        self._lock = threading.Lock()
        self._open: dict[int, Telling] = {}

    def held(self, account: str) -> int:
        return self._dispenser.held(account)

    def tapped(self, visitor: Visitor) -> None:
        self._dispenser.tapped(visitor.tapped())

    def pin_needed(self, visitor: Visitor, ware: WareCard) -> bool:
        return pin_needed(visitor.trust, ware.points)

    def obstacle(self, visitor: Visitor, ware: WareCard) -> Progress | None:
        way = self._dispenser.way(thing_of(ware), visitor.tapped())
        if isinstance(way, Cannot):
            return Progress(ware.title, Phase.PAYING, declined=way.why, count=way.at_hand)
        return None

    def redeem(self, visitor: Visitor, ware: WareCard, pin: str | None, tell: Tell) -> None:
        telling = Telling(self, visitor, ware, tell)
        wanted = Wanted(new_request(), visitor.tapped(), thing_of(ware))
        self._dispenser.redeem(wanted, telling.hear, pin)

    def vouchers(self, visitor: Visitor) -> tuple[Redeemed, ...]:
        """Codes that were paid for lately and may be shown once more."""
        found = self._dispenser.vouchers(visitor.tapped())
        return tuple(
            self.voucher(visitor, replace(one, left=None), Slip.NO_PRINTER) for one in found
        )

    def shown(self, visitor: Visitor, code: str) -> None:
        for one in self._dispenser.vouchers(visitor.tapped()):
            if one.code == code:
                self._dispenser.voucher_shown(one.request)

    def voucher(self, visitor: Visitor, of: steps.Voucher, slip: Slip) -> Redeemed:
        return Redeemed(
            name=visitor.holder.name,
            title=of.title,
            points=of.points,
            left=self.left(visitor.account) if of.left is None else of.left,
            ending=Ending.VOUCHER,
            slip=slip,
            merchant=of.merchant,
            until=business_day(of.until),
            code=of.code,
            picture=modules(self._address(of.code)),
        )

    def left(self, account: str) -> int:
        return self._dispenser.balance(account)

    # --- doors -------------------------------------------------------------------------------

    def door_opened(self, door: int, telling: Telling) -> None:
        """Its end is told when it is shut, or after a while."""
        with self._lock:
            self._open[door] = telling
        waiting = threading.Timer(DOOR_S, self.door_shut, (door, telling))
        waiting.daemon = True
        waiting.start()

    def door_left_open(self, door: int) -> None:
        with self._lock:
            telling = self._open.get(door)
        if telling is not None:
            telling.remind()

    def door_shut(self, door: int, only: Telling | None = None) -> None:
        """`only`: where it is still this one's."""
        with self._lock:
            telling = self._open.get(door)
            if telling is None or (only is not None and telling is not only):
                return
            del self._open[door]
        telling.finish()

    def _address(self, code: str) -> str:
        if self._public_url is None:
            return code
        return f"{self._public_url.rstrip('/')}/merchant/check?code={code}"


class Telling:
    """What one redemption tells its visit."""

    def __init__(self, till: DispenserTill, visitor: Visitor, ware: WareCard, tell: Tell) -> None:
        self._till = till
        self._visitor = visitor
        self._tell = tell
        self._now = Progress(ware.title, Phase.PAYING)
        self._points = ware.points
        self._slip = Slip.NO_PRINTER
        self._finished = True

    def hear(self, step: steps.Progress) -> None:
        """On the dispenser's thread."""
        match step:
            case steps.Paying():
                self._say(Phase.PAYING, None)
            case steps.OpenDoor(_, door):
                self._say(Phase.OPENING, door)
            case steps.TakeIt(_, door):
                self._finished = False
                self._say(Phase.TAKE_IT, door)
                self._till.door_opened(door, self)
            case steps.CameBack():
                self._came_back(step)
            case steps.Silent(_, keeps):
                reason = "silent-keeps" if keeps else "silent"
                self._tell(replace(self._now, declined=reason))
            case steps.Receipt(_, printed):
                self._printed(Slip(printed.value))
            case _:
                self._end(step)

    def remind(self) -> None:
        """The door stands open for long."""
        self._say(Phase.CLOSE_IT, self._now.door)

    def finish(self) -> None:
        """The door is shut, or was waited for long enough."""
        self._finished = True
        if self._now.ended is not None:
            self._tell(self._now)

    def _say(self, phase: Phase, door: int | None) -> None:
        self._now = replace(self._now, phase=phase, door=door)
        if self._now.ended is None or not self._finished:
            self._tell(replace(self._now, ended=None))

    def _end(self, step: steps.Out | steps.AtCounter | steps.Voucher | steps.StaffCalled) -> None:
        match step:
            case steps.Voucher():
                ended = self._till.voucher(self._visitor, step, self._slip)
            case steps.Out(_, title, points, left):
                ended = self._redeemed(title, points, left, Ending.OUT)
            case steps.AtCounter(_, title, points, _, left):
                ended = self._redeemed(title, points, left, Ending.COUNTER)
            case steps.StaffCalled():
                title, points = self._now.title, self._points
                ended = self._redeemed(title, points, None, Ending.STAFF_CALLED)
        self._now = replace(self._now, ended=ended)
        if self._finished:
            self._tell(self._now)

    def _came_back(self, step: steps.CameBack) -> None:
        now = self._now
        if step.reason in (steps.Away.JAM, steps.Away.NO_ANSWER):
            ended = self._redeemed(now.title, self._points, step.left, Ending.CAME_BACK)
            self._tell(replace(now, ended=ended))
        else:
            told = replace(now, declined=step.reason, count=step.at_hand, tries=step.tries)
            self._tell(told)

    def _printed(self, slip: Slip) -> None:
        self._slip = slip
        if self._now.ended is not None:
            self._now = replace(self._now, ended=replace(self._now.ended, slip=slip))
            if self._finished:
                self._tell(self._now)

    def _redeemed(self, title: str, points: int, left: int | None, ending: Ending) -> Redeemed:
        return Redeemed(
            name=self._visitor.holder.name,
            title=title,
            points=points,
            left=self._till.left(self._visitor.account) if left is None else left,
            ending=ending,
            slip=self._slip,
        )


def thing_of(ware: WareCard) -> Thing:
    """A ware of the shelf as the dispenser takes it."""
    if ware.kind is WareKind.VOUCHER:
        return Thing(ware.title, ware.points, offer=ware.id)
    return Thing(ware.title, ware.points, ware=ware.id, door=ware.door)
