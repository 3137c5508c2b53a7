"""Publishes the outbox until the ledger has confirmed it: one thread between `Outbox` and `Link`.

What is published when is decided in `resends.py`; this is the shell around it.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from random import Random

import structlog
from sqlalchemy.exc import SQLAlchemyError

from linli.sync import topics
from linli.sync.clock import Clock
from linli.sync.link import Link
from linli.sync.messages import Ack
from linli.sync.outbox import Outbox, Sealed, WatermarkError
from linli.sync.parsing import parse
from linli.sync.resends import IN_FLIGHT, Resends
from linli.sync.signing import MalformedError

log = structlog.get_logger()
TROUBLE_S = 1.0
"""Pause after a database error or a full send queue."""
SCREEN_FIRST_S = 0.03
"""To sign and to send would take the processor from the screen that tells the person."""


class Uplink:
    """Sends what the outbox holds. `poke` after each committed event; it may be called from any
    thread and returns at once. Register it on the link before the link is started."""

    def __init__(
        self,
        outbox: Outbox,
        link: Link,
        clock: Clock,
        random: Random | None = None,
        confirmed: Callable[[int], None] = lambda watermark: None,
    ) -> None:
        """`confirmed` is told each watermark that took events off the outbox."""
        self._outbox = outbox
        self._link = link
        self._clock = clock
        self._confirmed = confirmed
        self._resends = Resends(random or Random())
        self._topic = topics.events(outbox.terminal)
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._reconnected = threading.Event()
        self._wake = threading.Event()
        self._poked = threading.Event()
        self._stopped = False
        self._troubled = False
        self.malformed = 0
        """Answers that were not for this terminal or not an answer at all."""
        self._thread = threading.Thread(target=self._run, name="uplink", daemon=True)
        link.subscribe(topics.ack(outbox.terminal), self._take_answer)
        link.on_state(self._take_state)

    def start(self) -> None:
        self._thread.start()

    def poke(self) -> None:
        """Something was committed: it is sent once the screen has had its moment."""
        self._poked.set()
        self._wake.set()

    def close(self) -> None:
        """Stop; what is not confirmed stays in the outbox for the next start."""
        self._stopped = True
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _take_answer(self, _topic: str, payload: bytes) -> None:
        self._answers.put(payload)
        self._wake.set()

    def _take_state(self, online: bool) -> None:
        if online:
            self._reconnected.set()
        self._wake.set()

    def _run(self) -> None:
        while not self._stopped:
            wait = self._round()
            self._wake.wait(wait)
            if self._poked.is_set():
                self._poked.clear()
                time.sleep(SCREEN_FIRST_S)
            self._wake.clear()

    def _round(self) -> float | None:
        """Do what is due; returns seconds until the next look, None where only a wake-up can
        bring work."""
        try:
            while not self._answers.empty():
                self._settle(self._answers.get())
            wait = self._publish()
        except (OSError, SQLAlchemyError) as error:
            if not self._troubled:
                log.warning("outbox not usable, trying again", error=str(error))
            self._troubled = True
            return TROUBLE_S
        if self._troubled:
            log.info("outbox usable again")
        self._troubled = False
        return wait

    def _settle(self, payload: bytes) -> None:
        try:
            ack = parse(payload, Ack)
        except MalformedError as error:
            self._complain(str(error))
            return
        if ack.terminal != self._outbox.terminal:
            self._complain("it is another terminal's")
            return
        try:
            settled = self._outbox.settle(ack.watermark, ack.batch, ack.digest)
        except WatermarkError as error:
            self._complain(str(error))
            return
        if settled > 0:
            self._confirmed(ack.watermark)
        pending = [batch.number for batch in self._outbox.pending_batches(IN_FLIGHT)]
        self._resends.answered(pending, settled > 0, self._clock.monotonic())

    def _complain(self, reason: str) -> None:
        if self.malformed == 0:
            log.warning("ledger's answer ignored, further ones are only counted", reason=reason)
        self.malformed += 1

    def _publish(self) -> float | None:
        if not self._link.online:
            return None
        if self._reconnected.is_set():
            self._reconnected.clear()
            self._resends.reconnected()
        batches = self._in_flight()
        pending = list(batches)
        for number in self._resends.due(pending, self._clock.monotonic()):
            if not self._link.publish(self._topic, batches[number].payload):
                return TROUBLE_S
            self._resends.published(number, self._clock.monotonic())
        due = self._resends.next_due(pending)
        return None if due is None else max(0.0, due - self._clock.monotonic())

    def _in_flight(self) -> dict[int, Sealed]:
        """Up to IN_FLIGHT batches. New ones are only formed while there is room, so that what
        piles up offline travels in full batches."""
        batches = self._outbox.pending_batches(IN_FLIGHT)
        if len(batches) < IN_FLIGHT:
            batches += self._outbox.form(IN_FLIGHT - len(batches))
        return {batch.number: batch for batch in batches}
