"""When a batch is published, and when again: the outbox's retry policy, without clock or network.

| what happened                                    | what becomes due                           |
|--------------------------------------------------|--------------------------------------------|
| formed, and fewer than `IN_FLIGHT` before it     | the batch, at once                         |
| published, no watermark for 2 s                  | the batch again; then later and later      |
| reconnected                                      | everything, at once                        |
| a watermark that settled something               | the rest of what is older than 2 s         |
| a watermark that settled nothing                 | the oldest batch, if it is older than 2 s  |

The last two rows: a ledger that answers is back, so what it missed need not sit out its wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from linli.sync.backoff import pause

IN_FLIGHT = 20
FIRST_S, CAP_S = 2.0, 60.0


@dataclass(frozen=True)
class Sent:
    """The last publish of one batch; times are monotonic seconds."""

    at: float
    due: float
    attempts: int


class Resends:
    """Remembers what was published when. `pending` is always the batch numbers not yet settled,
    in order."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._sent: dict[int, Sent] = {}

    def due(self, pending: Sequence[int], now: float) -> list[int]:
        """The batches to publish now, in order."""
        return [n for n in pending[:IN_FLIGHT] if n not in self._sent or self._sent[n].due <= now]

    def published(self, number: int, now: float) -> None:
        before = self._sent.get(number)
        attempts = before.attempts + 1 if before is not None else 0
        wait = max(FIRST_S, pause(attempts + 1, FIRST_S, CAP_S, self._random))
        self._sent[number] = Sent(now, now + wait, attempts)

    def reconnected(self) -> None:
        """Whatever was on its way may be lost with the connection."""
        self._sent.clear()

    def answered(self, pending: Sequence[int], progressed: bool, now: float) -> None:
        """The ledger sent a watermark; `pending` is what it left."""
        self._sent = {n: sent for n, sent in self._sent.items() if n in pending}
        for number in pending if progressed else pending[:1]:
            sent = self._sent.get(number)
            if sent is not None and now - sent.at >= FIRST_S:
                self._sent[number] = replace(sent, due=now, attempts=0)

    def next_due(self, pending: Sequence[int]) -> float | None:
        """When to look again, or None while nothing waits for an answer."""
        return min((self._sent[n].due for n in pending if n in self._sent), default=None)
