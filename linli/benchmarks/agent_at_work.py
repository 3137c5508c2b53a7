"""A terminal without its window, first as it serves people, then looked after from afar besides.

It says `without` and `with` when it is the one and the other, and waits each time for a line, so
that it is measured from outside. Of what measures it nothing is loaded here.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from linli.kiosk.settings import TerminalSettings
from linli.sync.clock import SystemClock

SETTLED_S, ONLINE_S = 10.0, 30.0


def _served(settings: TerminalSettings) -> list[Any]:
    """A terminal that was never looked after from afar; nothing in it knows of a broker."""
    import linli.kiosk.maintenance.maintenance
    import linli.kiosk.peripherals.plugged_in
    import linli.kiosk.peripherals.prompts
    import linli.kiosk.reception
    import linli.kiosk.self_service  # noqa: F401
    from linli.kiosk.attendant import Attendant
    from linli.kiosk.store.database import open_database
    from linli.kiosk.store.store import TerminalStore
    from linli.kiosk.trace import Trace
    from linli.kiosk.visits.desk import Desk
    from linli.sync.messages import Stream
    from linli.sync.outbox import Outbox
    from linli.sync.replica import Replica
    from linli.sync.signing import load_or_make_key
    from linli.sync.sqlite import Database

    clock = SystemClock()
    data = settings.data / "alone"
    data.mkdir(parents=True, exist_ok=True)
    database = Database(open_database(data / "terminal.db"))
    key = load_or_make_key(settings.data / "terminal.key")
    store = TerminalStore(database, Outbox(database, settings.name, key, clock, "bench"))
    replica = Replica(data / "replica.db", settings.scope, tuple(Stream))
    attendant = Attendant(
        store,
        replica,
        clock,
        Trace(),
        centre=settings.centre,
        centre_name=settings.centre_name,
        place=settings.place,
        desk=Desk.alone(replica, store, clock, settings.place, settings.centre),
        later=lambda act: act(),
    )
    attendant.home()
    return [attendant, store, replica]


def _looked_after(settings: TerminalSettings) -> Callable[[], None]:
    import linli.sync.updates  # noqa: F401
    from linli.kiosk.behind import Behind, Picture
    from linli.kiosk.remote.keeping import begin
    from linli.kiosk.trace import Trace

    begun = begin(settings)
    picture = Picture(
        show=lambda _: None,
        shade=lambda _: None,
        post=lambda _: None,
        take=lambda: ((1, 1, b"\0\0\0"), None),
    )
    behind = Behind(settings, SystemClock(), Trace(), picture, lambda: None, begun, lambda: True)
    behind.start()
    deadline = time.monotonic() + ONLINE_S
    while not behind.terminal.link.online:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{settings.name} did not come online")
        time.sleep(0.1)
    time.sleep(SETTLED_S)
    return behind.close


def main(arguments: Sequence[str]) -> None:
    settings = msgspec.json.decode(
        Path(arguments[0]).read_bytes(), type=TerminalSettings, dec_hook=lambda _, text: Path(text)
    )
    served = _served(settings)
    if "paho.mqtt.client" in sys.modules:
        raise RuntimeError("what is measured as without an agent has one already")
    _say("without")
    close = _looked_after(settings)
    _say("with")
    close()
    del served


def _say(word: str) -> None:
    print(word, flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main(sys.argv[1:])
