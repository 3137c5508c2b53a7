"""The PC/SC driver over Debian's pcscd, whose virtual reader has simulated cards."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from linli.devices.readers.activation import Target
from linli.devices.readers.pcsc import MISSES, PcscFrontend, PcscReader
from linli.devices.readers.polled import POLL_S, PolledReader
from linli.devices.simulated.field import Field
from linli.devices.simulated.vpcd_reader import VpcdReader
from tests.contract.readers.bench import PATIENCE_S, ReaderBench
from tests.contract.readers.pcscd import Pcscd, free_port

SERVICE_LOOKS_S = 1.0
"""Longer than it takes from a card on the antenna, or off it, to the driver's next poll."""


class PcscBench(ReaderBench):
    absence = MISSES

    def __init__(
        self,
        directory: Path,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        service: Pcscd,
    ) -> None:
        super().__init__()
        self.field = Field()
        self._service = service
        self._port = free_port()
        self._antenna = VpcdReader(self._port, self.field)
        self._finds: list[Target | None] = []
        self.reader = PolledReader("front", self._counted, monotonic)
        self.replug()

    def polls(self) -> int:
        return len(self._finds)

    def unplug(self) -> None:
        self._service.stop()

    def replug(self) -> None:
        self._service.start(self._port)

    def disturb(self, noise: bytes) -> None:
        """Whatever comes to the driver that is no connected card's."""

    def another(self) -> PcscReader:
        return PcscReader("second")

    def program(self) -> str:
        return "from linli.devices.readers.pcsc import PcscReader\nreader = PcscReader('front')"

    def release(self) -> None:
        self._antenna.close()
        self._service.stop()

    def take_away(self) -> None:
        """The service looks every 400 ms."""
        self.field.remove()
        self._until_missed(self.absence)

    def let_poll(self, times: int) -> None:
        """What was laid down or taken away is not seen before the service has looked."""
        super().let_poll(times + int(SERVICE_LOOKS_S / POLL_S))

    def flicker(self) -> None:
        """Not heard once, which the service takes for 0.4 s without a card."""
        self.field.flicker(1)
        self._until_missed(1)

    def _until_missed(self, times: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self._finds[-times:] != [None] * times:
            assert time.monotonic() < deadline, "the card is still there"
            time.sleep(0.005)

    def _counted(self) -> PcscFrontend:
        frontend = PcscFrontend("")
        find = frontend.find

        def counted() -> Target | None:
            found = find()
            self._finds.append(found)
            return found

        frontend.find = counted  # type: ignore[method-assign]
        return frontend
