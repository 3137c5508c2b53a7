"""The demo's town as its pages see it: settled, served, on a clock that stands."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import TracebackType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doubles.clock import HandClock

from linli.ledger.database import open_database
from linli.ledger.people.vault import KeyRing
from linli.ledger.web.app import make_app
from linli.ledger.web.server import HttpServer
from linli.ledger.web.site import Site
from linli.town import staffing
from linli.town import world as towns
from linli.town.settle import settle

PASSWORD = staffing.PASSWORD
RING = KeyRing("k1", {"k1": bytes(32)})


class SettledTown:
    """A ledger into which the town has moved, as nobody has visited it yet. Its weeks are lived
    through once, and every file of tests serves a copy."""

    def __init__(self, directory: Path) -> None:
        self.world = towns.build(1, towns.SATURDAY, past_days=towns.VISITED)
        self.now = towns.at(self.world.day, "14:35")
        self.ledger_db = directory / "settled.db"
        keys = {name: Ed25519PrivateKey.generate() for name in (towns.TERMINAL, towns.BOARD)}
        settle(self.world, self.ledger_db, self.now, keys, Ed25519PrivateKey.generate())


class PagesTown:
    """`url` is where its pages are."""

    def __init__(self, directory: Path, settled: SettledTown) -> None:
        self.world = settled.world
        self.clock = HandClock()
        self.clock.wall = settled.now
        shutil.copyfile(settled.ledger_db, directory / "ledger.db")
        self.engine = open_database(directory / "ledger.db")
        self.site = Site(self.engine, self.clock, RING)
        self._http = HttpServer(make_app(self.engine, self.clock, self.site), "127.0.0.1", 0)

    def __enter__(self) -> PagesTown:
        self._http.start()
        self.url = f"http://127.0.0.1:{self._http.port}"
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._http.close()
        self.engine.dispose()
