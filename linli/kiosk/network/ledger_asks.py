"""Asks the ledger what somebody at the terminal waits for, on a thread of its own."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import requests
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from urllib3.exceptions import HTTPError, MaxRetryError, NameResolutionError, NewConnectionError

from linli.sync.asks import Answer, Ask, read_answer, seal_ask
from linli.sync.clock import Clock
from linli.sync.signing import MalformedError
from linli.sync.whole_body import NotWholeError, whole_body

log = structlog.get_logger()
CONNECT_S, READ_S = 3.0, 8.0
SIZE_CAP = 1024 * 1024
"""No answer is larger; the largest is a proof."""
JOIN_S = 1.0


class NotReachedError(OSError):
    """The ledger gave no answer; the text says why. `heard` where it may have taken the ask all the
    same: then ask again under the same request, to know."""

    def __init__(self, text: str, *, heard: bool) -> None:
        super().__init__(text)
        self.heard = heard


Then = Callable[[Answer | NotReachedError], None]


@dataclass(order=True)
class _Asked:
    """Taken in the order of its first two fields; without an ask it only wakes the thread."""

    later: bool
    number: int
    ask: Ask | None = field(default=None, compare=False)
    then: Then = field(default=lambda _: None, compare=False)


class LedgerAsks:
    """Asks the ledger at `base_url` in the name of `terminal`, signed with its key, one ask at a
    time. `post` may be called from any thread."""

    def __init__(
        self,
        base_url: str,
        terminal: str,
        key: Ed25519PrivateKey,
        clock: Clock,
        session: requests.Session,
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/v1/terminals/{terminal}/ask"
        self._terminal = terminal
        self._key = key
        self._clock = clock
        self._session = session
        self._asked: queue.PriorityQueue[_Asked] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="asks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def post(self, ask: Ask, then: Then, *, later: bool = False) -> None:
        """Returns at once; `then` is told the answer, or why there is none, on this class's thread
        and must be quick. `later` lets asks that somebody stands there for go first."""
        self._asked.put(_Asked(later, next(self._numbers), ask, then))

    def close(self) -> None:
        """An ask under way is left to its time-outs; its answer, and all that wait, go nowhere.
        Also before `start`."""
        self._closed.set()
        self._asked.put(_Asked(False, -1))
        if self._thread.ident is not None:
            self._thread.join(JOIN_S)

    def _run(self) -> None:
        while True:
            asked = self._asked.get()
            if asked.ask is None or self._closed.is_set():
                return
            answer = self._answer(asked.ask)
            if self._closed.is_set():
                return
            try:
                asked.then(answer)
            except Exception:
                # Whoever asked may be wrong; the next one at the terminal still gets an answer.
                log.exception("an answer of the ledger was not taken")

    def _answer(self, ask: Ask) -> Answer | NotReachedError:
        payload = seal_ask(self._terminal, self._clock.now(), ask, self._key)
        try:
            return read_answer(self._post(payload))
        except NotReachedError as error:
            log.info("the ledger was not reached", error=str(error), heard=error.heard)
            return error
        except MalformedError as error:
            return NotReachedError(f"{self._url}: {error}", heard=True)

    def _post(self, payload: bytes) -> bytes:
        """Raises NotReachedError."""
        try:
            with self._session.post(
                self._url,
                data=payload,
                headers={"Content-Type": "application/json", "Accept": "application/json"},
                timeout=(CONNECT_S, READ_S),
                stream=True,
                allow_redirects=False,
            ) as response:
                status = response.status_code
                if status != requests.codes.ok:
                    refused = 400 <= status < 500
                    raise NotReachedError(f"{self._url} answered {status}", heard=not refused)
                return whole_body(response, SIZE_CAP, READ_S, self._clock)
        except NotWholeError as error:
            raise NotReachedError(str(error), heard=True) from error
        except (requests.RequestException, HTTPError) as error:
            raise NotReachedError(f"{self._url}: {error}", heard=not _unsent(error)) from error


def _unsent(error: Exception) -> bool:
    """Whether nothing of the ask can have left this machine."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NewConnectionError | NameResolutionError)
