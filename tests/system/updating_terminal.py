"""A terminal's program without its window: its link, its jobs, and its probation. It is started as
`updating_terminal.py VERSION SETTINGS`, and says by its exit code that it is to be started anew."""

from __future__ import annotations

import os
import random
import sys
import threading
from pathlib import Path

from linli.kiosk.jobs.desk import Around, Desk
from linli.kiosk.jobs.keeper import JobKeeper
from linli.kiosk.jobs.kept import FILE, BookFile
from linli.kiosk.jobs.update_app import Here, UpdateAppDoer
from linli.kiosk.jobs.uploading import ResultClient
from linli.kiosk.network.connection import access_of
from linli.kiosk.settings import TerminalSettings, read_settings
from linli.kiosk.supervisor.restarts import ASKED_CODE, reasons_since
from linli.kiosk.updating.begin import DIRECTORY_VARIABLE
from linli.kiosk.updating.bringing_in import Incoming
from linli.kiosk.updating.probation import Probation, trial_of
from linli.kiosk.updating.slots import Slots
from linli.sync import topics
from linli.sync.clock import SystemClock
from linli.sync.job_messages import JobStatus, UpdateApp
from linli.sync.link import Link
from linli.sync.messages import encode
from linli.sync.sessions import direct_session
from linli.sync.signing import load_or_make_key
from linli.sync.updates import BELIEVED, Releases


class KnownClock(SystemClock):
    """A machine of the tests asks no time server."""

    def good(self) -> bool:
        return True


def main(version: str, settings: TerminalSettings) -> None:
    assert settings.releases is not None
    clock, ended = KnownClock(), threading.Event()
    slots = Slots(Path(os.environ[DIRECTORY_VARIABLE]))
    root = settings.releases.root.read_bytes()
    releases = Releases(settings.releases.address, root, slots.directory / BELIEVED, clock)
    python = Path(os.environ["MACHINES_PYTHON"])
    incoming = Incoming(slots, releases, version, python, free=lambda _: 10**12)
    restarts = settings.data / "restarts.jsonl"
    here = Here(lambda: True, ended.set, lambda since: reasons_since(restarts, since))

    where, name = settings.connection, settings.name
    key = load_or_make_key(settings.data / "terminal.key")
    link = Link(
        name,
        where.broker_host,
        where.broker_port,
        random.randbytes(8).hex(),
        clock,
        version,
        presence=True,
        access=access_of(settings),
    )

    def say(status: JobStatus) -> bool:
        return link.publish(topics.job_status(name), encode(status))

    results = ResultClient(where.ledger_url, name, key, clock, direct_session())
    doers = {UpdateApp: UpdateAppDoer(slots, incoming, clock, here)}
    book = BookFile(settings.data / FILE)
    desk = Desk(name, book, clock, Around(doers, results, say, lambda: True))
    keeper = JobKeeper(desk, name, link, clock)
    trial = trial_of()
    if trial is not None:
        probation = Probation(trial, lambda: True, print, look_s=0.1, steady_s=0.3)
        probation.start(lambda act: act())
    keeper.start()
    link.start()
    ended.wait()
    keeper.close()
    link.close()
    sys.exit(ASKED_CODE)


if __name__ == "__main__":
    main(sys.argv[1], read_settings(Path(sys.argv[2]), TerminalSettings))
