"""When a terminal asks for leases, and when it gives them back.

| a verified card was tapped, and                              | then                             |
|--------------------------------------------------------------|----------------------------------|
| the network is there, points can be redeemed, a window is    | a lease is asked for, of as many |
| open or opens within a week, no terminal has a lease of them | points as there are, at most 30, |
| and none was asked for today                                 | once a day                       |

| a lease is here, and                                         | then                             |
|--------------------------------------------------------------|----------------------------------|
| the ledger asks for it                                       | it is given back at once         |
| no window is open or opens within a week                     | it is given back                 |
| nothing was spent of it for 30 days                          | it is given back                 |

Only where the clock is right: a wrong date would ask and give back for nothing.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Sequence
from typing import Protocol

from linli.kiosk.redeeming.machine import KnownPeople
from linli.kiosk.store.leases import HERE, HeldLease, HeldLeases, Holding
from linli.sync.asks import Tapped
from linli.sync.clock import Clock
from linli.sync.messages import HolderRow, LeaseRow, LeaseState, Trust
from linli.sync.periods import business_day

MOST = 30
"""Points of one lease: what a person may miss for a while if a terminal breaks."""
BEFORE = dt.timedelta(days=7)
UNUSED = dt.timedelta(days=30)
REQUEST_MARK_BYTES = 3


class Window(Protocol):
    """When points are redeemed: from `opens` on, and before `closes`."""

    @property
    def opens(self) -> dt.datetime: ...

    @property
    def closes(self) -> dt.datetime: ...


def in_season(window: Window | None, now: dt.datetime) -> bool:
    """Whether the window is open or opens within a week."""
    return window is not None and window.opens - BEFORE <= now < window.closes


def points_to_ask(
    holder: HolderRow,
    trust: Trust,
    here: Sequence[HeldLease],
    elsewhere: Sequence[LeaseRow],
    now: dt.datetime,
) -> int:
    """How many to ask for, 0 for no lease. `here` is what this terminal ever asked of them,
    `elsewhere` what others did, as far as is known. Pure."""
    today = business_day(now)
    taken = any(lease.state in (Holding.ASKED, *HERE) for lease in here)
    asked_today = any(business_day(lease.asked_at) == today for lease in here)
    away = any(row.state in (LeaseState.GRANTED, LeaseState.RECALLED) for row in elsewhere)
    if trust is not Trust.HIGH or taken or asked_today or away:
        return 0
    return min(holder.redeemable, MOST)


def due_back(lease: HeldLease, now: dt.datetime, *, season: bool) -> bool:
    """Whether a lease that is here is to be given back. Pure."""
    return lease.state is Holding.RECALLED or not season or now - lease.used_at >= UNUSED


class Leasing:
    """The leases of `terminal`. Every method raises NotSavedError."""

    def __init__(
        self,
        leases: HeldLeases,
        people: KnownPeople,
        clock: Clock,
        terminal: str,
        mark: Callable[[], str] = lambda: secrets.token_hex(REQUEST_MARK_BYTES),
    ) -> None:
        self._leases = leases
        self._people = people
        self._clock = clock
        self._terminal = terminal
        self._mark = mark

    def tapped(self, who: Tapped, window: Window | None, *, online: bool) -> None:
        """A card was tapped: ask for a lease where it is time for one."""
        now, holder = self._clock.now(), self._people.holder(who.account)
        if not online or not self._clock.good() or holder is None or not in_season(window, now):
            return
        here = self._leases.of(who.account)
        others = [
            row
            for row in self._people.leases_asked_of(who.account)
            if row.terminal != self._terminal
        ]
        points = points_to_ask(holder, who.trust, here, others, now)
        if points > 0:
            self._leases.ask(who.account, who.card, self._request(now), points, now)

    def hear(self) -> None:
        """Take in what the feed told last, and give back what the ledger asks for."""
        now = self._clock.now()
        self._leases.hear(self._people.leases(self._terminal), now)
        for lease in self._leases.open():
            if lease.state is Holding.RECALLED:
                self._leases.give_back(lease.id, now)

    def tidy(self, window: Window | None) -> None:
        """Some time has passed: give back what is due, and ask again for what was not answered
        since yesterday. `window` is the one that is open or next; call it only where the feed is
        known, so that None means that there is none."""
        if not self._clock.good():
            return
        now = self._clock.now()
        season, today = in_season(window, now), business_day(now)
        for lease in self._leases.open():
            if lease.state is Holding.ASKED:
                if season and business_day(lease.asked_at) < today:
                    asked = (lease.asked_of, lease.card, lease.request, lease.granted)
                    self._leases.ask(*asked, now)
            elif due_back(lease, now, season=season):
                self._leases.give_back(lease.id, now)

    def balance(self, account: str) -> int:
        """What somebody can redeem altogether: at the ledger, and from leases here."""
        holder = self._people.holder(account)
        redeemable = holder.redeemable if holder is not None else 0
        return redeemable + self._leases.held(account)

    def _request(self, now: dt.datetime) -> str:
        """Never one that another database of this terminal has used: its points may be spent."""
        return f"{self._terminal}-{business_day(now):%Y%m%d}-{self._mark()}"
