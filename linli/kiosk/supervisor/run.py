"""Runs the kiosk's program and starts it again: when it ended, and when its window stopped beating.

The program beats through a pipe that it inherits, from the loop that draws; where systemd watches
this process, each beat is passed on to it (sd_notify(3)).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from linli.kiosk.supervisor.heartbeat import FD_VARIABLE
from linli.kiosk.supervisor.restarts import Restart, note, reason_of
from linli.kiosk.supervisor.watching import Watched, beaten, is_frozen, pause_before, started

LOOK_S, STOP_S = 0.5, 10.0


class Supervisor:
    """`command` is the program; `restarts` the file in which it is written down why it was started
    again."""

    def __init__(self, command: Sequence[str], restarts: Path) -> None:
        self._command = list(command)
        self._restarts = restarts
        self._stopping = False
        self._program: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Until it is told to end by SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop())
        watched: Watched | None = None
        while not self._stopping:
            watched = self._run_once(started(watched, time.monotonic()))
            if not self._stopping:
                time.sleep(pause_before(watched, time.monotonic()))

    def _run_once(self, watched: Watched) -> Watched:
        beats, ours = os.pipe()
        os.set_blocking(beats, False)
        environment = {**os.environ, FD_VARIABLE: str(ours)}
        program = subprocess.Popen(self._command, env=environment, pass_fds=(ours,))
        self._program = program
        os.close(ours)
        frozen = False
        try:
            while program.poll() is None and not frozen:
                watched = self._listen(beats, watched)
                frozen = is_frozen(watched, time.monotonic())
        finally:
            os.close(beats)
        code = self._end(program, frozen=frozen)
        if not self._stopping:
            lived = time.monotonic() - watched.started_at
            reason = reason_of(code, frozen=frozen, came_up=watched.came_up)
            print(f"the kiosk ended ({reason}); starting it again", flush=True)
            note(self._restarts, Restart(dt.datetime.now(dt.UTC), reason, lived))
        return watched

    def _listen(self, beats: int, watched: Watched) -> Watched:
        ready, _, _ = select.select([beats], [], [], LOOK_S)
        if not ready or not os.read(beats, 4096):
            time.sleep(0 if not ready else LOOK_S)  # at its end the pipe is always ready
            return watched
        notify("WATCHDOG=1" if watched.came_up else "READY=1\nWATCHDOG=1")
        return beaten(watched, time.monotonic())

    def _end(self, program: subprocess.Popen[bytes], *, frozen: bool) -> int:
        if frozen:
            program.kill()
        elif self._stopping:
            program.terminate()
        try:
            return program.wait(STOP_S)
        except subprocess.TimeoutExpired:
            program.kill()
            return program.wait()

    def _stop(self) -> None:
        self._stopping = True
        if self._program is not None:
            self._program.terminate()


def notify(state: str) -> None:
    """Tell systemd, where it listens."""
    where = os.environ.get("NOTIFY_SOCKET")
    if not where:
        return
    address = "\0" + where[1:] if where.startswith("@") else where
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender,
    ):
        sender.sendto(state.encode(), address)
