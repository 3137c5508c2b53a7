"""The town's other terminals: programs of their own without a window, started as on a Raspberry Pi,
by the package's launcher, under a supervisor, from slots of their own.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import linli
from linli.kiosk.updating.slots import Slots
from linli.town import world as towns
from linli.town.processes import Child

NAMES = tuple(f"{towns.SCOPE}-{number}" for number in range(2, 7))
AGAIN_S = 0.5
"""What systemd waits before it starts a program again (RestartSec), in a town."""


class Outpost(threading.Thread):
    """One of them, and the systemd that starts it again whenever it ends. `settings` is the text of
    its file; its key lies in its `data` already."""

    def __init__(
        self,
        directory: Path,
        name: str,
        settings: str,
        clock: Path,
        surroundings: Mapping[str, str],
    ) -> None:
        super().__init__(name=f"outpost {name}", daemon=True)
        self.outpost, self.log = name, directory / f"{name}.log"
        self.slots = Slots(directory / "updates")
        file = directory / "terminal.toml"
        file.write_text(settings, encoding="utf-8")
        launcher = [sys.executable, "-s", "-m", "linli.kiosk.updating.begin"]
        kiosk = ["kiosk", "--settings", str(file), "--clock", str(clock)]
        watched = ["--supervised", "--windowless"]
        self._command = [*launcher, str(self.slots.directory), *kiosk, *watched]
        self._environment = {**surroundings, "LP_NUM_THREADS": "1"}
        self._closing = threading.Event()
        self._program: Child | None = None

    def run(self) -> None:
        # A child of this thread: it ends with it, however that comes (`Child`).
        while not self._closing.is_set():
            self._program = Child(self._command, self.log, self._environment, nice=1)
            self._program.process.wait()
            self._closing.wait(AGAIN_S)

    def close(self) -> None:
        """Also before `start`."""
        self._closing.set()
        if self._program is not None:
            self._program.stop()
        if self.ident is not None:
            self.join()


def next_version(before: str = linli.__version__) -> str:
    """0.1.0 → 0.1.1"""
    numbers = before.split(".")
    return ".".join([*numbers[:-1], str(int(numbers[-1]) + 1)])


def data_of(directory: Path, name: str) -> Path:
    """Where the terminal of that name has its key and databases, below the town's directory."""
    return directory / "outposts" / name
