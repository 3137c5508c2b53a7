"""What a simulated device on the network has: a TCP port on the loopback, its cable, one guest at a
time. Others who connect wait without an answer, as with most printers."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time

from linli.devices.simulated.line_faults import LineFaults
from linli.devices.simulated.plugged_device import Chip

BEAT_S = 0.005
MOST = 4096


class NetworkedDevice:
    """`chip` at `host`:`port`, plugged in from the start. `unplug` pulls the cable: who is
    connected hears nothing of it, and what they send meanwhile waits to be sent again."""

    def __init__(self, chip: Chip, idle_s: float = 90.0) -> None:
        """A guest who says nothing for `idle_s` is put out."""
        self.faults = LineFaults()
        self.lock = threading.RLock()
        self.host, self.port = "127.0.0.1", 0
        self._chip, self._idle_s = chip, idle_s
        self._guest: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self.replug()

    def unplug(self) -> None:
        if self._thread is None:
            return
        self._stopping.set()
        self._thread.join()
        self._thread = None
        self._door.close()

    def replug(self) -> None:
        """Same address, same port. A guest who has given up meanwhile leaves nothing behind."""
        if self._thread is not None:
            return
        if self._guest is not None and _given_up(self._guest):
            self._put_out()
        self._door = socket.create_server((self.host, self.port), reuse_port=False)
        self.port = self._door.getsockname()[1]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="simulated port", daemon=True)
        self._thread.start()

    def disturb(self, noise: bytes) -> None:
        """Bytes to the guest that no command asked for."""
        self._say(noise)

    def close(self) -> None:
        self.unplug()
        self._put_out()

    def _serve(self) -> None:
        heard_at = time.monotonic()
        while not self._stopping.is_set():
            if self._look():
                heard_at = time.monotonic()
            elif time.monotonic() - heard_at > self._idle_s:
                self._put_out()
            with self.lock:
                told = self._chip.tick()
            self._say(told)

    def _look(self) -> bool:
        """Whether somebody came or said something."""
        watched = self._guest or self._door
        readable, _, _ = select.select([watched], [], [], BEAT_S)
        if not readable:
            return False
        if self._guest is None:
            self._guest, _ = self._door.accept()
            self._guest.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return True
        try:
            data = self._guest.recv(MOST)
        except OSError:
            data = b""
        if not data:
            self._put_out()
            return False
        with self.lock:
            answer = self._chip.receive(self.faults.arriving(data))
        self._say(answer)
        return True

    def _say(self, data: bytes) -> None:
        guest = self._guest
        if data and guest is not None:
            with contextlib.suppress(OSError):
                guest.sendall(data)

    def _put_out(self) -> None:
        guest, self._guest = self._guest, None
        if guest is not None:
            guest.close()


def _given_up(guest: socket.socket) -> bool:
    poll = select.poll()
    poll.register(guest, select.POLLIN)
    return any(told & (select.POLLHUP | select.POLLERR) for _, told in poll.poll(0))
