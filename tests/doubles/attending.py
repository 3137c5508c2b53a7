"""An attendant on a real store and a real replica, with people who tap."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from doubles.asking import HandAsks, HandTill
from doubles.centre import (
    CENTRE,
    KEY,
    activity,
    card,
    holder,
    loaded_replica,
    message_of,
)
from doubles.clock import HandClock
from linli.devices.readers.base import CardSeen, Chip
from linli.devices.simulated.cards import Ntag424
from linli.kiosk.attendant import Attendant
from linli.kiosk.flows.actions import Action
from linli.kiosk.flows.views import Refused, Screen, Success, Trouble
from linli.kiosk.flows.visit_views import Module
from linli.kiosk.store.database import open_database
from linli.kiosk.store.store import TerminalStore
from linli.kiosk.trace import Trace
from linli.kiosk.visits.desk import Desk
from linli.kiosk.visits.news import CommunityNews
from linli.kiosk.visits.own_points import OwnPoints
from linli.kiosk.visits.shelf import Shelf
from linli.sync.asks import Answer
from linli.sync.messages import Row
from linli.sync.outbox import Outbox, event_table
from linli.sync.replica import Replica
from linli.sync.sqlite import Database

SIMPLE, DYNAMIC, OTHER = b"\x04simple", b"\x04dynami", b"\x04other_"
SIGNING = Ed25519PrivateKey.generate()
PATROL = activity("patrol", min_minutes=60)
VISIT = activity("visit", item="D01")
PEOPLE: list[Row] = [
    holder("r-1"),
    holder("r-2"),
    card("c-simple", SIMPLE, "r-1"),
    card("c-dynamic", DYNAMIC, "r-2", KEY),
]


class Centre:
    """One attendant with everything around it; the clock stands at 09:00 of an open morning."""

    def __init__(self, directory: Path, rows: list[Row]) -> None:
        self.clock = HandClock()
        self.engine = open_database(directory / "terminal.db")
        database = Database(self.engine)
        self.outbox = Outbox(database, "t-1", SIGNING, self.clock, "boot-1")
        self.store = TerminalStore(database, self.outbox)
        self.replica: Replica = loaded_replica(directory / "replica.db", [*PEOPLE, *rows])
        self.online = True
        self.asks = HandAsks()
        self.till = HandTill()
        self.desk = Desk(
            replica=self.replica,
            store=self.store,
            clock=self.clock,
            points=OwnPoints(self.replica, "阳光社区", self.till.held),
            news=CommunityNews(self.replica, "阳光社区"),
            shelf=Shelf(self.replica, CENTRE, lambda: self.replica.doors("t-1")),
            online=lambda: self.online,
            asks=self.asks,
            till=self.till,
        )
        self.attendant = Attendant(
            self.store,
            self.replica,
            self.clock,
            Trace(),
            centre=CENTRE,
            centre_name="邻里中心",
            place="阳光社区",
            desk=self.desk,
            later=lambda act: self.came.append(act),
            modules=tuple(Module),
        )
        self.came: list[Callable[[], None]] = []
        self.tag = Ntag424(DYNAMIC, KEY)

    def tap(self, uid: bytes = SIMPLE) -> Screen:
        return self.attendant.tap(seen(uid, monotonic=self.clock.monotonic()))

    def tap_dynamic(self, ndef: bytes | None = None) -> Screen:
        ndef = ndef or message_of(self.tag)
        return self.attendant.tap(seen(DYNAMIC, Chip.ISO_DEP, ndef, self.clock.monotonic()))

    def act(self, *actions: Action) -> Screen:
        """Touches, one after the other; the last screen."""
        shown = None
        for action in actions:
            shown = self.attendant.act(action)
        assert shown is not None
        return shown

    def answer(self, answer: Answer | None) -> Screen | None:
        """The ledger's answer to the oldest ask that waits, taken as the attendant takes it."""
        self.asks.answer(answer)
        return self.take()

    def take(self) -> Screen | None:
        """What came meanwhile is taken in the attendant's thread; the last screen."""
        came, self.came[:] = list(self.came), []
        shown = None
        for act in came:
            shown = self.attendant.answered(act)
        return shown

    def events(self) -> list[tuple[str, dict[str, object]]]:
        """Type and data of everything committed."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(event_table).order_by(event_table.c.seq)).all()
        bodies = [json.loads(row.body) for row in rows]
        return [(b["type"].removeprefix("linli.").removesuffix(".v1"), b["data"]) for b in bodies]

    def close(self) -> None:
        self.replica.close()
        self.engine.dispose()


def seen(
    uid: bytes,
    chip: Chip = Chip.TYPE2,
    ndef: bytes | None = None,
    monotonic: float = 100.0,
    *,
    random_uid: bool = False,
    torn: bool = False,
) -> CardSeen:
    return CardSeen("reader-1", uid, chip, ndef, monotonic, random_uid, torn)


Open = Callable[..., Centre]


@pytest.fixture
def open_centre(tmp_path: Path) -> Iterator[Open]:
    opened: list[Centre] = []

    def open_centre(*rows: Row) -> Centre:
        directory = tmp_path / f"centre-{len(opened)}"
        directory.mkdir()
        opened.append(Centre(directory, list(rows)))
        return opened[-1]

    yield open_centre
    for centre in opened:
        centre.close()


def trouble(screen: Screen) -> Trouble:
    assert isinstance(screen.view, Refused), screen.view
    return screen.view.trouble


def done(screen: Screen) -> Success:
    assert isinstance(screen.view, Success), screen.view
    return screen.view
