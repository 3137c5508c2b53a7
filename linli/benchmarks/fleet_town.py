"""A district with two thousand terminals: its ledger, its broker, and the thousand that are online.

Ledger and Mosquitto are programs of their own, as in a town, on the loopback and without TLS; the
terminals that are online are simulated in a few processes (`crowd.py`).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from pathlib import Path
from types import TracebackType

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.ledger.database import open_database
from linli.ledger.people.key_file import load_or_make
from linli.ledger.staff.accounts import NewWorker, hire
from linli.ledger.staff.roles import Role
from linli.ledger.terminals.registry import TERMINAL, register
from linli.sync.broker import Broker
from linli.sync.periods import SHANGHAI
from linli.sync.signing import public_hex
from linli.town.district import Community, build
from linli.town.founding import found
from linli.town.processes import Child, linli
from linli.town.sender import Sender
from linli.town.town import free_port
from linli.town.waiting import eventually
from linli.town.web_visitor import WebVisitor

SEED = 5
COMMUNITIES, PEOPLE_EACH = 20, 150
ONLINE, REGISTERED = 1000, 2000
PROCESSES = 2
PASSWORD = "xiang-yang-2026"
START_S, ONLINE_S = 60.0, 180.0


class FleetError(RuntimeError):
    """A program did not start, went away or did not answer; the text says which."""


class Fleet:
    """Enter it, and all is there."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.database = directory / "ledger.db"
        self.communities = build(SEED, COMMUNITIES * PEOPLE_EACH, PEOPLE_EACH)
        self.key = Ed25519PrivateKey.generate()
        """Of the real terminal, the first of the first community."""
        directory.mkdir(parents=True)
        self._ending = contextlib.ExitStack()

    @property
    def first(self) -> Community:
        return self.communities[0]

    def __enter__(self) -> Fleet:
        try:
            self._found()
            self._start()
        except BaseException:
            self._ending.close()
            raise
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._ending.close()

    def staff(self, login: str) -> WebVisitor:
        """Somebody's browser, logged in. Raises FleetError."""
        visitor = WebVisitor(self.url)
        self._ending.callback(visitor.close)
        visitor.open("/console/login")
        if "/console/logout" not in visitor.press(
            "/console/login", login=login, password=PASSWORD, code=""
        ):
            raise FleetError(f"the console did not let {login} in")
        return visitor

    def still_there(self) -> None:
        """Raises FleetError."""
        for child in (self.ledger, *self._crowds):
            if not child.alive():
                raise FleetError(child.last_words())

    # --- parts -----------------------------------------------------------------------------------

    def _found(self) -> None:
        now = dt.datetime.now(SHANGHAI)
        senders = {c.id: Sender(c.terminal, Ed25519PrivateKey.generate()) for c in self.communities}
        senders[self.first.id] = Sender(self.first.terminal, self.key)
        engine = open_database(self.database)
        with engine.begin() as connection:
            found(connection, self.communities, senders, now - dt.timedelta(days=1))
            public = public_hex(Ed25519PrivateKey.generate())
            for community in self.communities:
                for name in _names(community):
                    register(
                        connection,
                        name=name,
                        kind=TERMINAL,
                        public_key=public,
                        scope=community.id,
                        centre=community.centre,
                        now=now,
                    )
            for login, role, scope in (
                ("clerk", Role.CLERK, self.first.id),
                ("maintainer", Role.MAINTAINER, None),
            ):
                new = NewWorker(login, f"{login}同志", role, scope)
                hire(connection, new, PASSWORD, now, must_change=False)
        engine.dispose()
        load_or_make(self.directory / "person.keys", now.date())

    def _start(self) -> None:
        self.broker = Broker(self.directory / "broker")
        self._ending.enter_context(self.broker)
        http = free_port()
        self.url = f"http://127.0.0.1:{http}"
        command = linli(
            *("ledger", "serve", "--database", str(self.database), "--port", str(http)),
            *("--broker", f"127.0.0.1:{self.broker.port}", "--public-url", self.url),
            *("--person-keys", str(self.directory / "person.keys")),
            *("--announce", f"127.0.0.1:{self.broker.port}"),
        )
        self.ledger = Child(command, self.directory / "ledger.log")
        self._ending.callback(self.ledger.stop)
        if not eventually(self._healthy, START_S):
            raise FleetError(self.ledger.last_words())
        self._crowds = [self._crowd(number) for number in range(PROCESSES)]
        eventually(self._decided, ONLINE_S)
        self.still_there()
        if not all(map(_says_online, self._crowds)):
            raise FleetError(f"{ONLINE} terminals are not online within {ONLINE_S:g} s")

    def _crowd(self, number: int) -> Child:
        each = ONLINE // COMMUNITIES
        names = [f"{name} {c.id}\n" for c in self.communities for name in _names(c)[:each]]
        file = self.directory / f"crowd-{number}.txt"
        file.write_text("".join(names[number::PROCESSES]), encoding="utf-8")
        command = [sys.executable, "-m", "linli.benchmarks.crowd", str(self.broker.port), str(file)]
        child = Child(command, self.directory / f"crowd-{number}.log")
        self._ending.callback(child.stop)
        return child

    def _decided(self) -> bool:
        return all(not one.alive() or _says_online(one) for one in self._crowds)

    def _healthy(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=1).ok
        except requests.RequestException:
            return False


def _names(community: Community) -> list[str]:
    """Beside the one it was founded with."""
    return [f"{community.id}-t{n}" for n in range(1, REGISTERED // COMMUNITIES)]


def _says_online(crowd: Child) -> bool:
    return "online\n" in crowd.log.read_text(errors="replace")
