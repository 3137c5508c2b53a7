"""A simulated terminal as the ledger hears it: its events, numbered, chained and signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Raw

from linli.sync.messages import TYPE_OF_EVENT, Batch, Envelope, Event, encode
from linli.sync.outbox import BATCH_EVENTS
from linli.sync.signing import GENESIS, seal


class Sender:
    """Its clock was always good, and it never restarted. Where a real one keeps what it has in an
    outbox on its disk, this one forgets what was sent."""

    def __init__(self, terminal: str, key: Ed25519PrivateKey) -> None:
        self.key = key
        self._terminal = terminal
        self._seq, self._number, self._previous = 0, 0, GENESIS
        self._waiting: list[Envelope] = []

    def record(self, event: Event, at: dt.datetime) -> None:
        self._seq += 1
        self._waiting.append(
            Envelope(
                id=f"{self._terminal}/{self._seq}",
                source=self._terminal,
                type=TYPE_OF_EVENT[type(event)],
                time=at,
                seq=self._seq,
                bootid="simulated",
                monotonicms=self._seq,
                clockgood=True,
                data=Raw(encode(event)),
            )
        )

    def send(self) -> Iterator[tuple[bytes, dt.datetime]]:
        """Each batch of what was recorded since, and the moment of its last event."""
        waiting, self._waiting = self._waiting, []
        for start in range(0, len(waiting), BATCH_EVENTS):
            some = waiting[start : start + BATCH_EVENTS]
            self._number += 1
            batch = Batch(
                terminal=self._terminal,
                number=self._number,
                previous=self._previous,
                events=[Raw(encode(envelope)) for envelope in some],
            )
            payload, self._previous = seal(batch, self.key)
            yield payload, some[-1].time
