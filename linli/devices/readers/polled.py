"""A reader that is asked for its card: polls, debounces, reads messages, comes back after an
outage. The electronics are a `Frontend`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from linli.devices.readers import presence
from linli.devices.readers.activation import Target
from linli.devices.readers.base import CardSeen, CardTalk, Chip, ReaderState
from linli.devices.readers.frontend import (
    CardLostError,
    Frontend,
    ReaderGoneError,
    ReaderLineError,
)
from linli.devices.readers.type4 import MalformedAnswerError, ndef_reading

POLL_S = 0.05
BACK_OFF_S, LONGEST_BACK_OFF_S = 0.2, 2.0
STRIKES = 3
"""Failed polls in a row after which the device is closed and opened anew."""

Sink = Callable[[CardSeen | ReaderState], None]


class PolledReader:
    """A `CardReader` (see base.py).

    - `open_frontend` raises ReaderLineError where the reader is not there or is no such reader.
    - `monotonic` is the clock that taps are stamped with, in seconds.
    """

    def __init__(
        self,
        name: str,
        open_frontend: Callable[[], Frontend],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._open = open_frontend
        self._monotonic = monotonic
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._presence: presence.State = presence.Empty()
        self._up: bool | None = None
        self._talk: CardTalk | None = None

    def speak_by(self, talk: CardTalk) -> None:
        self._talk = talk

    def start(self, sink: Sink) -> None:
        self._sink = sink
        self._thread = threading.Thread(target=self._run, name=f"reader {self.name}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        if self._thread is not None:
            self._thread.join()

    # --- the reader's thread -----------------------------------------------------------------

    def _run(self) -> None:
        back_off = BACK_OFF_S
        while not self._closing.is_set():
            try:
                frontend = self._open()
            except ReaderLineError as error:
                self._tell(up=False, reason=str(error))
                self._closing.wait(back_off)
                back_off = min(LONGEST_BACK_OFF_S, 2 * back_off)
                continue
            back_off = BACK_OFF_S
            self._serve(frontend)

    def _serve(self, frontend: Frontend) -> None:
        self._tell(up=True, reason="ready")
        try:
            self._poll_until_closing(frontend)
        except ReaderLineError as error:
            self._tell(up=False, reason=str(error))
            self._observe(presence.Outage(), frontend)
        finally:
            frontend.close()

    def _poll_until_closing(self, frontend: Frontend) -> None:
        strikes = 0
        while not self._closing.wait(POLL_S):
            try:
                self._poll(frontend)
                strikes = 0
            except ReaderGoneError:
                raise
            except ReaderLineError:
                strikes += 1
                if strikes == STRIKES:
                    raise

    def _poll(self, frontend: Frontend) -> None:
        at = self._monotonic()
        target = frontend.find()
        if target is None:
            self._observe(presence.Missing(), frontend)
            return
        self._observe(presence.Sighted(target, at), frontend)
        self._speak(target, frontend)
        frontend.field_off()

    def _speak(self, target: Target, frontend: Frontend) -> None:
        """After the tap was told: the person has been answered already."""
        told = isinstance(self._presence, presence.Latched)
        if self._talk is None or not told or target.chip is not Chip.ISO_DEP or target.random_uid:
            return
        if self._talk.wants(target.uid):
            self._talk.speak(target.uid, frontend.exchange)

    def _observe(self, observation: presence.Observation, frontend: Frontend) -> None:
        self._presence, effects = presence.step(self._presence, observation, frontend.misses)
        for effect in effects:
            match effect:
                case presence.Read():
                    self._observe(_read(frontend), frontend)
                case presence.Report():
                    self._report(effect)

    def _report(self, tap: presence.Report) -> None:
        target = tap.target
        self._sink(
            CardSeen(
                reader=self.name,
                uid=target.uid,
                chip=target.chip,
                ndef=tap.ndef,
                monotonic=tap.since,
                random_uid=target.random_uid,
                torn=tap.torn,
            )
        )

    def _tell(self, *, up: bool, reason: str) -> None:
        if up is not self._up:
            self._up = up
            self._sink(ReaderState(self.name, up, reason))


def _read(frontend: Frontend) -> presence.ReadDone | presence.ReadTorn:
    reading = ndef_reading()
    command = next(reading)
    try:
        while True:
            command = reading.send(frontend.exchange(command))
    except StopIteration as done:
        return presence.ReadDone(done.value)
    except (CardLostError, MalformedAnswerError):
        return presence.ReadTorn()
