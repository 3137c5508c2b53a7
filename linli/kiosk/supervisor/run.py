"""Runs a window's program and starts it again: when it ended, and when its window stopped beating.

The program beats through a pipe that it inherits, from the loop that draws. Where systemd watches
this process (sd_notify(3)), it is told that this one turns: the program is this one's to watch.
A program that ends again and again leaves the screen to a notice, which is another program.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import select
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from linli.kiosk.curtain.hanging import NO_CURTAIN
from linli.kiosk.supervisor import watching
from linli.kiosk.supervisor.heartbeat import FD_VARIABLE
from linli.kiosk.supervisor.restarts import ASKED_CODE, Restart, note, reason_of
from linli.kiosk.supervisor.watching import Watched, beaten, is_frozen, pause_before, started

LOOK_S, STOP_S = 0.5, 10.0
SUPERSEDED_S = 60.0
TELL_S = 2.0
"""How long a frozen program has to write down where it stands."""
Command = Sequence[str]


class Supervisor:
    """`name` is what the program is called in the log, `command` how it is run; `restarts` the file
    in which it is written down why it was started again. `notice` is the command that shows, while
    a program is in trouble, why it ended last. While a version is `on_trial` it is not started
    again here, nor any where another was `switched` to: whoever started this one decides which
    version is next. Once it is `superseded`, program and supervisor end by themselves."""

    def __init__(
        self,
        name: str,
        command: Command,
        restarts: Path,
        notice: Callable[[str], Command] | None = None,
        on_trial: Callable[[], bool] = lambda: False,
        switched: Callable[[], bool] = lambda: False,
        superseded: Callable[[], bool] = lambda: False,
    ) -> None:
        self._name, self._command, self._notice = name, list(command), notice
        self._restarts, self._on_trial, self._switched = restarts, on_trial, switched
        self._superseded, self._looked_at = superseded, 0.0
        self._decided = False
        self._stopping = threading.Event()
        self._program: subprocess.Popen[bytes] | None = None

    def run(self) -> bool:
        """Until it is told to end by SIGTERM or SIGINT, or another version is to start; False where
        a version on trial fell."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop())
        watched: Watched | None = None
        while not self._stopping.is_set():
            watched, reason = self._run_once(started(watched, time.monotonic()))
            if self._stopping.is_set() or self._switched():
                break
            if reason != "asked" and self._on_trial():
                return False
            self._pause(watched, reason)
        return True

    def _run_once(self, watched: Watched) -> tuple[Watched, str]:
        """Returns once it has ended, with the reason."""
        beats, ours = os.pipe()
        os.set_blocking(beats, False)
        environment = {**os.environ, FD_VARIABLE: str(ours)}
        if watched.in_trouble:
            environment[NO_CURTAIN] = "1"
        program = subprocess.Popen(self._command, env=environment, pass_fds=(ours,))
        self._program = program
        os.close(ours)
        frozen = overdue = False
        try:
            while program.poll() is None and not (frozen or overdue):
                watched = self._listen(beats, watched)
                now = time.monotonic()
                frozen, overdue = is_frozen(watched, now), self._is_overdue(watched, now)
                self._end_if_superseded(now)
        finally:
            os.close(beats)
        code = self._end(program, frozen=frozen or overdue)
        now, lived = time.monotonic(), time.monotonic() - watched.started_at
        reason = reason_of(
            code, frozen=frozen, came_up=watched.came_up, overdue=overdue and not frozen
        )
        if not self._stopping.is_set():
            print(f"the {self._name} ended ({reason}); starting it again", flush=True)
            note(self._restarts, Restart(dt.datetime.now(dt.UTC), reason, lived))
        asked = not frozen and code == ASKED_CODE
        return watching.ended(watched, now, asked=asked), reason

    def _is_overdue(self, watched: Watched, now: float) -> bool:
        """Whether a version on trial has not confirmed itself in time."""
        if self._decided or not watching.is_trial_over(watched, now):
            return False
        self._decided = not self._on_trial()
        return not self._decided

    def _end_if_superseded(self, now: float) -> None:
        if now - self._looked_at < SUPERSEDED_S:
            return
        self._looked_at = now
        if self._superseded():
            print(f"another version of the {self._name} is to start", flush=True)
            self._stop()

    def _listen(self, beats: int, watched: Watched) -> Watched:
        notify("WATCHDOG=1")
        ready, _, _ = select.select([beats], [], [], LOOK_S)
        if not ready or not os.read(beats, 4096):
            time.sleep(0 if not ready else LOOK_S)  # at its end the pipe is always ready
            return watched
        if not watched.came_up:
            notify("READY=1")
        return beaten(watched, time.monotonic())

    def _pause(self, watched: Watched, reason: str) -> None:
        """Until it is time to start it again. The notice goes before that: where there is no window
        system, two programs cannot have the screen at once."""
        until = time.monotonic() + pause_before(watched)
        shown = None
        if watched.in_trouble and self._notice is not None:
            notify("READY=1")  # this is all that there is for now
            shown = subprocess.Popen(self._notice(reason))
        try:
            while not self._stopping.is_set() and time.monotonic() < until:
                notify("WATCHDOG=1")
                self._stopping.wait(min(LOOK_S, max(0.0, until - time.monotonic())))
        finally:
            if shown is not None:
                shown.terminate()
                self._wait(shown)

    def _end(self, program: subprocess.Popen[bytes], *, frozen: bool) -> int:
        if frozen:
            # Its faulthandler writes down what each thread was at, and lets it die of that.
            program.send_signal(signal.SIGABRT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                return program.wait(TELL_S)
            program.kill()
        elif self._stopping.is_set():
            program.terminate()
        return self._wait(program)

    def _wait(self, program: subprocess.Popen[bytes]) -> int:
        try:
            return program.wait(STOP_S)
        except subprocess.TimeoutExpired:
            program.kill()
            return program.wait()

    def _stop(self) -> None:
        self._stopping.set()
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
