"""A card is made at a whole terminal: maintainer's card, PIN, order, blank card; the ledger behind
HTTP computes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from doubles.clock import HandClock
from doubles.databases import on_sqlite
from doubles.waiting import eventually

from linli.devices.readers.pn532 import Pn532
from linli.devices.simulated.cards import Ntag213, Ntag424, SimulatedCard
from linli.devices.simulated.reader import SimulatedReader
from linli.kiosk.flows.actions import Action, Back, Typed
from linli.kiosk.flows.card_making_views import CardsToMake, MakeCard, Making, MakingCard
from linli.kiosk.flows.maintenance_views import Enter, Menu, Room
from linli.kiosk.flows.views import Home, Reader, Screen
from linli.kiosk.flows.visit_views import Pad
from linli.kiosk.maintenance import pin
from linli.kiosk.maintenance.cards import line_for
from linli.kiosk.settings import TerminalSettings, read_settings
from linli.kiosk.terminal import Terminal
from linli.ledger.terminals.registry import register
from linli.ledger.web.server import HttpServer
from linli.sync.signing import load_or_make_key, public_hex
from linli.town.clock import TownClock
from tests.system.kiosk_at_work import KioskAtWork
from tests.unit.ledger.village import Village
from tests.unit.ledger.web.card_maker import CardMaker, blank
from tests.unit.ledger.web.site import VillageSite

KEEPER, PIN, UID = b"\x04mainte", "274913", b"\x04abcdef"
MORE = f"""
maintainer_cards = ["{line_for(KEEPER, bytes(16))}"]
maintenance_pin = "{pin.hashed(PIN)}"
"""


@dataclass
class Centre:
    """A terminal with its reader, what its window was told, and the desk's end of the ledger."""

    terminal: Terminal
    reader: SimulatedReader
    screens: list[Screen]
    desk: CardMaker

    @property
    def shown(self) -> object:
        return self.screens[-1].view

    @property
    def state(self) -> Making | None:
        return self.shown.state if isinstance(self.shown, MakingCard) else None

    def act(self, action: Action, view: type) -> None:
        eventually(lambda: time.monotonic() > self.terminal.reception.answerable_from)
        self.terminal.act(action)
        eventually(lambda: isinstance(self.shown, view))

    def lay(self, card: SimulatedCard, *states: Making) -> None:
        """The card lies there until the screen says one of these."""
        self.reader.field.place(card)
        eventually(lambda: self.state in states)
        self.reader.field.remove()

    def orders(self) -> CardsToMake:
        """The room of orders, entered by the keeper, once the ledger has answered."""
        self.reader.field.place(Ntag213(KEEPER))
        eventually(lambda: isinstance(self.shown, Pad))
        self.reader.field.remove()
        self.act(Typed(PIN), Menu)
        self.act(Enter(Room.CARDS), CardsToMake)
        eventually(lambda: getattr(self.shown, "orders", None) is not None)
        assert isinstance(self.shown, CardsToMake)
        return self.shown


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    reader = SimulatedReader(tmp_path / "reader")
    with on_sqlite(tmp_path, Village) as databases:
        site = VillageSite(Village(databases.settled(), settled=True))
        http = HttpServer(site.app, "127.0.0.1", 0)
        http.start()
        kiosk = KioskAtWork(tmp_path, reader, MORE)
        text = kiosk.settings.read_text(encoding="utf-8")
        url = f"http://127.0.0.1:{http.port}"
        kiosk.settings.write_text(text.replace("http://127.0.0.1:9", url), encoding="utf-8")
        settings = read_settings(kiosk.settings, TerminalSettings)
        clock, screens = TownClock(tmp_path / "clock"), list[Screen]()
        site.clock.wall = clock.now()
        _register(site, kiosk.data)
        drivers = [Pn532("reader-1", reader.path)]
        terminal = Terminal(settings, clock, drivers, screens.append)
        terminal.start()
        eventually(lambda: screens and screens[-1].status.reader is Reader.READY)
        yield Centre(terminal, reader, screens, CardMaker(site))
        terminal.close()
        http.close()
        databases.close(site.engine)
    reader.close()


def _register(site: VillageSite, data: Path) -> None:
    assert isinstance(site.clock, HandClock)
    key = load_or_make_key(data / "terminal.key")
    with site.engine.begin() as connection:
        register(
            connection,
            name="t-1",
            kind="terminal",
            public_key=public_hex(key),
            scope="village",
            centre="centre",
            now=site.clock.now(),
        )


def test_an_ordered_card_is_made_between_two_visits(centre: Centre) -> None:
    order, card = centre.desk.order("a1", "K-1"), blank(UID)
    shown = centre.orders()
    assert [(one.id, one.name) for one in shown.orders or ()] == [(order, "张*1")]
    centre.act(MakeCard(order), MakingCard)
    centre.lay(card, Making.MADE)
    assert centre.desk.row("K-1").account == "a1"
    assert {slot.version for slot in card.chip.keys} == {1}
    centre.act(Back(), CardsToMake)
    eventually(lambda: time.monotonic() > centre.terminal.reception.answerable_from)
    centre.terminal.go_home()
    eventually(lambda: isinstance(centre.shown, Home))


def test_wrong_cards_are_told_apart_and_the_right_one_still_taken(centre: Centre) -> None:
    order = centre.desk.order("a1", "K-1")
    centre.orders()
    centre.act(MakeCard(order), MakingCard)
    centre.lay(Ntag213(UID), Making.OTHER_CHIP)
    centre.lay(Ntag424(b"\x04foreig", b"somebody's key!!"), Making.FOREIGN)
    centre.reader.field.tear(26, returns=False)
    centre.lay(blank(b"\x04ghijkl"), Making.TORN)
    centre.lay(blank(UID), Making.NOT_THIS)


def test_the_terminal_closes_at_once_while_a_card_is_being_made(centre: Centre) -> None:
    centre.desk.order("a1")
    shown = centre.orders()
    centre.act(MakeCard((shown.orders or ())[0].id), MakingCard)
    centre.reader.field.place(blank(UID))
    eventually(lambda: centre.state in (Making.WRITING, Making.MADE))
