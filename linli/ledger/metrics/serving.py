"""Serves the figures, on the loopback alone: whoever is on this machine may read them, nobody else.

A Prometheus elsewhere reaches them over an SSH tunnel, or a web server that asks for a password.
"""

from __future__ import annotations

from threading import Thread
from wsgiref.simple_server import WSGIServer

from prometheus_client import start_http_server

from linli.ledger.metrics.meters import Meters

HERE = "127.0.0.1"


class MetricsError(OSError):
    """The figures cannot be served; the text says why."""


class MetricsServer:
    """With port 0 the system chooses one; `port` is known after `start`."""

    def __init__(self, meters: Meters, port: int) -> None:
        self._meters, self.port = meters, port
        self._running: tuple[WSGIServer, Thread] | None = None

    def start(self) -> None:
        """Raises MetricsError."""
        try:
            self._running = start_http_server(self.port, HERE, self._meters.registry)
        except (OSError, OverflowError) as error:
            raise MetricsError(f"no figures at port {self.port}: {error}") from error
        self.port = self._running[0].server_port

    def close(self) -> None:
        if self._running is not None:
            server, thread = self._running
            server.shutdown()
            thread.join()
            server.server_close()
