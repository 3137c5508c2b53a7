"""A ledger in memory that keeps real points by the real rules, and a wire that loses and delays.

Each request is paid once and answered again as before; each event is applied once, in its order;
what was not given out comes back once; a lease pays no more than it holds. `whole(account)` is what
somebody has altogether, and never changes: points only move.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
from msgspec.structs import replace

from linli.kiosk.network.ledger_asks import NotReachedError
from linli.sync.asks import Answer, Ask, AskRedeem, Declined, Redeemed
from linli.sync.clock import Clock
from linli.sync.messages import (
    EVENT_TYPES,
    Delivered,
    DoorRow,
    Envelope,
    HolderRow,
    Kind,
    LeaseRequest,
    LeaseReturn,
    LeaseRow,
    LeaseSpend,
    LeaseState,
    NotDelivered,
)
from linli.sync.rules import lease_id, pin_needed

MERCHANT, CODE = "老王面馆", "7KQ2-M9XD-4"
ASK_AGE = dt.timedelta(minutes=5)
PRICES = {"soap": 20, "haircut": 10, "noodles": 15, "rice": 60, "salt": 5}


FULL = {
    door: DoorRow(terminal="t-1", door=door, ware=ware, full=True)
    for door, ware in ((1, "rice"), (3, "soap"), (5, "salt"))
}


@dataclass
class Lease:
    account: str
    points: int
    spent: int = 0
    returned: int = 0
    closed: bool = False
    recalled: bool = False

    @property
    def left(self) -> int:
        return self.points - self.spent - self.returned


@dataclass
class PointsLedger:
    """`events` are read from the terminal's database and applied up to where somebody lets it."""

    clock: Clock
    purses: dict[str, int]
    pins: dict[str, str] = field(default_factory=dict)
    leases: dict[str, Lease] = field(default_factory=dict)
    rows: dict[str, LeaseRow] = field(default_factory=dict)
    paid: dict[str, tuple[str, int, AskRedeem | None]] = field(default_factory=dict)
    answers: dict[str, tuple[AskRedeem, Redeemed]] = field(default_factory=dict)
    refunded: set[str] = field(default_factory=set)
    delivered: set[str] = field(default_factory=set)
    for_staff: set[str] = field(default_factory=set)
    applied: int = 0
    overspent: int = 0
    sold_out: set[str] = field(default_factory=set)
    doors: dict[int, DoorRow] = field(default_factory=lambda: dict(FULL))

    # --- asks --------------------------------------------------------------------------------

    def ask(self, ask: Ask, at: dt.datetime) -> Answer:
        """Raises NotReachedError for one that is too old."""
        if abs(self.clock.now() - at) > ASK_AGE:
            raise NotReachedError("the ledger answered 401", heard=False)
        assert isinstance(ask, AskRedeem)
        order = f"redeem.{ask.who.account}.{ask.request}"
        if order in self.answers:
            before, answer = self.answers[order]
            same = (before.ware, before.offer, before.door) == (ask.ware, ask.offer, ask.door)
            return answer if same else Declined(reason="other-content")
        points = PRICES[ask.ware or ask.offer]
        reason = self._refusal(ask, points)
        if reason is not None:
            return Declined(reason=reason, tries=4 if reason == "pin-wrong" else None)
        self.purses[ask.who.account] -= points
        self.paid[order] = (ask.who.account, points, ask)
        answer = Redeemed(
            order=order,
            title=ask.ware or ask.offer,
            points=points,
            left=self.purses[ask.who.account],
            code=CODE if ask.offer else "",
            merchant=MERCHANT if ask.offer else "",
            until=self.clock.now() + dt.timedelta(days=60) if ask.offer else None,
        )
        self.answers[order] = (ask, answer)
        return answer

    def _refusal(self, ask: AskRedeem, points: int) -> str | None:
        pin = self.pins.get(ask.who.account)
        if pin_needed(ask.who.trust, points) and (pin is None or ask.pin != pin):
            if pin is None:
                return "no-pin"
            return "pin-needed" if ask.pin is None else "pin-wrong"
        if (ask.ware or ask.offer) in self.sold_out:
            return "sold-out"
        return "too-few" if self.purses[ask.who.account] < points else None

    # --- events ------------------------------------------------------------------------------

    def read(self, bodies: list[bytes]) -> None:
        """Apply what of a terminal's events, in their order, was not applied yet."""
        for body in bodies[self.applied :]:
            envelope = msgspec.json.decode(body, type=Envelope)
            assert envelope.seq == self.applied + 1
            event = msgspec.json.decode(envelope.data, type=EVENT_TYPES[envelope.type])
            self._apply(envelope.seq, event)
            self.applied += 1

    def _apply(self, seq: int, event: object) -> None:
        match event:
            case LeaseRequest(account=account, request=request, points=points):
                self._grant(lease_id(account, request), account, points)
            case LeaseSpend(lease=id_, points=points):
                lease = self.leases[id_]
                taken = 0 if lease.closed else min(points, lease.left)
                self.overspent += points - taken
                lease.spent += taken
                self.paid[f"spend.t-1.{seq}"] = (lease.account, taken, None)
            case LeaseReturn(lease=id_, points=points):
                lease = self.leases[id_]
                assert not lease.closed
                back = min(points, lease.left)
                self.overspent += points - back
                lease.returned, lease.closed = back, True
                self.purses[lease.account] += back
                self._tell(id_)
            case Delivered(order=order, door=door):
                assert order in self.paid
                assert order not in self.delivered | self.refunded
                self.delivered.add(order)
                self._emptied(door)
            case NotDelivered(order=order, reason=reason, door=door):
                if reason == "unclear":
                    self._emptied(door)
                self._not_delivered(order, reason)

    def _grant(self, id_: str, account: str, points: int) -> None:
        if id_ not in self.leases:
            if self.purses[account] < points:
                self.rows[id_] = _row(id_, account, points, LeaseState.REFUSED)
                return
            self.purses[account] -= points
            self.leases[id_] = Lease(account, points)
        self._tell(id_)

    def _not_delivered(self, order: str, reason: str) -> None:
        if not order:
            return
        assert order in self.paid
        assert order not in self.delivered | self.refunded
        if reason == "unclear":
            self.for_staff.add(order)
            return
        account, points, _ = self.paid[order]
        self.refunded.add(order)
        self.purses[account] += points

    def _emptied(self, door: int) -> None:
        self.doors[door] = replace(FULL[door], full=False)

    def fill(self) -> None:
        """Staff fill every door."""
        self.doors = dict(FULL)

    def recall(self, id_: str) -> None:
        self.leases[id_].recalled = True
        self._tell(id_)

    def _tell(self, id_: str) -> None:
        lease = self.leases[id_]
        state = LeaseState.RECALLED if lease.recalled else LeaseState.GRANTED
        state = LeaseState.ENDED if lease.closed else state
        self.rows[id_] = _row(id_, lease.account, lease.points, state)

    # --- what is true ------------------------------------------------------------------------

    def whole(self, account: str) -> int:
        """Points there, in leases, and taken."""
        leased = sum(lease.left for lease in self.leases.values() if lease.account == account)
        return self.purses[account] + leased + self.taken(account)

    def taken(self, account: str) -> int:
        return sum(
            points
            for order, (of, points, _) in self.paid.items()
            if of == account and order not in self.refunded
        )


@dataclass
class Feed:
    """What a terminal knows of the ledger: as it stood when it was last told."""

    ledger: PointsLedger
    holders: dict[str, HolderRow] = field(default_factory=dict)
    lease_rows: dict[str, LeaseRow] = field(default_factory=dict)
    door_rows: list[DoorRow] = field(default_factory=list)

    def follow(self) -> None:
        self.lease_rows = dict(self.ledger.rows)
        self.door_rows = list(self.ledger.doors.values())
        for account, points in self.ledger.purses.items():
            self.holders[account] = HolderRow(
                account=account,
                kind=Kind.RESIDENT,
                name="张*三",
                building="b-1",
                building_name="一号楼",
                redeemable=points,
                earned=0,
                pending=0,
                pin=account in self.ledger.pins,
            )

    def holder(self, account: str) -> HolderRow | None:
        return self.holders.get(account)

    def leases(self, terminal: str) -> list[LeaseRow]:
        return [row for row in self.lease_rows.values() if row.terminal == terminal]

    def doors(self, terminal: str) -> list[DoorRow]:
        return [row for row in self.door_rows if row.terminal == terminal]

    def leases_asked_of(self, account: str) -> list[LeaseRow]:
        return [row for id_, row in self.lease_rows.items() if id_.startswith(f"{account}.")]


@dataclass
class Letter:
    """An ask on its way, with the time that it was sealed at."""

    ask: Ask
    at: dt.datetime
    then: Callable[[Answer | NotReachedError], None]


class Wire:
    """Asks lie in `sent` until it is said what becomes of them."""

    def __init__(self, ledger: PointsLedger, clock: Clock) -> None:
        self.ledger = ledger
        self.clock = clock
        self.cut: Callable[[], None] = lambda: None
        self.sent: list[Letter] = []
        self.late: list[Letter] = []
        self.asked: list[Ask] = []

    def post(
        self, ask: Ask, then: Callable[[Answer | NotReachedError], None], *, later: bool = False
    ) -> None:
        self.cut()
        self.asked.append(ask)
        self.sent.append(Letter(ask, self.clock.now(), then))
        self.cut()

    def answer(self) -> None:
        """The oldest is asked and answered."""
        letter = self.sent.pop(0)
        letter.then(self._ask(letter))

    def lose_ask(self, *, heard: bool = True) -> None:
        """It never arrives; `heard` is what the terminal can know of that."""
        self.sent.pop(0).then(NotReachedError("lost", heard=heard))

    def lose_answer(self) -> None:
        """It arrives, and the answer does not."""
        letter = self.sent.pop(0)
        self._ask(letter)
        letter.then(NotReachedError("lost", heard=True))

    def delay(self) -> None:
        """It is given up here, and arrives later."""
        letter = self.sent.pop(0)
        self.late.append(letter)
        letter.then(NotReachedError("lost", heard=True))

    def arrive_late(self) -> None:
        self._ask(self.late.pop(0))

    def orphan(self, *, on_their_way: bool) -> None:
        """The terminal is gone; what it sent may still arrive."""
        if on_their_way:
            self.late += self.sent
        self.sent = []

    def _ask(self, letter: Letter) -> Answer | NotReachedError:
        try:
            return self.ledger.ask(letter.ask, letter.at)
        except NotReachedError as error:
            return error


def _row(id_: str, account: str, points: int, state: LeaseState) -> LeaseRow:
    return LeaseRow(id=id_, terminal="t-1", account=account, points=points, state=state)
