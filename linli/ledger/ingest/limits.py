"""How much one terminal may send before it is not listened to, and before it is set apart.
Pure but for `Allowance`, which several threads may ask.

What is over a limit is dropped and not answered, so that nothing of an honest terminal is lost: it
sends everything again until the ledger has it. The limits stand where no honest terminal comes:

- a month without the network and 100,000 taps are 1,000 full batches, some 45 MB, sent 20 at a
  time as they are answered;
- afterwards people tap a few times a minute;
- what is not answered is sent again after 2 s at the earliest, at most 20 batches (`sync.resends`):
  ten a second at worst, which is half of what is forgiven here.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from msgspec import DecodeError, Raw, Struct
from msgspec.json import Decoder

from linli.sync.clock import Clock
from linli.sync.messages import learn


@dataclass(frozen=True, slots=True)
class Rate:
    """`at_once` may come in one go, and `each_s` more with every second."""

    at_once: float
    each_s: float


MIB = 2.0**20
BATCHES = Rate(1_000, 100)
BATCH_BYTES = Rate(256 * MIB, 32 * 1024)
EVENTS = Rate(250_000, 10)
OTHERS = Rate(300, 5)
"""Presence, settings, jobs, health and log lines, each topic of a terminal for itself."""
OTHER_BYTES = Rate(8 * MIB, 64 * 1024)
WORK_S = Rate(300, 0.25)
"""Seconds of the processor that a terminal's batches may cost: a month's take some forty. Whatever
is found that makes a batch expensive, nobody has the ledger for themselves."""
FORGIVEN = Rate(2_000, 20)
"""How much over the limits is taken for an accident. Beyond it a terminal is set apart: after
seconds of a flood, after minutes of a little too much, never for what an honest one sends again."""


class Bucket:
    """A token bucket; it begins full. Times are monotonic seconds."""

    __slots__ = ("_at", "_left", "_rate")

    def __init__(self, rate: Rate, now: float) -> None:
        self._rate = rate
        self._left = rate.at_once
        self._at = now

    def take(self, count: float, now: float) -> bool:
        """Whether there was so much; then it is gone."""
        self._fill(now)
        if count > self._left:
            return False
        self._left -= count
        return True

    def charge(self, count: float, now: float) -> bool:
        """Take what was used already, also more than there was; whether there was so much."""
        self._fill(now)
        self._left -= count
        return self._left >= 0

    def full(self, now: float) -> bool:
        """Whether it is as if nothing had ever been taken."""
        self._fill(now)
        return self._left >= self._rate.at_once

    def _fill(self, now: float) -> None:
        passed = max(0.0, now - self._at)
        self._left = min(self._rate.at_once, self._left + passed * self._rate.each_s)
        self._at = now


class Sender:
    """One terminal's account of what it sent; `over` counts what was dropped."""

    def __init__(self, now: float) -> None:
        self.over = 0
        self._batches, self._batch_bytes = Bucket(BATCHES, now), Bucket(BATCH_BYTES, now)
        self._events = Bucket(EVENTS, now)
        self._others: dict[str, Bucket] = {}
        self._other_bytes = Bucket(OTHER_BYTES, now)
        self._work = Bucket(WORK_S, now)
        self._forgiven = Bucket(FORGIVEN, now)
        self._beyond = False

    def batch(self, size: int, now: float) -> bool:
        """Whether a batch of so many bytes may come."""
        fits = self._batches.take(1, now) and self._batch_bytes.take(size, now)
        return self._judged(fits, now)

    def events(self, count: int, now: float) -> bool:
        """Whether so many events of a batch that came may be looked at."""
        return self._judged(self._events.take(count, now), now)

    def other(self, what: str, size: int, now: float) -> bool:
        """Whether a message on another topic, `what` after the terminal's name, may come."""
        bucket = self._others.setdefault(what, Bucket(OTHERS, now))
        return self._judged(bucket.take(1, now) and self._other_bytes.take(size, now), now)

    def worked(self, seconds: float, now: float) -> None:
        """Its batches took so much of the processor."""
        if not self._work.charge(seconds, now):
            self._beyond = True

    def beyond(self) -> bool:
        """Whether more was over the limits than is forgiven."""
        return self._beyond

    def quiet(self, now: float) -> bool:
        """Whether nothing of it has to be remembered."""
        mine = (self._batches, self._batch_bytes, self._events, self._work)
        others = (self._other_bytes, self._forgiven, *self._others.values())
        return not self._beyond and all(bucket.full(now) for bucket in (*mine, *others))

    def _judged(self, fits: bool, now: float) -> bool:
        if not fits:
            self.over += 1
            if not self._forgiven.take(1, now):
                self._beyond = True
        return fits


class Allowance:
    """A bucket for each name, for any number of threads: what comes on another way than the broker
    is counted by itself."""

    def __init__(self, rate: Rate, clock: Clock) -> None:
        self._rate, self._clock = rate, clock
        self._lock = threading.Lock()
        self._buckets: dict[str, Bucket] = {}

    def allows(self, name: str, count: float) -> bool:
        """Whether so much may come; then it is counted."""
        now = self._clock.monotonic()
        with self._lock:
            bucket = self._buckets.setdefault(name, Bucket(self._rate, now))
            return bucket.take(count, now)


class _Counted(Struct):
    events: list[Raw]


class _Sealed(Struct):
    batch: _Counted


learn(_Sealed)
_sealed = Decoder(_Sealed)


def events_in(payload: bytes) -> int:
    """How many events a batch holds, before anybody vouches for it; 1 for what is no batch."""
    try:
        return max(1, len(_sealed.decode(payload).batch.events))
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return 1
