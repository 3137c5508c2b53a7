"""A terminal that does nothing but tap, to be killed: started over and over by test_store_kill.

It answers orders on its standard input, and forks for each run, so that a start costs
milliseconds: the parent has imported everything and has no thread.

run SECONDS   →  PID        a child taps until it is killed, or ends by itself after so long
wait          →  gone       the child is no more
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from random import Random

from linli.kiosk.store.database import open_database
from linli.kiosk.store.store import TerminalStore
from linli.sync import link as link_module
from linli.sync import resends as resends_module
from linli.sync.clock import SystemClock
from linli.sync.link import Link
from linli.sync.messages import CheckIn, Trust
from linli.sync.outbox import Outbox
from linli.sync.signing import load_or_make_key
from linli.sync.sqlite import Database
from linli.sync.uplink import Uplink

TERMINAL, PAUSE_S = "t-1", 0.003


def tap_until_killed(directory: Path, port: int, seconds: float) -> None:
    """Each seq goes to `said` only after its commit has returned: what the screen would show."""
    link_module.FIRST_S = 0.02
    resends_module.FIRST_S = 0.05
    resends_module.CAP_S = 0.2
    clock, boot_id = SystemClock(), os.urandom(8).hex()
    engine = open_database(directory / "terminal.db")
    key = load_or_make_key(directory / "terminal.key")
    database = Database(engine)
    outbox = Outbox(database, TERMINAL, key, clock, boot_id)
    store = TerminalStore(database, outbox)
    link = Link(TERMINAL, "127.0.0.1", port, boot_id, clock, "1.0", presence=True, random=Random())
    uplink = Uplink(outbox, link, clock)
    store.committed.append(uplink.poke)
    said = os.open(directory / "said", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    uplink.start()
    link.start()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        person = os.urandom(4).hex()
        event = CheckIn(
            account=person, card=f"c-{person}", activity="a-1", trust=Trust.HIGH, counter=1
        )
        committed = store.check_in(event, clock.now())
        os.write(said, f"{committed.seq} {person}\n".encode())
        time.sleep(PAUSE_S)
    while outbox.waiting():
        time.sleep(PAUSE_S)
    uplink.close()
    link.close()


def main(directory: Path, port: int) -> None:
    child = 0
    for line in sys.stdin:
        order, *rest = line.split()
        if order == "run":
            child = os.fork()
            if child == 0:
                os.dup2(2, 1)  # what the child says is no answer
                tap_until_killed(directory, port, float(rest[0]))
                os._exit(0)
            answer = str(child)
        else:
            os.waitpid(child, 0)
            answer = "gone"
        print(answer, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
