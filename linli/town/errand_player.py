"""Does a day's errands with the real programs, and says of each how it ended.

An errand ends twice: at the terminal, when the person goes, and in the ledger's books, once it has
heard of it. What is done while the cable is cut is looked up there after it was mended.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import requests

from linli.town.belongings import phones
from linli.town.books import Books
from linli.town.errands import Errand, Line, Matter
from linli.town.guest import Guest, Seen
from linli.town.marks import Marks
from linli.town.own_matters import OwnMatters
from linli.town.pictures import Pictures
from linli.town.programs import TownError
from linli.town.purchases import Purchases
from linli.town.town import Town
from linli.town.waiting import eventually

LINK_S = 40.0
"""How long the terminal may take to see that the network is there, or gone."""
TURNED_S = 0.3
MANY = ("Points",)
"""Screens of which one picture is enough, whatever they say."""


@dataclass(frozen=True)
class Done:
    """`line` is how the network was, `outcome` how it ended."""

    errand: Errand
    line: Line
    outcome: str

    @property
    def as_expected(self) -> bool:
        return self.outcome == self.errand.expected


class ErrandPlayer:
    """`do` one after the other, `finish` once. `books` are read, never written."""

    def __init__(
        self, town: Town, books: Books, pictures: Pictures, said: Callable[[str], None]
    ) -> None:
        self._town = town
        self._said = said
        self._pictures = pictures
        self._guest = Guest(town, self._see)
        self._link = Marks(town.trace("kiosk"))
        self._own = OwnMatters(self._guest, books, phones(town.world))
        self._purchases = Purchases(self._guest, books)
        self._done: list[Done] = []
        self._ways = _ways(self._own, self._purchases)
        self._books = _in_books(books)

    def do(self, errand: Errand) -> None:
        """Raises TownError only where a program went away."""
        self._bring(errand.line)
        self._guest.home()
        time.sleep(TURNED_S)
        line = Line.ONLINE if self._online() else Line.CUT
        try:
            outcome = self._ways[errand.matter](errand.account)
        except (TownError, LookupError, requests.RequestException) as error:
            self._town.check_alive()
            outcome = f"{type(error).__name__}: {error}"
        self._guest.home()
        self._said(f"{errand.matter}: {outcome}")
        self._done.append(Done(errand, line, outcome))

    def finish(self) -> list[Done]:
        """Mends the cable, and looks up in the books what came of everything."""
        self._bring(Line.ONLINE)
        self._purchases.close()
        return [self._looked_up(done) for done in self._done]

    def _looked_up(self, done: Done) -> Done:
        look = self._books.get(done.errand.matter)
        if look is None or eventually(lambda: look(done.errand.account)):
            return done
        return replace(done, outcome=f"{done.outcome}, but not in the books")

    def _see(self, seen: Seen) -> None:
        word = "" if seen.view in MANY else seen.said.replace(" ", "-")
        self._pictures.take("-".join(filter(None, ("visit", seen.view.lower(), word))))

    # --- the cable ---------------------------------------------------------------------------

    def _bring(self, line: Line) -> None:
        """Mend or cut the cable where the errand needs it, and wait until the terminal knows."""
        if line is Line.CUT and self._online():
            self._said("network cut")
            self._town.cut_cable()
            eventually(lambda: not self._online(), LINK_S)
        elif line is Line.ONLINE and not self._online():
            self._town.mend_cable()
            eventually(self._online, LINK_S)

    def _online(self) -> bool:
        self._link.fresh()
        known = [mark["what"] for mark in self._link.all if mark["what"] in ("online", "offline")]
        return known[-1:] == ["online"]


Way = Callable[[str], str]


def _ways(own: OwnMatters, purchases: Purchases) -> Mapping[Matter, Way]:
    return {
        Matter.NEWS: own.read_news,
        Matter.PROOF: own.proof,
        Matter.OBJECT: own.object_to,
        Matter.AGREE: partial(own.say_of_name, agreed=True),
        Matter.LEAVE: partial(own.say_of_name, agreed=False),
        Matter.CHOOSE_PIN: own.choose_pin,
        Matter.LOST: own.report_loss,
        Matter.FOUND: own.tap_found_card,
        Matter.DEAR: purchases.dear,
        Matter.COPYABLE: purchases.copyable,
        Matter.COUNTER: purchases.counter,
        Matter.NO_PAPER: purchases.no_paper,
        Matter.VOUCHER: purchases.voucher,
        Matter.VOUCHER_AGAIN: purchases.voucher_again,
        Matter.JAM: purchases.jam,
        Matter.BY_LEASE: purchases.by_lease,
        Matter.LEASE_TOO_SMALL: purchases.too_much,
        Matter.VOUCHER_OFFLINE: purchases.voucher_offline,
    }


def _in_books(books: Books) -> Mapping[Matter, Callable[[str], bool]]:
    """What the ledger knows once it has heard of an errand."""
    return {
        Matter.OBJECT: books.has_objected,
        Matter.AGREE: books.agrees,
        Matter.LEAVE: lambda account: not books.agrees(account),
        Matter.CHOOSE_PIN: books.has_pin,
        Matter.LOST: books.is_stopped,
        Matter.JAM: books.has_jammed_door,
        Matter.BY_LEASE: books.spent_by_lease,
    }
