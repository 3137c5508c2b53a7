"""Hears which jobs the ledger has for this terminal, and has them done.

A thread of its own: paho's only hands over, and what a job takes waits for nobody. Of lists that
come faster than they can be read the newest counts, so a flood costs no memory and few seconds.
"""

from __future__ import annotations

from threading import Condition, Thread

import structlog

from linli.kiosk.jobs.desk import Desk
from linli.sync import topics
from linli.sync.clock import Clock
from linli.sync.job_messages import MESSAGE_BYTES
from linli.sync.link import Link

log = structlog.get_logger()
LOOK_S = 1.0
CALM_S = 0.5
"""Lists are read so far apart at least."""
JOIN_S = 2.0


class JobKeeper:
    """Make it before the link is started."""

    def __init__(self, desk: Desk, terminal: str, link: Link, clock: Clock) -> None:
        self._desk, self._terminal, self._clock = desk, terminal, clock
        self._changed = Condition()
        self._list: bytes | None = None
        self._connected = self._closing = False
        self._read_at = float("-inf")
        self._thread = Thread(target=self._run, name="jobs", daemon=True)
        link.subscribe(topics.jobs(terminal), lambda _, payload: self._heard(payload))
        link.on_state(self._linked)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """A result that is on its way is left to its time-outs. Also before `start`."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join(JOIN_S)

    def _heard(self, payload: bytes) -> None:
        if len(payload) > MESSAGE_BYTES:
            log.warning("a list of jobs is too long", terminal=self._terminal)
            return
        if not payload:
            return  # the ledger took its retained message away
        with self._changed:
            self._list = payload
            self._changed.notify()

    def _linked(self, online: bool) -> None:
        if online:
            with self._changed:
                self._connected = True
                self._changed.notify()

    # --- in its thread -------------------------------------------------------------------------

    def _run(self) -> None:
        while (news := self._wait()) is not None:
            connected, payload = news
            try:
                if connected:
                    self._desk.connected()
                if payload is not None:
                    self._desk.listed(payload)
                self._desk.turn()
            except Exception:
                # Without this thread nobody could help the terminal from afar.
                log.exception("jobs stumbled")

    def _wait(self) -> tuple[bool, bytes | None] | None:
        """Whether the link was made, and the newest list; None at the end. Once a second while
        there is something to be done."""
        with self._changed:
            if not (self._closing or self._connected or self._due()):
                idle = self._desk.idle and self._list is None
                self._changed.wait(None if idle else self._patience())
            if self._closing:
                return None
            connected, self._connected = self._connected, False
            payload = None
            if self._due():
                payload, self._list = self._list, None
                self._read_at = self._clock.monotonic()
            return connected, payload

    def _due(self) -> bool:
        return self._list is not None and self._until_read() <= 0

    def _until_read(self) -> float:
        return self._read_at + CALM_S - self._clock.monotonic()

    def _patience(self) -> float:
        return LOOK_S if self._list is None else max(0.0, min(LOOK_S, self._until_read()))
