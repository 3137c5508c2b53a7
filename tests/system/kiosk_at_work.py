"""A terminal's program with its window, its supervisor where one is wanted, and a card in hand."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil
from doubles.centre import CENTRE, activity, at, card, holder, loaded_replica
from doubles.waiting import eventually

from linli.devices.simulated.cards import Ntag213
from linli.devices.simulated.reader import SimulatedReader
from linli.town.clock import TownClock

ROOT = Path(__file__).parents[2]
PEOPLE = {f"r-{n}": bytes([4, n, 7, 7, 7, 7, 7]) for n in range(1, 7)}
SETTINGS = """
name = "t-1"
scope = "s-1"
centre = "{centre}"
centre_name = "邻里中心"
place = "阳光社区"
data = "{data}"
readers = ["{reader}"]
{more}
[connection]
broker_host = "127.0.0.1"
broker_port = 9
ledger_url = "http://127.0.0.1:9"
"""
"""Port 9 discards: the network is cut, and what is needed lies in the replica."""


class KioskAtWork:
    """`outer` is the process that was started: the supervisor, or the terminal itself."""

    def __init__(self, directory: Path, reader: SimulatedReader, more: str = "") -> None:
        self.directory = directory
        self.data = directory / "data"
        self.reader = reader
        self.trace = directory / "trace"
        self.settings = directory / "terminal.toml"
        self.data.mkdir()
        text = SETTINGS.format(centre=CENTRE, data=self.data, reader=reader.path, more=more)
        self.settings.write_text(text, encoding="utf-8")
        TownClock.create(directory / "clock", at("09:05"))
        people = [holder(account) for account in PEOPLE]
        cards = [card(f"c-{account}", uid, account) for account, uid in PEOPLE.items()]
        loaded_replica(self.data / "replica.db", [activity("visit"), *people, *cards]).close()

    @property
    def arguments(self) -> list[str]:
        paths = {"settings": self.settings, "trace": self.trace, "clock": self.directory / "clock"}
        return [part for name, path in paths.items() for part in (f"--{name}", str(path))]

    def start(self, command: list[str], environment: Mapping[str, str]) -> None:
        self.log = (self.directory / "log").open("w")
        self.outer = psutil.Popen(
            command,
            env={
                **os.environ,
                "LP_NUM_THREADS": "1",
                "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests"))),
                **environment,
            },
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    @property
    def inner(self) -> psutil.Process:
        """The terminal's own process below the supervisor."""
        (found,) = self.outer.children()
        return found

    def marks(self, what: str) -> list[dict[str, object]]:
        if not self.trace.exists():
            return []
        lines = self.trace.read_text(encoding="utf-8").splitlines()
        return [mark for mark in map(json.loads, lines) if mark["what"] == what]

    def homes(self) -> int:
        """How often the resting screen came up first."""
        return len(self.marks("first-frame"))

    def comes_home(self, times: int) -> None:
        eventually(lambda: self.homes() == times, within=40)

    def tap(self, account: str) -> None:
        """A card is laid down until success is on the screen."""
        seen = len(self.marks("frame"))
        self.reader.field.place(Ntag213(PEOPLE[account]))
        try:
            eventually(lambda: [m["view"] for m in self.marks("frame")[seen:]] == ["success"])
        finally:
            self.reader.field.remove()

    def end(self) -> int:
        self.outer.terminate()
        code = self.outer.wait(20)
        self.log.close()
        return int(code)


@contextmanager
def kiosk_at_work(directory: Path, more: str = "") -> Iterator[KioskAtWork]:
    """Whatever happens, no process is left."""
    reader = SimulatedReader(directory / "reader")
    kiosk = KioskAtWork(directory, reader, more)
    try:
        yield kiosk
    finally:
        for process in _family(kiosk):
            process.kill()
        reader.close()
        print((directory / "log").read_text()[-6000:])


def _family(kiosk: KioskAtWork) -> list[psutil.Process]:
    try:
        return [*kiosk.outer.children(recursive=True), kiosk.outer]
    except psutil.NoSuchProcess:
        return []
