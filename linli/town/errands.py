"""What people come for on the seeded Saturday beside checking in, and how each should end.

Pure: the same world gives the same people and moments. Whoever redeems has brought points along
from the lists kept before; a phone number and a PIN are given by `belongings.py` where needed.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from linli.sync.messages import Kind
from linli.town.world import Resident, World, at

ENOUGH = 150
"""Points brought along that still suffice after the weeks before, in which some were spent."""
SOME_DEEDS = 2


class Matter(StrEnum):
    """What somebody came for."""

    NEWS = "reads the notice, a ranking and a story"
    PROOF = "looks at a deed, follows its proof, gets a code for a phone"
    OBJECT = "objects to an entry on the notice"
    AGREE = "lets the name stand in public"
    CHOOSE_PIN = "chooses a PIN: first one that is too easy"
    DEAR = "redeems from the locker with the PIN: first a wrong one"
    COPYABLE = "redeems from the locker with a copyable card and a PIN"
    COUNTER = "redeems a service; staff hand it out"
    NO_PAPER = "redeems a service; the printer has no paper"
    VOUCHER = "redeems a voucher; the merchant takes it once"
    VOUCHER_AGAIN = "wants the used code again; the merchant takes it no second time"
    JAM = "redeems from the locker; the door jams"
    LOST = "reports a lost card by phone number and PIN"
    FOUND = "taps the card that was reported lost"
    BY_LEASE = "redeems from the locker by a lease"
    LEASE_TOO_SMALL = "wants more than the lease holds"
    VOUCHER_OFFLINE = "wants a voucher"
    LEAVE = "takes the name off public lists"


class Line(StrEnum):
    """What the errand needs of the network: nothing, that it is there, or that it is cut."""

    ANY = "any"
    ONLINE = "online"
    CUT = "cut off"


@dataclass(frozen=True)
class Errand:
    """`account` is "" for somebody who lays down no card. `expected` is how it ends, in the words
    of the terminal's marks and of `errand_player`."""

    at: dt.datetime
    matter: Matter
    line: Line
    account: str
    kind: Kind | None
    expected: str


@dataclass(frozen=True)
class _Plan:
    clock: str
    matter: Matter
    role: str
    line: Line
    expected: str


PLANS = (
    _Plan("09:31", Matter.PROOF, "proving", Line.ONLINE, "proven, a code for a phone"),
    _Plan("12:05", Matter.NEWS, "", Line.ANY, "read"),
    _Plan("18:32", Matter.OBJECT, "objecting", Line.ONLINE, "objected"),
    _Plan("18:34", Matter.AGREE, "agreeing", Line.ONLINE, "consented"),
    _Plan("18:36", Matter.CHOOSE_PIN, "careful", Line.ONLINE, "pin-set"),
    _Plan("18:38", Matter.DEAR, "careful", Line.ONLINE, "out printed, by the ledger"),
    _Plan("18:41", Matter.COPYABLE, "copyable", Line.ONLINE, "out printed, by the ledger"),
    _Plan("18:44", Matter.COUNTER, "unit", Line.ONLINE, "counter printed, handed out"),
    _Plan("18:47", Matter.NO_PAPER, "cadre", Line.ONLINE, "counter no-paper"),
    _Plan("18:50", Matter.VOUCHER, "hungry", Line.ONLINE, "voucher printed, taken once"),
    _Plan("18:54", Matter.VOUCHER_AGAIN, "hungry", Line.ONLINE, "refused the second time"),
    _Plan("18:57", Matter.JAM, "copyable", Line.ONLINE, "came-back, points are back"),
    _Plan("19:00", Matter.LOST, "losing", Line.ONLINE, "loss-taken"),
    _Plan("19:01", Matter.FOUND, "losing", Line.ONLINE, "blocked_card"),
    _Plan("19:05", Matter.BY_LEASE, "proving", Line.CUT, "out printed, by a lease"),
    _Plan("19:08", Matter.LEASE_TOO_SMALL, "proving", Line.CUT, "lease-too-small"),
    _Plan("19:10", Matter.VOUCHER_OFFLINE, "hungry", Line.CUT, "voucher-offline"),
    _Plan("19:12", Matter.LEAVE, "cadre", Line.CUT, "withdrew"),
)


def errands(world: World) -> tuple[Errand, ...]:
    """The day's errands in the order of time. Raises LookupError for a town without such people."""
    people = cast(world)
    return tuple(_errand(plan, people, world) for plan in PLANS)


def cast(world: World) -> dict[str, Resident]:
    """Who plays which part, each another. Raises LookupError."""
    desk = at_desk(world)
    if desk.keys() != {"copyable", "losing"}:
        raise LookupError("nobody of this town fits: build a larger one")
    known = Counter(_done_last_month(world))
    free = [p for p in reversed(world.people) if _able(p) and p not in desk.values()]

    def take(fits: Callable[[Resident], bool]) -> Resident:
        person = next((p for p in free if fits(p)), None)
        if person is None:
            raise LookupError("nobody of this town fits: build a larger one")
        free.remove(person)
        return person

    def rich(person: Resident, kind: Kind = Kind.RESIDENT) -> bool:
        return person.kind is kind and person.carried >= ENOUGH and person.card.key is not None

    return {
        "proving": take(lambda p: rich(p) and known[p.account] >= SOME_DEEDS),
        "objecting": take(lambda p: p.kind is Kind.RESIDENT and known[p.account] >= SOME_DEEDS),
        "agreeing": take(
            lambda p: p.kind is Kind.RESIDENT and p.card.key is not None and not p.consent
        ),
        "cadre": take(lambda p: rich(p, Kind.CADRE) and p.consent),
        "unit": take(lambda p: rich(p, Kind.UNIT)),
        "careful": take(rich),
        "hungry": take(rich),
        **desk,
    }


def at_desk(world: World) -> dict[str, Resident]:
    """Whose phone number and PIN the service desk has taken down: somebody with a copyable card and
    points, and somebody who will lose theirs. In a small town there may be no such people."""
    residents = [p for p in world.people if p.kind is Kind.RESIDENT and _able(p)]
    copyable = [p for p in residents if p.card.key is None and p.carried >= ENOUGH]
    losing = [p for p in residents if p.card.key is not None]
    found = {"copyable": copyable[:1], "losing": losing[:1]}
    return {role: some[0] for role, some in found.items() if some}


def _able(person: Resident) -> bool:
    return not person.card.blocked and not person.under14


def _errand(plan: _Plan, people: dict[str, Resident], world: World) -> Errand:
    when = at(world.day, plan.clock)
    if not plan.role:
        return Errand(when, plan.matter, plan.line, "", None, plan.expected)
    who = people[plan.role]
    return Errand(when, plan.matter, plan.line, who.account, who.kind, plan.expected)


def _done_last_month(world: World) -> Iterator[str]:
    """Accounts, once for each deed that they did in the month before."""
    last = (world.day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    stay = {activity.id: activity.min_minutes is not None for activity in world.activities}
    for tap in world.past:
        if tap.sign_out == stay[tap.activity] and tap.at.date().replace(day=1) == last:
            yield tap.account
