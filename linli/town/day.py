"""The seeded Saturday: who taps when, who touches what, when the cable is pulled.

Pure: the same seed and number of taps give the same steps, and so the same deeds and points.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from linli.town.world import Resident, World, at


@dataclass(frozen=True)
class Tap:
    """`how`: card (as it is), unknown (a card of another town) or replay (a copied message).

    `choose` is the activity touched if the terminal asks."""

    account: str
    how: str = "card"
    choose: str | None = None


@dataclass(frozen=True)
class Cut:
    """The terminal's network cable is pulled for `seconds`."""

    seconds: float


@dataclass(frozen=True)
class KillBroker:
    """`kill -9` on the broker, and a restart a moment later."""


@dataclass(frozen=True)
class Step:
    at: dt.datetime
    action: Tap | Cut | KillBroker


@dataclass(frozen=True)
class Quota:
    """How a day's taps are shared out. `visit` takes what the others leave."""

    patrol: int
    patrol_out: int
    impatient: int
    visit: int
    visit_again: int
    choosing: int
    choosing_out: int
    closed: int
    unknown: int
    blocked: int
    replayed: int


def share(taps: int) -> Quota:
    """Raises ValueError below twenty taps: fewer cannot show a day."""
    if taps < 20:
        raise ValueError("a day needs at least 20 taps")

    def part(percent: int) -> int:
        return max(1, taps * percent // 100)

    patrol, choosing = part(20), part(22)
    rest = Quota(patrol, patrol * 4 // 5, part(4), 0, part(4), choosing, 0, part(4), part(4), 1, 1)
    used = sum(getattr(rest, name) for name in Quota.__dataclass_fields__)
    left = taps - used
    out = min(left - 1, choosing * 2 // 3)
    return Quota(**{**vars(rest), "choosing_out": out, "visit": left - out})


def script(world: World, taps: int) -> tuple[Step, ...]:
    """The day's steps in the order of time."""
    return _Day(world, taps).steps()


class _Day:
    def __init__(self, world: World, taps: int) -> None:
        self._world = world
        self._quota = share(taps)
        self._random = random.Random(world.seed * 7919 + taps)
        people = [p for p in world.people if not p.card.blocked]
        self._random.shuffle(people)
        self._people = iter(people)
        self._day = f"{world.day:%m%d}"
        self._found: list[Step] = []

    def steps(self) -> tuple[Step, ...]:
        self._morning()
        self._noon()
        self._afternoon()
        self._strangers()
        ordered = sorted(self._found, key=lambda step: step.at)
        middle, late = len(ordered) // 2, len(ordered) * 4 // 5
        moment = dt.timedelta(microseconds=1)
        ordered.insert(late, Step(ordered[late].at - moment, KillBroker()))
        ordered.insert(middle, Step(ordered[middle].at - moment, Cut(10.0)))
        return tuple(ordered)

    def _morning(self) -> None:
        quota = self._quota
        patrol = [next(self._people) for _ in range(quota.patrol)]
        for person in patrol:
            self._tap("08:35", "09:20", person)
        for person in self._random.sample(patrol, min(quota.impatient, len(patrol))):
            self._tap("09:21", "09:29", person)
        visitors = [next(self._people) for _ in range(quota.visit)]
        for person in visitors:
            self._tap("09:35", "10:10", person)
        for person in self._random.sample(visitors, min(quota.visit_again, len(visitors))):
            self._tap("10:11", "10:20", person)
        for person in self._random.sample(patrol, quota.patrol_out):
            self._tap("10:25", "11:40", person)

    def _noon(self) -> None:
        for _ in range(self._quota.closed):
            self._tap("12:10", "13:20", next(self._people))

    def _afternoon(self) -> None:
        tidy, clinic, story = (f"{self._day}-{name}" for name in ("tidy", "clinic", "story"))
        leaving: list[tuple[Resident, str]] = []
        for n in range(self._quota.choosing):
            person = next(self._people)
            chosen = (tidy, clinic, story)[n % 3]
            self._tap("14:05", "14:55", person, choose=chosen)
            if chosen != story:
                leaving.append((person, chosen))
        for person, activity in leaving[: self._quota.choosing_out]:
            span = ("15:30", "16:20") if activity == tidy else ("17:00", "17:50")
            self._tap(*span, person)

    def _strangers(self) -> None:
        for n in range(self._quota.unknown):
            self._tap_as("09:30", "16:00", f"stranger-{n}", "unknown")
        blocked = [p for p in self._world.people if p.card.blocked]
        for n in range(self._quota.blocked):
            self._tap("10:30", "11:30", blocked[n % len(blocked)])
        taken = {step.action.account for step in self._found if isinstance(step.action, Tap)}
        dynamic = [p for p in self._world.people if p.card.key and not p.card.blocked]
        copied = [p for p in dynamic if p.account in taken]
        for person in copied[: self._quota.replayed]:
            self._tap_as("18:21", "18:30", person.account, "replay")

    def _tap(self, start: str, end: str, person: Resident, choose: str | None = None) -> None:
        self._tap_as(start, end, person.account, "card", choose)

    def _tap_as(
        self, start: str, end: str, account: str, how: str, choose: str | None = None
    ) -> None:
        first, last = at(self._world.day, start), at(self._world.day, end)
        when = first + (last - first) * self._random.random()
        self._found.append(Step(when, Tap(account, how, choose)))
