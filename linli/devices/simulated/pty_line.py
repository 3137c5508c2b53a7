"""A pseudo-terminal with a name that stays, as a USB serial port keeps its udev link."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import termios
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

from linli.devices.simulated.pn532_chip import Reply

SPEED_OF = {
    getattr(termios, f"B{speed}"): speed
    for speed in (9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600)
}
BEAT_S = 0.005
BITS_A_BYTE = 10
"""On the wire: a start bit, eight of data, a stop bit."""
Receive = Callable[[bytes, int], tuple[Reply, ...] | None]


class PtyLine:
    """Serves `receive` (see Pn532Chip) at `path`, a link to the pseudo-terminal of the moment.

    `unplug` does to whoever has it open what pulling a USB plug does. Both ends are held open
    here, so that the port survives being closed and opened by its user.
    """

    def __init__(
        self,
        path: Path,
        receive: Receive,
        beat: Callable[[], tuple[Reply, ...]] | None = None,
        *,
        forgets: bool = True,
    ) -> None:
        """`beat` is called every few milliseconds, for what happens without being asked.
        `forgets`: what comes in ends what was still to be said, as with the PN532.

        `paced` may be set: bytes then take the time that they would take on a wire at the host's
        speed, both ways. `carried` counts them, both ways."""
        self.path = path
        self._receive = receive
        self._beat = beat
        self._forgets = forgets
        self._watched: socket.socket | None = None
        self.paced = False
        self.carried = 0
        self._thread: threading.Thread | None = None

    def watch(self, source: socket.socket | None) -> None:
        """Call `beat` also as soon as `source` has something to read."""
        self._watched = source

    def plug(self) -> None:
        """Make the port and its link. Does nothing if it is there already."""
        if self._thread is not None:
            return
        self._chip_end, self._host_end = os.openpty()
        tty.setraw(self._host_end)
        os.set_blocking(self._chip_end, False)  # a UART does not wait for its reader either
        self._stopped, self._stop = os.pipe()
        self._outgoing: list[tuple[float, bytes]] = []
        self._write_lock = threading.Lock()
        beside = self.path.with_name(f".{self.path.name}.new")
        beside.symlink_to(os.ttyname(self._host_end))
        beside.replace(self.path)
        self._thread = threading.Thread(target=self._serve, name="simulated line", daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """Take port and link away; returns when no thread and no descriptor is left."""
        if self._thread is None:
            return
        self.path.unlink(missing_ok=True)
        os.write(self._stop, b"!")
        self._thread.join()
        self._thread = None
        for end in (self._chip_end, self._host_end, self._stopped, self._stop):
            os.close(end)

    def disturb(self, noise: bytes) -> None:
        """Noise on the wire towards the host. Only while plugged in."""
        self._write(noise)

    def _serve(self) -> None:
        while True:
            ready = self._readable()
            if self._stopped in ready:
                return
            if self._chip_end in ready:
                self._take(os.read(self._chip_end, 4096))
            if self._beat is not None:
                self._say(self._beat())
            self._send_due()

    def _readable(self) -> list[int]:
        ends = [self._chip_end, self._stopped]
        watched = -1 if self._watched is None else self._watched.fileno()
        if watched >= 0:
            ends.append(watched)
        try:
            return select.select(ends, [], [], self._patience())[0]
        except OSError:  # what was watched has been closed in this moment
            return []

    def _take(self, data: bytes) -> None:
        # The two ends share their settings, so the host's speed can be read at this end.
        speed = SPEED_OF.get(termios.tcgetattr(self._chip_end)[tty.OSPEED], 0)
        self.carried += len(data)
        replies = self._receive(data, speed)
        if replies is not None:
            if self._forgets:
                self._outgoing = []
            self._say(replies, speed, len(data))

    def _say(self, replies: tuple[Reply, ...], speed: int = 0, asked: int = 0) -> None:
        """`asked`: bytes that had to come in before."""
        a_byte_s = BITS_A_BYTE / speed if self.paced and speed else 0.0
        heard = time.monotonic() + asked * a_byte_s
        free = 0.0
        for reply in replies:
            free = max(free, heard + reply.after_s) + len(reply.data) * a_byte_s
            self._outgoing.append((free, reply.data))

    def _patience(self) -> float | None:
        longest = None if self._beat is None else BEAT_S
        if not self._outgoing:
            return longest
        due = max(0.0, self._outgoing[0][0] - time.monotonic())
        return due if longest is None else min(due, longest)

    def _send_due(self) -> None:
        while self._outgoing and self._outgoing[0][0] <= time.monotonic():
            self._write(self._outgoing.pop(0)[1])

    def _write(self, data: bytes) -> None:
        with self._write_lock, contextlib.suppress(BlockingIOError):
            self.carried += os.write(self._chip_end, data)
