"""Runs the ledger's HTTP in a thread of this process."""

from __future__ import annotations

import socket
import threading

import uvicorn
from fastapi import FastAPI

BACKLOG = 256
GRACE_S = 2
"""How long answers under way may take when the server closes."""


class ServerError(RuntimeError):
    """The server cannot take connections; the text says where and why."""


class HttpServer:
    """One server. With port 0 the system chooses one; `port` is known after `start`. Signal
    handlers of the process are left alone."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        self.host = host
        self.port = port
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
        )
        self._server = uvicorn.Server(config)
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, name="http", daemon=True)

    def start(self) -> None:
        """Returns when connections are taken. Raises ServerError."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        try:
            self._socket = socket.create_server(
                (self.host, self.port), family=family, backlog=BACKLOG
            )
        except OSError as error:
            raise ServerError(
                f"no connections can be taken at {self.host} port {self.port}: {error}"
            ) from error
        self.port = int(self._socket.getsockname()[1])
        self._thread.start()

    def close(self) -> None:
        """Take no more connections, finish the answers under way and end the thread."""
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join()
        if self._socket is not None:
            self._socket.close()

    def _run(self) -> None:
        if self._socket is not None:
            self._server.run(sockets=[self._socket])
