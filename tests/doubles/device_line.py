"""A line to a simulated device in memory, under a clock that only goes on while somebody waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from doubles.clock import HandClock
from linli.devices.simulated.line_faults import LineFaults
from linli.firmware_bridge.errors import LineGoneError

STEP_S = 0.005


class Device(Protocol):
    """Bytes in, bytes out."""

    def receive(self, data: bytes) -> bytes: ...

    def tick(self) -> object: ...


class DeviceLine:
    """A `Line` (linli/firmware_bridge/client.py). Waiting for bytes lets time go on, and
    `on_step` is called at each step, so that a test can act in the middle of a request."""

    def __init__(self, device: Device, clock: HandClock, faults: LineFaults | None = None) -> None:
        self.device = device
        self.faults = faults or LineFaults()
        self._clock = clock
        self.plugged = True
        self.on_step: Callable[[], None] = lambda: None
        self.written: list[bytes] = []
        self._coming: list[tuple[float, bytes]] = []

    @property
    def now(self) -> float:
        return self._clock.seconds

    def pause(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now < until - 1e-9:
            self._step()

    def ready(self) -> None:
        self._check()

    def write(self, data: bytes) -> None:
        self._check()
        self.written.append(data)
        answer = self.device.receive(self.faults.arriving(data))
        if answer:
            reply = self.faults.reply(answer)
            self._coming.append((self.now + reply.after_s, reply.data))

    def read(self, timeout_s: float) -> bytes:
        until = self.now + timeout_s
        while not (came := self._came()) and self.now < until:
            self._step()
            self._check()
        return came

    def drop_input(self) -> None:
        self._check()
        self._came()

    def close(self) -> None:
        self.plugged = False

    def _step(self) -> None:
        self._clock.pass_(seconds=STEP_S)
        told = self.device.tick()
        if isinstance(told, bytes) and told:
            self._coming.append((self.now, self.faults.arriving(told)))
        self.on_step()

    def _came(self) -> bytes:
        if not self.plugged:
            return b""
        due = [data for at, data in self._coming if at <= self.now]
        self._coming = [(at, data) for at, data in self._coming if at > self.now]
        return b"".join(due)

    def _check(self) -> None:
        if not self.plugged:
            self._coming.clear()
            raise LineGoneError("the cable was pulled out")
