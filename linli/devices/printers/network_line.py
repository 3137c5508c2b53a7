"""A printer on the network: a TCP connection to its raw port (9100, as HP's JetDirect began it).

A cable that is pulled out says nothing, and TCP would deliver what was written long after somebody
has put it in again: half a slip of an hour ago. So a connection on which something was said and
nothing answered is torn down with all that is still under way, before anything else is said.
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading

from linli.firmware_bridge.errors import LineGoneError

PORT = 9100
CONNECT_S, WRITE_S = 2.0, 2.0
UNHEARD_MS = 5_000
"""TCP gives up so long after it has sent something that is not acknowledged."""
AT_ONCE = struct.pack("ii", 1, 0)
MOST = 4096


class NetworkLine:
    """A `Line` (linli/firmware_bridge/client.py), connected at first need and again after it was
    lost. Most printers talk to one computer at a time."""

    def __init__(self, host: str, port: int = PORT) -> None:
        self._host, self._port = host, port
        self._socket: socket.socket | None = None
        self._unanswered = False
        self._opening = threading.Lock()
        self._closed = False

    def ready(self) -> None:
        with self._opening:
            if self._closed:
                raise LineGoneError(f"the connection to {self._host} was closed")
            if self._socket is not None and (self._unanswered or self._ended()):
                self._tear_down()
            if self._socket is None:
                self._socket, self._unanswered = self._connected(), False

    def write(self, data: bytes) -> None:
        connection = self._open_socket()
        try:
            connection.settimeout(WRITE_S)
            self._unanswered = True
            connection.sendall(data)
        except OSError as error:
            raise self._lost(error) from error

    def read(self, timeout_s: float) -> bytes:
        connection = self._open_socket()
        try:
            readable, _, _ = select.select([connection], [], [], max(0.0, timeout_s))
            if not readable:
                return b""
            data = connection.recv(MOST)
        except (OSError, ValueError) as error:  # ValueError: closed by another thread
            raise self._lost(error) from error
        if not data:
            raise self._lost("the printer ended it")
        self._unanswered = False
        return data

    def drop_input(self) -> None:
        while self.read(0.0):
            pass

    def close(self) -> None:
        """End the connection. May be called twice."""
        with self._opening:
            self._closed = True
            if self._socket is not None:
                self._socket.close()
            self._socket = None

    def _open_socket(self) -> socket.socket:
        if self._socket is None:
            raise LineGoneError(f"there is no connection to {self._host}")
        return self._socket

    def _connected(self) -> socket.socket:
        try:
            made = socket.create_connection((self._host, self._port), CONNECT_S)
        except OSError as error:
            raise LineGoneError(f"cannot reach {self._host}:{self._port}: {error}") from error
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNHEARD_MS)
        return made

    def _ended(self) -> bool:
        """The printer ended it meanwhile, as they do with a connection that is idle. Only where
        there is something to read: Python lets even a reading with MSG_DONTWAIT wait for as long
        as the socket's time-out, and would take the silence for the end."""
        connection = self._open_socket()
        try:
            readable, _, _ = select.select([connection], [], [], 0.0)
            return bool(readable) and connection.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True

    def _lost(self, why: object) -> LineGoneError:
        with self._opening:
            self._tear_down()
        return LineGoneError(f"the connection to {self._host} was lost: {why}")

    def _tear_down(self) -> None:
        """With what is on its way: lingering for no time makes TCP forget it."""
        ended, self._socket = self._socket, None
        if ended is None:
            return
        with contextlib.suppress(OSError):
            ended.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        ended.close()
