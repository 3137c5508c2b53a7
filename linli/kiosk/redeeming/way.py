"""Who pays for it: a lease held here, or the ledger? Or why it cannot be had now.

| what is known                                                   | answer                     |
|-----------------------------------------------------------------|----------------------------|
| a ware, no PIN needed, one lease here holds enough              | the lease, with or without |
|                                                                 | the network                |
| no network                                                      | no, and how much there is  |
| a PIN is needed, and none was chosen or entered                 | no                         |
| the purse at the ledger holds enough, as far as is known        | the ledger                 |
| it does with what leases here hold                              | they are given back first, |
|                                                                 | then the ledger            |
| otherwise                                                       | no: too few points         |

Only the ledger can check a PIN, so whatever needs one is the ledger's. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from linli.kiosk.redeeming.redemption import Thing
from linli.sync.messages import Trust
from linli.sync.rules import pin_needed


@dataclass(frozen=True)
class LeaseLeft:
    """What a lease here still has to spend. One of which something is held back for a door that is
    being opened is `busy`: it cannot be given back yet. One that is `recalled` can only be that."""

    id: str
    points: int
    busy: bool = False
    recalled: bool = False


@dataclass(frozen=True)
class Means:
    """What a person has to pay with: what the ledger holds for them, leases here, a PIN that they
    have chosen."""

    redeemable: int
    leases: tuple[LeaseLeft, ...] = ()
    has_pin: bool = False

    @property
    def at_hand(self) -> int:
        """The most that can be spent without the network: a spend is of one lease."""
        return max((lease.points for lease in self.leases if not lease.recalled), default=0)


class Hindrance(StrEnum):
    TOO_FEW = "too-few"
    """All that they have together is not enough."""
    OFFLINE_TOO_FEW = "offline-too-few"
    OFFLINE_VOUCHER = "offline-voucher"
    """Only the ledger can give out a code."""
    OFFLINE_PIN = "offline-pin"
    NO_PIN = "no-pin"
    PIN_NEEDED = "pin-needed"


@dataclass(frozen=True)
class ByLease:
    lease: str


@dataclass(frozen=True)
class ByLedger:
    """`returning` are leases to give back before."""

    returning: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cannot:
    """`at_hand` is how much can be spent without the network."""

    why: Hindrance
    at_hand: int


Way = ByLease | ByLedger | Cannot


def choose_way(
    thing: Thing, trust: Trust, means: Means, *, online: bool, pin_entered: bool = True
) -> Way:
    """`pin_entered` is left out where the person has not come that far."""
    needs_pin = pin_needed(trust, thing.points)
    if thing.ware and not needs_pin:
        here = [lease for lease in means.leases if not lease.recalled]
        enough = [lease for lease in here if lease.points >= thing.points]
        if enough:
            return ByLease(min(enough, key=lambda lease: (lease.points, lease.id)).id)
    if not online:
        return Cannot(_offline(thing, needs_pin), means.at_hand)
    if needs_pin and not (means.has_pin and pin_entered):
        why = Hindrance.PIN_NEEDED if means.has_pin else Hindrance.NO_PIN
        return Cannot(why, means.at_hand)
    return _by_ledger(thing.points, means)


def _offline(thing: Thing, needs_pin: bool) -> Hindrance:
    if thing.offer:
        return Hindrance.OFFLINE_VOUCHER
    return Hindrance.OFFLINE_PIN if needs_pin else Hindrance.OFFLINE_TOO_FEW


def _by_ledger(points: int, means: Means) -> Way:
    """Gives back no more leases than make the difference, the largest first."""
    there, returning = means.redeemable, list[str]()
    free = [lease for lease in means.leases if not lease.busy]
    for lease in sorted(free, key=lambda lease: (-lease.points, lease.id)):
        if there >= points:
            break
        there += lease.points
        returning.append(lease.id)
    return ByLedger(tuple(returning)) if there >= points else Cannot(_FEW, means.at_hand)


_FEW = Hindrance.TOO_FEW
