"""Mosquitto as a child on a free loopback port: for the demo, tests and benchmarks."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

from linli.sync.parent_death import die_with_parent

START_S, STOP_S, TRIES = 10.0, 5.0, 5


class BrokerError(RuntimeError):
    """Mosquitto is not installed, or did not start; the text says what to do."""


class Broker:
    """One Mosquitto. Its configuration, log and database lie in `directory` while it runs;
    `stop` leaves no process and no file. `port` is known after `start` and kept by `restart`.

    `persistence` is off because nothing relies on it: what a broker acknowledged may be gone. With
    `config` it is run from a configuration that stands there already and listens on `port`."""

    def __init__(
        self,
        directory: Path,
        port: int | None = None,
        *,
        persistence: bool = False,
        config: Path | None = None,
    ) -> None:
        self.port = port or 0
        self._given_config = config
        self._choose_port = port is None
        self._directory = directory
        self._persistence = persistence
        self._made_directory = False
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The process, while one runs."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Returns when it takes connections. Raises BrokerError."""
        program = _program()
        self._made_directory = not self._directory.exists()
        self._directory.mkdir(parents=True, exist_ok=True)
        for attempt in range(TRIES):
            if self._choose_port:
                self.port = _free_port()
            try:
                self._launch(program)
            except BrokerError:
                # Another program may have taken the port since it was free.
                if not self._choose_port or attempt == TRIES - 1:
                    raise
            else:
                return

    def kill9(self) -> None:
        """A crash: no time to write anything down."""
        self._end(signal.SIGKILL)

    def reload(self) -> None:
        """Have it read its lists and certificates again (mosquitto(8), SIGHUP)."""
        if self._process is not None:
            self._process.send_signal(signal.SIGHUP)

    def restart(self) -> None:
        """Run again on the same port, after `kill9` or instead of a run. Raises BrokerError."""
        self._end(signal.SIGTERM)
        self._launch(_program())

    def stop(self) -> None:
        """End it and tidy up; calling it twice does no harm."""
        self._end(signal.SIGTERM)
        for name in ("mosquitto.conf", "mosquitto.log", "mosquitto.db", "mosquitto.db.new"):
            (self._directory / name).unlink(missing_ok=True)
        if self._made_directory:
            with contextlib.suppress(OSError):
                self._directory.rmdir()

    def __enter__(self) -> Broker:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _launch(self, program: str) -> None:
        config = self._given_config
        if config is None:
            config = self._directory / "mosquitto.conf"
            config.write_text(self._config(), encoding="utf-8")
        self._process = self._spawn([program, "-c", str(config)])
        deadline = time.monotonic() + START_S
        while not _listens(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._end(signal.SIGKILL)
                raise BrokerError(
                    f"Mosquitto did not start on port {self.port}: {self._last_words()}"
                )
            time.sleep(0.005)

    def _config(self) -> str:
        # Mosquitto drops QoS 1 messages silently above its queue limits unless they are 0.
        lines = [
            f"listener {self.port} 127.0.0.1",
            "allow_anonymous true",
            "max_queued_messages 0",
            "max_inflight_messages 0",
            "set_tcp_nodelay true",
            f"persistence {'true' if self._persistence else 'false'}",
            f"persistence_location {self._directory}/",
        ]
        if os.geteuid() == 0:
            # A change of user would clear the parent-death signal (prctl(2)), and the other user
            # could not write into our directory.
            lines.append("user root")
        return "\n".join([*lines, ""])

    def _spawn(self, command: list[str]) -> subprocess.Popen[bytes]:
        """Start it from a thread that lives as long as it does: the parent-death signal comes
        when the thread that forked ends, not only when the process does (prctl(2))."""
        started = threading.Event()
        spawned: list[subprocess.Popen[bytes]] = []

        def keep() -> None:
            try:
                with (self._directory / "mosquitto.log").open("ab") as out:
                    process = subprocess.Popen(
                        command,
                        stdin=subprocess.DEVNULL,
                        stdout=out,
                        stderr=out,
                        start_new_session=True,
                        preexec_fn=die_with_parent,
                    )
                spawned.append(process)
            finally:
                started.set()
            process.wait()

        self._keeper = threading.Thread(target=keep, name="broker", daemon=True)
        self._keeper.start()
        started.wait()
        if not spawned:
            raise BrokerError(f"Mosquitto could not be run: {' '.join(command)}")
        return spawned[0]

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None or self._keeper is None:
            return
        process.send_signal(how)
        self._keeper.join(STOP_S)
        if self._keeper.is_alive():
            process.kill()
            self._keeper.join()

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            log = (self._directory / "mosquitto.log").read_text(errors="replace")
            return " / ".join(log.splitlines()[-3:])
        return "no log"


def _program() -> str:
    """Debian puts it into /usr/sbin, which is not on everybody's PATH."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
    program = shutil.which("mosquitto", path=path)
    if program is None:
        raise BrokerError("Mosquitto is not installed: apt-get install mosquitto")
    return program


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
        return True
    return False
