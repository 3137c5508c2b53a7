"""The worker behind the screen: its thread, its leases, and all that was left unfinished."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from doubles.clock import HandClock
from doubles.locker import HandLocker, HandPrinter
from doubles.points_ledger import CODE, Feed, PointsLedger, Wire
from doubles.redeeming import NOODLES, SOAP, WHO, Drawer, asked, by_lease
from doubles.waiting import eventually, stays
from sqlalchemy import select

from linli.kiosk.redeeming import dispenser as dispenser_module
from linli.kiosk.redeeming.dispenser import Dispenser
from linli.kiosk.redeeming.dispensing import Wanted, new_request
from linli.kiosk.redeeming.progress import CameBack, Out, Progress, Trouble, Voucher
from linli.kiosk.redeeming.question import PRESENT_S
from linli.kiosk.redeeming.redemption import State
from linli.kiosk.redeeming.way import ByLease
from linli.sync.outbox import event_table

NOW = HandClock().now()


@dataclass(frozen=True)
class Open:
    opens: dt.datetime = NOW - dt.timedelta(days=1)
    closes: dt.datetime = NOW + dt.timedelta(days=60)


class Shop:
    def __init__(self, path: Path) -> None:
        self.clock = HandClock()
        self.ledger = PointsLedger(self.clock, {"r-1": 100})
        self.feed, self.wire = Feed(self.ledger), Wire(self.ledger, self.clock)
        self.feed.follow()
        self.drawer = Drawer(path, self.clock)
        self.locker, self.printer = HandLocker(), HandPrinter()
        self.window: Open | None = Open()
        self.feed_known = True
        self.told: list[Progress] = []
        self.dispenser = Dispenser(
            self.drawer.saving,
            self.feed,
            self.wire,
            self.clock,
            locker=self.locker,
            printer=self.printer,
            online=lambda: True,
            window=lambda _: self.window,
            feed_known=lambda: self.feed_known,
        )

    def redeem(self, wanted: Wanted) -> None:
        self.dispenser.redeem(wanted, self.told.append)

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.drawer.events()]

    def sync(self) -> None:
        rows = self.drawer.database.read(select(event_table).order_by(event_table.c.seq))
        self.ledger.read([row.body for row in rows])
        self.feed.follow()
        self.dispenser.feed_changed()


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setattr(dispenser_module, "TICK_S", 0.01)
    shop = Shop(tmp_path / "terminal.db")
    yield shop
    shop.dispenser.close()
    shop.drawer.engine.dispose()


def last(shop: Shop, kind: type) -> Callable[[], bool]:
    return lambda: bool(shop.told) and isinstance(shop.told[-1], kind)


def test_what_was_confirmed_is_paid_by_the_ledger_and_given_out(shop: Shop) -> None:
    shop.dispenser.start()
    shop.redeem(Wanted(new_request(), WHO, SOAP))
    eventually(lambda: shop.wire.sent)
    shop.wire.answer()
    eventually(last(shop, Out))
    assert shop.kinds() == ["delivered"]


def test_a_tap_brings_a_lease_and_the_lease_pays(shop: Shop) -> None:
    shop.dispenser.start()
    shop.dispenser.tapped(WHO)
    eventually(shop.kinds)
    shop.sync()
    eventually(lambda: shop.dispenser.held("r-1") == 30)
    assert shop.dispenser.balance("r-1") == 100
    assert isinstance(shop.dispenser.way(SOAP, WHO), ByLease)
    shop.redeem(Wanted(new_request(), WHO, SOAP))
    eventually(last(shop, Out))
    assert shop.wire.asked == []


def test_a_lease_goes_back_when_the_window_has_ended(shop: Shop) -> None:
    shop.drawer.lease(30)
    shop.window = None
    shop.dispenser.start()
    eventually(lambda: "lease-return" in shop.kinds())


def test_a_feed_that_is_not_known_yet_ends_no_window(shop: Shop) -> None:
    shop.drawer.lease(30)
    shop.window, shop.feed_known = None, False
    shop.dispenser.start()
    shop.dispenser.tapped(WHO)
    stays(lambda: shop.kinds() == ["lease-request"], for_=0.1)


def test_what_the_last_start_left_is_taken_up(shop: Shop) -> None:
    lease = shop.drawer.lease(30)
    shop.drawer.redemptions.begin(by_lease(lease), shop.clock.now())
    shop.drawer.redemptions.begin(asked("q-2"), shop.clock.now())
    shop.dispenser.start()
    eventually(lambda: shop.wire.sent)

    def ended() -> bool:
        found = shop.drawer.redemptions.find("q-1")
        return found is not None and found.state is State.UNCLEAR

    eventually(ended)
    assert shop.locker.commands == []


def test_a_voucher_is_shown_and_shown_again(shop: Shop) -> None:
    shop.dispenser.start()
    request = new_request()
    shop.redeem(Wanted(request, WHO, NOODLES))
    eventually(lambda: shop.wire.sent)
    shop.wire.answer()
    eventually(lambda: any(isinstance(step, Voucher) for step in shop.told))
    (again,) = shop.dispenser.vouchers(WHO)
    assert (again.request, again.code) == (request, CODE)
    shop.dispenser.voucher_shown(request)


def test_a_disk_that_comes_back_is_gone_on_with(shop: Shop) -> None:
    def rename(old: str, new: str) -> None:
        with shop.drawer.database.writing() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    rename("redemption", "away")
    shop.dispenser.start()
    shop.redeem(Wanted("q-1", WHO, SOAP))
    eventually(lambda: shop.told == [CameBack("q-1", Trouble.NOT_SAVED)])
    rename("away", "redemption")
    shop.redeem(Wanted("q-2", WHO, SOAP))
    eventually(lambda: shop.wire.sent)


def test_a_screen_that_stumbles_over_progress_stops_nobody_else(shop: Shop) -> None:
    def stumble(_: Progress) -> None:
        raise RuntimeError("not mine")

    shop.dispenser.start()
    shop.dispenser.redeem(Wanted("q-1", WHO, SOAP), stumble)
    shop.redeem(Wanted("q-2", WHO, NOODLES))
    eventually(lambda: shop.told)


def test_what_is_come_to_only_after_the_person_may_have_gone_is_not_begun(shop: Shop) -> None:
    wanted = Wanted(new_request(), WHO, SOAP)
    shop.redeem(wanted)
    shop.clock.pass_(seconds=PRESENT_S)
    shop.dispenser.start()
    eventually(last(shop, CameBack))
    assert shop.told == [CameBack(wanted.request, Trouble.LATE)]
    assert (shop.wire.asked, shop.locker.commands) == ([], [])
    assert shop.drawer.redemptions.find(wanted.request) is None


def test_a_dispenser_that_was_never_started_can_be_closed(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "terminal.db")
    shop.dispenser.close()
    shop.drawer.engine.dispose()
