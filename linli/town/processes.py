"""Child programs that never outlive the town: on a free display, ended politely, then firmly."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from linli.sync.parent_death import die_with_parent


def _begin(nice: int = 0) -> None:
    """In the child: die with the parent, and give way to the others."""
    die_with_parent()
    os.nice(nice)


class Child:
    """One program in a session of its own, so that Ctrl-C reaches the town first."""

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        environment: Mapping[str, str] | None = None,
        nice: int = 0,
    ) -> None:
        self.name = log.stem
        self.log = log
        self.started = time.monotonic()
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=partial(_begin, nice),
                env={**os.environ, **(environment or {})},
            )

    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        """End it: a word first, force after eight seconds."""
        if self.alive():
            self.process.terminate()
            try:
                self.process.wait(8)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()

    def last_words(self, lines: int = 15) -> str:
        """How it ended, if it did, and the end of its log: for an error message."""
        how = [] if self.alive() else [f"{self.name} ended with {self.process.returncode}"]
        with contextlib.suppress(OSError):
            how += self.log.read_text(errors="replace").splitlines()[-lines:]
        return "\n".join(how)


def linli(*arguments: str) -> list[str]:
    """The command line of one of our own programs."""
    return [sys.executable, "-m", "linli", *arguments]


class VirtualDisplay:
    """Xvfb on a display number of its own choice; what it shows can be read in the directory
    `seen_in` (xwd(1), the server's own format). Raises FileNotFoundError without Xvfb."""

    def __init__(self, log: Path, size: str, seen_in: Path | None = None) -> None:
        read, write = os.pipe()
        seen = [] if seen_in is None else ["-fbdir", str(seen_in)]
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [
                    *("Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"),
                    *seen,
                ],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=(write,),
                start_new_session=True,
                preexec_fn=_begin,
            )
        os.close(write)
        with os.fdopen(read) as number:
            self.name = ":" + number.readline().strip()
        if self.name == ":":
            raise RuntimeError(f"Xvfb did not start: see {log}")

    def __enter__(self) -> VirtualDisplay:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
