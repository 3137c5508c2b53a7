"""The way of a tap through real parts: card bytes, terminal, broker, ledger, board. No window."""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.board.state import BoardState
from linli.devices.readers.pn532 import Pn532
from linli.devices.simulated.cards import Ntag213
from linli.devices.simulated.reader import SimulatedReader
from linli.kiosk.board.follow import BoardFeed
from linli.kiosk.flows import views
from linli.kiosk.last_shown import LastShown
from linli.kiosk.settings import BoardSettings, Connection, TerminalSettings
from linli.kiosk.terminal import Terminal
from linli.kiosk.trace import Trace
from linli.ledger.audit.verify import verify
from linli.ledger.database import open_database
from linli.ledger.ingest.schema import received
from linli.ledger.people.cards import block_card
from linli.ledger.running import LedgerPrograms
from linli.sync.broker import Broker
from linli.sync.events import TYPE_OF_EVENT, LeaseRequest
from linli.sync.messages import Stream
from linli.sync.signing import load_or_make_key
from linli.town import world as towns
from linli.town.cards import copied, physical
from linli.town.clock import TownClock
from linli.town.play import PAUSE_S
from linli.town.settle import settle
from linli.town.town import free_port
from tests.doubles.waiting import eventually


class Centre:
    """Everything of one centre but the windows, in this process."""

    def __init__(self, directory: Path, ending: contextlib.ExitStack) -> None:
        self.world = towns.build(3, towns.SATURDAY, 60, past_days=4)
        now = towns.at(self.world.day, "09:05")
        self.clock = TownClock.create(directory / "clock", now)
        (directory / "terminal").mkdir()
        (directory / "board").mkdir()
        keys = {
            towns.TERMINAL: load_or_make_key(directory / "terminal" / "terminal.key"),
            towns.BOARD: load_or_make_key(directory / "board" / "board.key"),
        }
        settle(self.world, directory / "ledger.db", now, keys, Ed25519PrivateKey.generate())
        self.broker = Broker(directory / "broker")
        ending.callback(self.broker.stop)
        self.broker.start()
        self.engine = open_database(directory / "ledger.db")
        self.http = free_port()
        self.start_ledger(ending)
        self.reader = SimulatedReader(directory / "reader")
        ending.callback(self.reader.close)
        self.screens: queue.Queue[views.Screen] = queue.Queue()
        self.board_states: list[BoardState] = []
        connection = Connection(
            broker_host="127.0.0.1",
            broker_port=self.broker.port,
            ledger_url=f"http://127.0.0.1:{self.http}",
        )
        settings = TerminalSettings(
            name=towns.TERMINAL,
            scope=towns.SCOPE,
            centre=towns.CENTRE,
            centre_name=towns.CENTRE_NAME,
            place=towns.PLACE,
            data=directory / "terminal",
            connection=connection,
        )
        self.terminal = Terminal(
            settings, self.clock, [Pn532("reader-1", self.reader.path)], self.screens.put
        )
        ending.callback(self.terminal.close)
        self.terminal.start()
        board_settings = BoardSettings(
            name=towns.BOARD,
            scope=towns.SCOPE,
            place=towns.PLACE,
            data=directory / "board",
            connection=connection,
        )
        first = LastShown(directory / "page.json", BoardState).note
        self.board = BoardFeed(board_settings, self.clock, self.board_states.append, Trace(), first)
        ending.callback(self.board.close)
        self.board.start()
        eventually(lambda: self.terminal.replica.position(Stream.HOLDERS) is not None)
        eventually(lambda: self.terminal.replica.position(Stream.CHANGES) is not None)
        eventually(lambda: self.terminal.replica.standard_for(self.world.day) is not None)
        eventually(lambda: self._screen_is_ready())

    def start_ledger(self, ending: contextlib.ExitStack) -> None:
        broker = ("127.0.0.1", self.broker.port)
        self.ledger = LedgerPrograms(self.engine, self.clock, broker, ("127.0.0.1", self.http))
        self.ledger.start()
        ending.callback(self.ledger.close)

    def _screen_is_ready(self) -> bool:
        status = self.screens.get(timeout=10).status
        return (status.link, status.reader) == (views.Link.ONLINE, views.Reader.READY)

    def person(self, *, dynamic: bool, after: int = 0) -> towns.Resident:
        able = [p for p in self.world.people if not p.card.blocked]
        return [p for p in able if (p.card.key is not None) is dynamic][after]

    def tap(self, card: object) -> views.View:
        """Lay the card down until the screen answers, and lift it."""
        while not self.screens.empty():
            self.screens.get()
        self.reader.field.place(card)  # type: ignore[arg-type]
        try:
            while True:
                view = self.screens.get(timeout=10).view
                if not isinstance(view, views.Home):
                    return view
        finally:
            self.reader.field.remove()
            time.sleep(PAUSE_S)

    def applied(self) -> int:
        """How many events of taps; the points that a terminal asks for besides are not counted."""
        asks = TYPE_OF_EVENT[LeaseRequest]
        with self.engine.connect() as connection:
            rows = connection.execute(
                received.select().where(received.c.terminal == towns.TERMINAL)
            )
            return sum(row.applied and row.type != asks for row in rows)


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    with contextlib.ExitStack() as ending:
        yield Centre(tmp_path, ending)


def test_a_tap_becomes_a_deed_and_moves_the_board(centre: Centre) -> None:
    person = centre.person(dynamic=True)
    view = centre.tap(physical(person.card))
    assert isinstance(view, views.Success)
    eventually(lambda: centre.applied() == 1)
    eventually(lambda: centre.terminal.outbox.waiting() == 0)
    eventually(
        lambda: any(s.latest and s.latest[0].title == "平安巡逻" for s in centre.board_states)
    )
    assert verify(centre.engine) is None


def test_a_card_without_keys_is_taken_at_low_trust(centre: Centre) -> None:
    person = centre.person(dynamic=False)
    assert isinstance(centre.tap(physical(person.card)), views.Success)
    eventually(lambda: centre.applied() == 1)
    with centre.engine.connect() as connection:
        flags = {
            row.flags
            for row in connection.exec_driver_sql(
                "SELECT flags FROM attendance WHERE account = ? AND activity LIKE '1128%'",
                (person.account,),
            )
        }
    assert flags == {"low-trust"}


def test_a_replayed_message_is_refused_and_recorded(centre: Centre) -> None:
    card = physical(centre.person(dynamic=True).card)
    copy = copied(card)
    assert isinstance(centre.tap(card), views.Success)
    view = centre.tap(copy)
    assert isinstance(view, views.Refused)
    assert view.trouble is views.Trouble.REPLAYED_CARD
    eventually(lambda: centre.applied() == 2)


def test_an_unknown_card_leaves_no_event(centre: Centre) -> None:
    view = centre.tap(Ntag213(b"\x04nobody"))
    assert isinstance(view, views.Refused)
    assert view.trouble is views.Trouble.UNKNOWN_CARD
    assert centre.terminal.store.tallied("unknown_card") == 1
    assert centre.applied() == 0


def test_a_card_reported_lost_is_refused_within_moments(centre: Centre) -> None:
    person = centre.person(dynamic=True)
    with centre.engine.begin() as connection:
        block_card(connection, person.card.id, centre.clock.now())
    eventually(lambda: centre.terminal.replica.is_hot(person.card.id))
    view = centre.tap(physical(person.card))
    assert isinstance(view, views.Refused)
    assert view.trouble is views.Trouble.BLOCKED_CARD
    eventually(lambda: centre.applied() == 1)


def test_a_ledger_that_was_away_gets_what_it_missed(centre: Centre) -> None:
    with contextlib.ExitStack() as ending:
        centre.ledger.close()
        assert isinstance(centre.tap(physical(centre.person(dynamic=True).card)), views.Success)
        assert isinstance(
            centre.tap(physical(centre.person(dynamic=True, after=1).card)), views.Success
        )
        assert centre.applied() == 0
        centre.start_ledger(ending)
        eventually(lambda: centre.applied() == 2)
        eventually(lambda: centre.terminal.outbox.waiting() == 0)
