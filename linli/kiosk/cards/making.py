"""Speaks with the cards that lie on a reader, for the ledger: makes the one that was ordered, and
renews the keys of those whose turn it is.

`wants` and `speak` are called by readers' threads, the rest by the attendant's. Renewing keys waits
for no slow network: the next person's card is not seen meanwhile.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from linli.devices.readers.base import Exchange
from linli.kiosk.cards.carrying import carry
from linli.kiosk.network.ledger_asks import NotReachedError
from linli.sync.asks import Answer, Ask, Declined
from linli.sync.card_asks import AskCardOrders, CardMade, CardOrder, CardOrders
from linli.sync.clock import Clock

log = structlog.get_logger()
PATIENCE_S, RENEWING_PATIENCE_S = 12.0, 1.5
"""How long an answer is waited for, while the clerk watches and while nobody does."""
SLICE_S = 0.1
"""How soon a wait ends when the terminal is closed."""
AGAIN_S = 600.0
"""After this a card whose keys could not be renewed is tried again; a torn one at its next tap."""
LOOKED_AT_S = 2.0
"""A card that lies there is not looked up at every poll."""
TRIED_KEPT = 1000
NAME_BYTES = 12


class Posting(Protocol):
    """`LedgerAsks`."""

    def post(
        self,
        ask: Ask,
        then: Callable[[Answer | NotReachedError], None],
        *,
        later: bool = False,
    ) -> None: ...


@dataclass(frozen=True)
class Progress:
    """`step` grows while it goes on; at the end there is `made`, or a `reason` of
    `sync.asks.REASONS`, or neither where the ledger was not reached."""

    step: int = 0
    made: CardMade | None = None
    reason: str = ""
    over: bool = False


@dataclass(frozen=True)
class _Job:
    order: str
    tell: Callable[[Progress], None]


class CardMaking:
    """A `CardTalk` for all readers of a terminal. `due` says whether the keys of the card with this
    UID are to be renewed, `online` whether it is worth trying; cards that `spared` names are never
    made into others: the maintainer's own lies there first."""

    def __init__(
        self,
        asks: Posting,
        clock: Clock,
        *,
        due: Callable[[bytes], bool],
        online: Callable[[], bool],
        spared: Callable[[bytes], bool],
    ) -> None:
        self._asks, self._clock = asks, clock
        self._due, self._online, self._spared = due, online, spared
        self._lock = threading.Lock()
        self._job: _Job | None = None
        self._refused: set[bytes] = set()
        self._tried: dict[bytes, float] = {}
        self._closing = threading.Event()

    # --- the attendant's ---------------------------------------------------------------------

    def orders(self, then: Callable[[tuple[CardOrder, ...] | None], None]) -> None:
        """Ask which cards are to be made; None where the ledger was not reached."""
        self._asks.post(
            AskCardOrders(), lambda a: then(a.orders if isinstance(a, CardOrders) else None)
        )

    def make(self, order: str, tell: Callable[[Progress], None]) -> None:
        """The next card that lies there is made for this order; `tell` is called from a reader's
        thread."""
        with self._lock:
            self._job, self._refused = _Job(order, tell), set()

    def stop(self) -> None:
        """A card that is being written is left as it is: it is finished another time."""
        with self._lock:
            self._job = None

    def close(self) -> None:
        """Nobody waits for an answer any more: readers can be closed at once."""
        self._closing.set()

    # --- the readers' ------------------------------------------------------------------------

    def wants(self, uid: bytes) -> bool:
        if self._closing.is_set():
            return False
        with self._lock:
            if self._job is not None:
                return uid not in self._refused and not self._spared(uid)
        if not self._online() or self._lately(uid):
            return False
        if self._due(uid):
            return True
        self._note(uid, LOOKED_AT_S)
        return False

    def speak(self, uid: bytes, exchange: Exchange) -> None:
        with self._lock:
            job = self._job
        if job is None:
            self._renew(uid, exchange)
        else:
            self._make(job, uid, exchange)

    def _make(self, job: _Job, uid: bytes, exchange: Exchange) -> None:
        self._tell(job, Progress(step=1))
        end = carry(
            lambda ask: self._ask(ask, PATIENCE_S),
            exchange,
            uid,
            job.order,
            secrets.token_hex(NAME_BYTES),
            lambda step: self._tell(job, Progress(step=step)),
        )
        match end:
            case CardMade():
                self._end(job)
                progress = Progress(made=end, over=True)
            case Declined(reason=reason):
                if reason not in ("card-torn", "talk-over"):
                    with self._lock:
                        self._refused.add(uid)  # it lies there still
                progress = Progress(reason=reason, over=True)
            case _:
                with self._lock:
                    self._refused.add(uid)
                progress = Progress(over=True)
        job.tell(progress)

    def _renew(self, uid: bytes, exchange: Exchange) -> None:
        self._note(uid)
        end = carry(
            lambda ask: self._ask(ask, RENEWING_PATIENCE_S, later=True),
            exchange,
            uid,
            "",
            secrets.token_hex(NAME_BYTES),
        )
        reason = end.reason if isinstance(end, Declined) else ""
        log.info("card keys", renewed=isinstance(end, CardMade), reason=reason)
        if reason == "card-torn":
            self._tried.pop(uid, None)

    def _ask(self, ask: Ask, patience: float, *, later: bool = False) -> Answer | NotReachedError:
        """Wait in this thread for what the asks' own thread is answered."""
        came, answers = threading.Event(), list[Answer | NotReachedError]()

        def then(answer: Answer | NotReachedError) -> None:
            answers.append(answer)
            came.set()

        self._asks.post(ask, then, later=later)
        until = self._clock.monotonic() + patience
        while not came.wait(SLICE_S):
            if self._closing.is_set() or self._clock.monotonic() >= until:
                return NotReachedError("the ledger takes too long", heard=True)
        return answers[0]

    def _tell(self, job: _Job, progress: Progress) -> None:
        with self._lock:
            current = self._job is job
        if current:
            job.tell(progress)

    def _end(self, job: _Job) -> None:
        with self._lock:
            if self._job is job:
                self._job = None

    def _lately(self, uid: bytes) -> bool:
        return self._clock.monotonic() < self._tried.get(uid, 0.0)

    def _note(self, uid: bytes, quiet_s: float = AGAIN_S) -> None:
        if len(self._tried) >= TRIED_KEPT:
            self._tried.clear()
        self._tried[uid] = self._clock.monotonic() + quiet_s
