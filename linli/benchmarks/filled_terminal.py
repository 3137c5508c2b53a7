"""A terminal's attendant with the whole town in its replica, and no window, link or reader."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.devices.readers.base import CardSeen, Chip
from linli.devices.simulated.cards import Ntag424
from linli.devices.simulated.type4_files import ndef_file
from linli.kiosk.attendant import Attendant
from linli.kiosk.flows.views import Success
from linli.kiosk.store.database import open_database
from linli.kiosk.store.store import TerminalStore
from linli.kiosk.trace import Trace
from linli.kiosk.visits.desk import Desk
from linli.ledger.database import open_database as open_ledger
from linli.ledger.database import reading
from linli.ledger.feed.snapshot import snapshot
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import Stream
from linli.sync.outbox import Outbox
from linli.sync.replica import Replica
from linli.sync.sqlite import Database
from linli.town import world as towns
from linli.town.clock import TownClock
from linli.town.settle import settle

NLEN = 2
"""The length field before the message (NFC Forum Type 4 Tag 1.2, section 4.2.4)."""


class Bench:
    """Taps of people who have not come yet, and the time from each to its commit."""

    def __init__(self, attendant: Attendant, store: TerminalStore, world: towns.World) -> None:
        self._attendant = attendant
        self._store = store
        self._world = world
        self._committed_at = 0.0
        store.committed.append(self._note)

    def taps(self, count: int) -> Iterator[CardSeen]:
        """Fresh readings of dynamic cards, `count` different people."""
        people = [p for p in self._world.people if p.card.key and not p.card.blocked]
        for person in people[:count]:
            card = Ntag424(person.card.uid, person.card.key or b"")
            yield CardSeen(
                reader="bench",
                uid=card.uid,
                chip=Chip.ISO_DEP,
                ndef=ndef_file(card.read_url())[NLEN:],
                monotonic=time.monotonic(),
                random_uid=False,
                torn=False,
            )

    def committed(self, seen: CardSeen) -> float:
        """Seconds from the tap to its commit. Raises RuntimeError where it was not taken."""
        began = time.perf_counter()
        screen = self._attendant.tap(seen)
        if not isinstance(screen.view, Success):
            raise RuntimeError(f"the tap was not taken: {screen.view}")
        return self._committed_at - began

    def quiet(self) -> None:
        """A moment in which nobody is there, as the terminal uses it (`Terminal`)."""
        self._store.rest()

    def _note(self) -> None:
        self._committed_at = time.perf_counter()


@contextmanager
def filled_terminal(directory: Path, seed: int, people: int) -> Iterator[Bench]:
    """A terminal in the morning of the seeded day, one activity open."""
    directory.mkdir(parents=True)
    world = towns.build(seed, towns.SATURDAY, people)
    now = towns.at(world.day, "08:45")
    key = Ed25519PrivateKey.generate()
    settle(world, directory / "ledger.db", now, {towns.TERMINAL: key}, key)
    clock = TownClock.create(directory / "clock", now)
    engine = open_database(directory / "terminal.db")
    database = Database(engine)
    outbox = Outbox(database, towns.TERMINAL, key, clock, "bench")
    store = TerminalStore(database, outbox)
    replica = Replica(directory / "replica.db", towns.SCOPE, tuple(Stream))
    with reading(open_ledger(directory / "ledger.db")) as connection:
        for stream in Stream:
            replica.load(snapshot(connection, towns.SCOPE, stream, now))
        for doc in StandardShelf().read(connection).docs:
            replica.set_standard(doc)
    attendant = Attendant(
        store,
        replica,
        clock,
        Trace(),
        centre=towns.CENTRE,
        centre_name=towns.CENTRE_NAME,
        place=towns.PLACE,
        desk=Desk.alone(replica, store, clock, towns.PLACE, towns.CENTRE),
        later=lambda act: act(),
    )
    try:
        yield Bench(attendant, store, world)
    finally:
        replica.close()
        engine.dispose()
