"""Whatever fails, at whatever moment: points and goods are never both with somebody, and never both
lost without staff seeing it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from doubles.dispensing import Stand
from doubles.power import Fuse, FusedDatabase, PowerCut
from doubles.redeeming import HAIRCUT, NOODLES, SOAP
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from linli.kiosk.redeeming.dispensing import Wanted
from linli.kiosk.redeeming.progress import Progress
from linli.kiosk.redeeming.question import AGE_S
from linli.kiosk.redeeming.redemption import Redemption, State, Thing
from linli.kiosk.store.database import open_database
from linli.kiosk.store.schema import held_lease, redemption
from linli.sync.asks import Tapped
from linli.sync.messages import Trust

PURSES = {"r-1": 90, "r-2": 45}
PINS = {"r-1": "123456", "r-2": "654321"}
SALT, RICE = Thing("盐", 5, ware="salt", door=5), Thing("大米", 60, ware="rice", door=1)
THINGS = (SOAP, SALT, RICE, HAIRCUT, NOODLES)
PEOPLE = st.sampled_from(sorted(PURSES))
TRUST = st.sampled_from([Trust.HIGH, Trust.HIGH, Trust.HIGH, Trust.LOW])
ENTERED = st.sampled_from(["right", "right", "wrong", None])
PAID = (State.OUT, State.UNCLEAR, State.COUNTER, State.VOUCHER)


class Life(RuleBasedStateMachine):
    """One terminal for two people, in a world where everything fails."""

    def __init__(self, template: Path) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp(dir=template.parent))
        shutil.copyfile(template, self.directory / "terminal.db")
        self.fuse = Fuse()
        self.stand = Stand(
            self.directory, open_=lambda engine: FusedDatabase(engine, self.fuse), durable=False
        )
        self.stand.ledger.purses, self.stand.ledger.pins = dict(PURSES), dict(PINS)
        assert self.stand.locker is not None
        self.locker, self.wire = self.stand.locker, self.stand.wire
        self.locker.cut = self.wire.cut = self.stand.printer.cut = self.fuse.moment
        self.last: tuple[Wanted, str | None] | None = None
        self.requests = 0

    def live(self, work: Callable[[], object]) -> None:
        """Do it, and start again as often as the power is cut meanwhile."""
        try:
            work()
        except PowerCut:
            self.start_again(on_their_way=True)

    def start_again(self, *, on_their_way: bool) -> None:
        while True:
            try:
                self.stand.restart(on_their_way=on_their_way)
            except PowerCut:
                continue
            return

    def tell(self, _: Progress) -> None:
        self.fuse.moment()

    # --- people ------------------------------------------------------------------------------

    @initialize(
        account=PEOPLE, points=st.sampled_from([0, 20, 30]), jammed=st.sampled_from([0, 0, 3, 5])
    )
    def begins(self, account: str, points: int, jammed: int) -> None:
        self.locker.jammed.add(jammed)
        if points:
            self.asks_for_a_lease(account, points)
        self.stand.sync()

    @rule(account=PEOPLE, thing=st.sampled_from(THINGS), trust=TRUST, pin=ENTERED)
    def confirms_and_is_answered(
        self, account: str, thing: Thing, trust: Trust, pin: str | None
    ) -> None:
        self.confirms(account, thing, trust, pin)
        if self.wire.sent:
            self.live(self.wire.answer)

    @rule(account=PEOPLE, thing=st.sampled_from(THINGS), trust=TRUST, pin=ENTERED)
    def confirms(self, account: str, thing: Thing, trust: Trust, pin: str | None) -> None:
        self.requests += 1
        who = Tapped(account=account, card=f"c-{account}", trust=trust)
        wanted = Wanted(f"q-{self.requests}", who, thing)
        entered = {"right": PINS[account], "wrong": "000000"}.get(pin or "")
        self.last = (wanted, entered)
        self.live(lambda: self.stand.dispensing.start(wanted, self.tell, entered))

    @precondition(lambda self: self.last is not None)
    @rule()
    def touches_again(self) -> None:
        assert self.last is not None
        wanted, pin = self.last
        self.live(lambda: self.stand.dispensing.start(wanted, self.tell, pin))

    # --- the wire ----------------------------------------------------------------------------

    @precondition(lambda self: self.wire.sent)
    @rule()
    def is_answered(self) -> None:
        self.live(self.wire.answer)

    @precondition(lambda self: self.wire.sent)
    @rule(heard=st.booleans())
    def ask_is_lost(self, heard: bool) -> None:
        self.live(lambda: self.wire.lose_ask(heard=heard))

    @precondition(lambda self: self.wire.sent)
    @rule()
    def answer_is_lost(self) -> None:
        self.live(self.wire.lose_answer)

    @precondition(lambda self: self.wire.sent)
    @rule()
    def ask_is_delayed(self) -> None:
        self.live(self.wire.delay)

    @precondition(lambda self: self.wire.late)
    @rule()
    def delayed_ask_arrives(self) -> None:
        self.wire.arrive_late()

    @rule(account=PEOPLE, thing=st.sampled_from(THINGS), restarts=st.booleans())
    def ask_is_overtaken(self, account: str, thing: Thing, restarts: bool) -> None:
        """Asked again while the first is still on its way, and refused meanwhile."""
        self.confirms(account, thing, Trust.HIGH, "right")
        if not self.wire.sent:
            return
        if restarts:
            self.start_again(on_their_way=True)
        else:
            self.live(self.wire.delay)
        self.stand.ledger.sold_out.add(thing.ware or thing.offer)
        self.time_passes(2)
        if self.wire.sent:
            self.live(self.wire.answer)
        self.stand.ledger.sold_out.clear()

    @rule(online=st.booleans())
    def network(self, online: bool) -> None:
        self.stand.online = online

    @rule(most=st.integers(1, 4))
    def events_arrive(self, most: int) -> None:
        self.stand.tell_ledger(most)

    @rule()
    def feed_tells(self) -> None:
        self.stand.feed.follow()
        self.live(self.stand.hear)

    # --- leases ------------------------------------------------------------------------------

    @rule(account=PEOPLE, points=st.sampled_from([5, 20, 30]))
    def asks_for_a_lease(self, account: str, points: int) -> None:
        self.requests += 1
        request, now = f"l-{self.requests}", self.stand.clock.now()
        leases = self.stand.drawer.leases
        self.live(lambda: leases.ask(account, "", request, points, now))

    @rule(account=PEOPLE, points=st.sampled_from([20, 30]))
    def is_granted_a_lease(self, account: str, points: int) -> None:
        self.asks_for_a_lease(account, points)
        self.stand.tell_ledger()
        self.feed_tells()

    @rule(account=PEOPLE)
    def gives_leases_back(self, account: str) -> None:
        now = self.stand.clock.now()
        for lease in self.stand.drawer.leases.of(account):
            leases = self.stand.drawer.leases
            self.live(lambda id_=lease.id, leases=leases: leases.give_back(id_, now))

    @precondition(lambda self: self.stand.ledger.leases)
    @rule(data=st.data())
    def staff_recall(self, data: st.DataObject) -> None:
        self.stand.ledger.recall(data.draw(st.sampled_from(sorted(self.stand.ledger.leases))))

    # --- the machine -------------------------------------------------------------------------

    @rule(door=st.sampled_from([1, 3, 5]))
    def door_jams(self, door: int) -> None:
        self.locker.jammed.add(door)

    @rule(how=st.sampled_from(["silent", "away", "deaf"]))
    def board_falls_silent(self, how: str) -> None:
        setattr(self.locker, how, True)

    @rule(account=PEOPLE, how=st.sampled_from(["silent", "away", "deaf"]))
    def board_is_silent_for_long(self, account: str, how: str) -> None:
        self.board_falls_silent(how)
        self.confirms_and_is_answered(account, SALT, Trust.HIGH, "right")
        self.time_passes(70)

    @rule()
    def staff_fill_the_doors(self) -> None:
        """The ledger knows what is not out; what is, comes in again."""
        self.stand.tell_ledger()
        self.stand.feed.follow()
        self.live(self.stand.hear)
        if not self.stand.dispensing.busy:
            self.locker.empty.clear()
            self.stand.ledger.fill()
            self.stand.feed.follow()

    @rule()
    def board_is_well(self) -> None:
        self.locker.heal()

    @rule()
    def board_forgets(self) -> None:
        self.locker.forget()

    @rule(seconds=st.sampled_from([0.5, 2, 10, 30, 70, AGE_S]))
    def time_passes(self, seconds: float) -> None:
        self.live(lambda: self.stand.pass_(seconds))

    @rule(moments=st.integers(0, 9))
    def power_will_be_cut(self, moments: int) -> None:
        self.fuse.arm(moments)

    @rule(on_their_way=st.booleans())
    def power_is_cut_now(self, on_their_way: bool) -> None:
        self.start_again(on_their_way=on_their_way)

    # --- what is true at every step ----------------------------------------------------------

    @invariant()
    def nobody_gains_or_loses_a_point(self) -> None:
        for account, points in PURSES.items():
            assert self.stand.ledger.whole(account) == points
            assert self.stand.ledger.purses[account] >= 0

    @invariant()
    def no_lease_is_overspent(self) -> None:
        assert self.stand.ledger.overspent == 0
        for row in self.stand.drawer.database.read(select(held_lease)):
            assert row.reserved + row.spent + row.returned <= row.granted

    @invariant()
    def no_door_is_told_twice_to_open(self) -> None:
        nonces = [nonce for _, nonce in self.locker.commands]
        assert len(nonces) == len(set(nonces))

    @invariant()
    def a_door_that_opened_was_written_down_before(self) -> None:
        known = {r.nonce: r for r in self.redemptions()}
        for door, nonce in self.locker.opened:
            assert known[nonce].thing.door == door
            assert known[nonce].state in (State.OPENING, State.OUT, State.UNCLEAR)

    @invariant()
    def no_door_opens_in_vain(self) -> None:
        assert self.locker.in_vain == []

    def redemptions(self) -> list[Redemption]:
        rows = self.stand.drawer.database.read(select(redemption.c.request))
        return [self.stand.find(row.request) for row in rows]

    # --- and at the end ----------------------------------------------------------------------

    def teardown(self) -> None:
        try:
            self.heal()
            self.settle()
            self.all_is_accounted_for()
        finally:
            self.stand.close()
            shutil.rmtree(self.directory)

    def heal(self) -> None:
        self.fuse.mend()
        self.locker.heal()
        self.stand.online = True
        while self.wire.late:
            self.wire.arrive_late()

    def settle(self) -> None:
        for _ in range(100):
            while self.wire.sent:
                self.wire.answer()
            self.stand.sync()
            if not self.stand.dispensing.busy:
                return
            self.stand.pass_(60)
        pytest.fail("something is never finished")

    def all_is_accounted_for(self) -> None:
        ledger, orders = self.stand.ledger, set[str]()
        opened = {nonce for _, nonce in self.locker.opened}
        for made in self.redemptions():
            order = made.order or f"redeem.{made.who.account}.{made.request}"
            orders.add(order)
            paid = order in ledger.paid and order not in ledger.refunded
            assert made.state not in (State.WAITING, State.ASKED, State.OPENING)
            assert paid == (made.state in PAID)
            assert (order in ledger.for_staff) == (made.state is State.UNCLEAR)
            if made.state is not State.UNCLEAR:
                assert (made.nonce in opened) == (made.state is State.OUT)
            if paid:
                assert ledger.paid[order][1] == made.thing.points
        assert set(ledger.paid) <= orders
        for row in self.stand.drawer.database.read(select(held_lease)):
            assert row.reserved == 0
            if row.id in ledger.leases:
                assert row.spent == ledger.leases[row.id].spent


@pytest.fixture
def template(tmp_path: Path) -> Path:
    open_database(tmp_path / "template.db").dispose()
    return tmp_path / "template.db"


@pytest.mark.timeout(600)
def test_whatever_fails_nothing_is_lost_and_nothing_is_had_twice(template: Path) -> None:
    run_state_machine_as_test(
        lambda: Life(template),
        settings=settings(
            max_examples=80,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
