"""A line to a program of the town: touch this, save a picture. JSON lines on a Unix socket.

Only the demo opens it; an installed terminal has no such socket.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

Handler = Callable[[str], None]


class ControlServer:
    """Answers `{"do": name, "with": text}` by calling the handler and then saying
    `{"ok": true}`. What is no such order ends the connection."""

    def __init__(self, path: Path, handlers: Mapping[str, Handler]) -> None:
        self._path = path
        self._handlers = handlers
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        path.unlink(missing_ok=True)
        self._socket.bind(os.fspath(path))
        self._socket.listen(4)
        self._thread = threading.Thread(target=self._accept, name="control", daemon=True)
        self._thread.start()

    def close(self) -> None:
        # Closing alone leaves the thread in accept(2) for ever.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rw", encoding="utf-8") as lines:
            for line in lines:
                try:
                    order = json.loads(line)
                    handler, argument = self._handlers[order["do"]], str(order["with"])
                except (ValueError, KeyError, TypeError):
                    return
                handler(argument)
                lines.write('{"ok": true}\n')
                lines.flush()


class ControlClient:
    """The other end. `do` waits for the answer; raises ConnectionError when the program is gone."""

    def __init__(self, path: Path, wait_s: float = 20.0) -> None:
        self._socket = _connect(path, wait_s)
        self._lines = self._socket.makefile("rw", encoding="utf-8")
        self._lock = threading.Lock()

    def do(self, name: str, argument: str = "") -> None:
        with self._lock:
            self._lines.write(json.dumps({"do": name, "with": argument}) + "\n")
            self._lines.flush()
            if not self._lines.readline():
                raise ConnectionError(f"the program went away during {name!r}")

    def close(self) -> None:
        self._lines.close()
        self._socket.close()


def _connect(path: Path, wait_s: float) -> socket.socket:
    deadline = time.monotonic() + wait_s
    while True:
        attempt = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            attempt.connect(os.fspath(path))
        except OSError as error:
            attempt.close()
            if time.monotonic() > deadline:
                raise ConnectionError(f"no program answers at {path}") from error
            time.sleep(0.05)
        else:
            return attempt
