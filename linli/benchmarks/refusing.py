"""A real terminal without a window, at whose reader cards are laid that were just blocked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from linli.benchmarks.fleet_town import Fleet, FleetError
from linli.devices.readers.base import CardSeen, Chip, ReaderState
from linli.kiosk.flows.views import Refused, Screen, Trouble
from linli.kiosk.settings import Connection, TerminalSettings
from linli.kiosk.terminal import Terminal
from linli.sync.clock import SystemClock
from linli.town.waiting import eventually

LOOK_S = 0.002
WAIT_S = 30.0


class Hand:
    """A reader to which cards are laid by program: what it tells is what drivers tell."""

    name = "bench"

    def __init__(self) -> None:
        self._sink: Callable[[CardSeen | ReaderState], None] | None = None

    def start(self, sink: Callable[[CardSeen | ReaderState], None]) -> None:
        self._sink = sink
        sink(ReaderState(self.name, True, ""))

    def close(self) -> None:
        self._sink = None

    def lay(self, uid: bytes) -> None:
        if self._sink is not None:
            seen = CardSeen(self.name, uid, Chip.TYPE2, None, time.monotonic(), False, False)
            self._sink(seen)


class RefusingTerminal:
    """The first terminal of the first community, with all its people in its replica. Raises
    FleetError where it does not come online."""

    def __init__(self, fleet: Fleet) -> None:
        self._hand = Hand()
        self._refused = threading.Event()
        settings = settings_of(fleet, fleet.first.terminal)
        keep_key(fleet, settings.data)
        self._terminal = Terminal(settings, SystemClock(), [self._hand], self._show)
        self._terminal.start()
        known = bytes.fromhex(fleet.first.people[-1].card.uid).hex()
        if not eventually(lambda: self._terminal.replica.card(known) is not None, WAIT_S):
            self.close()
            raise FleetError(f"{settings.name} does not know its people")

    def refused_at(self, uid: bytes) -> float:
        """Lays the card down as soon as it can be refused; the monotonic moment at which its screen
        says so. Raises FleetError."""
        deadline = time.monotonic() + WAIT_S
        while (row := self._terminal.replica.card(uid.hex())) is None or row.status == "active":
            if time.monotonic() > deadline:
                raise FleetError(f"card {uid.hex()} was blocked, and the terminal does not know")
            time.sleep(LOOK_S)
        self._refused.clear()
        self._hand.lay(uid)
        if not self._refused.wait(WAIT_S):
            raise FleetError(f"card {uid.hex()} is blocked, and was not refused")
        at = time.monotonic()
        self._terminal.go_home()
        return at

    def close(self) -> None:
        self._terminal.close()

    def _show(self, screen: Screen) -> None:
        view = screen.view
        if isinstance(view, Refused) and view.trouble is Trouble.BLOCKED_CARD:
            self._refused.set()


def settings_of(fleet: Fleet, name: str) -> TerminalSettings:
    return TerminalSettings(
        name=name,
        scope=fleet.first.id,
        centre=fleet.first.centre,
        centre_name="邻里中心",
        place=fleet.first.name,
        data=fleet.directory / name,
        connection=Connection(
            broker_host="127.0.0.1", broker_port=fleet.broker.port, ledger_url=fleet.url
        ),
    )


def keep_key(fleet: Fleet, data: Path) -> None:
    """Where the program looks for its own."""
    data.mkdir(parents=True, exist_ok=True)
    pem = fleet.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (data / "terminal.key").write_bytes(pem)
