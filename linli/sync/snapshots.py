"""Snapshots over HTTP: the whole of a stream, when the feed alone cannot tell."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from random import Random

import requests
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from urllib3.exceptions import HTTPError

from linli.sync.backoff import pause
from linli.sync.clock import Clock
from linli.sync.feed import Fetch
from linli.sync.messages import Snapshot, Stream
from linli.sync.parsing import parse_rows
from linli.sync.signing import MalformedError, sign_request
from linli.sync.whole_body import NotWholeError, whole_body

log = structlog.get_logger()
CONNECT_S, READ_S, WHOLE_S = 5.0, 15.0, 120.0
SIZE_CAP = 64 * 1024 * 1024
FIRST_S, CAP_S = 1.0, 60.0
PATIENCE_S = 0.2
"""How long a missing change may take to arrive by itself before the whole is asked for."""


class SnapshotError(OSError):
    """The snapshot could not be had; the text says from where and why. Try again later."""


class SnapshotClient:
    """Asks the ledger at `base_url` in the name of `terminal`, signed with its key."""

    def __init__(
        self,
        base_url: str,
        terminal: str,
        key: Ed25519PrivateKey,
        clock: Clock,
        session: requests.Session,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._terminal = terminal
        self._key = key
        self._clock = clock
        self._session = session

    def fetch(self, scope: str, stream: Stream) -> Snapshot:
        """The newest snapshot. Raises SnapshotError."""
        path = f"/v1/scope/{scope}/{stream.value}/snapshot"
        body = self._get(path)
        try:
            snapshot = parse_rows(body, Snapshot)
        except MalformedError as error:
            raise SnapshotError(f"{self._base_url}{path}: {error}") from error
        if snapshot.scope != scope or snapshot.stream is not stream:
            raise SnapshotError(
                f"{self._base_url}{path} answered for {snapshot.scope}/{snapshot.stream.value}"
            )
        return snapshot

    def _get(self, path: str) -> bytes:
        url = self._base_url + path
        signature = sign_request(self._key, self._terminal, path, self._clock.now())
        try:
            with self._session.get(
                url,
                headers={"Authorization": signature, "Accept": "application/json"},
                timeout=(CONNECT_S, READ_S),
                stream=True,
                allow_redirects=False,
            ) as response:
                if response.status_code != requests.codes.ok:
                    raise SnapshotError(f"{url} answered {response.status_code}")
                return whole_body(response, SIZE_CAP, WHOLE_S, self._clock)
        except NotWholeError as error:
            raise SnapshotError(str(error)) from error
        except (requests.RequestException, HTTPError) as error:
            raise SnapshotError(f"{url} could not be read: {error}") from error


class SnapshotFetcher:
    """Fetches one stream's snapshots in a thread of its own, one at a time.

    `needed` is asked right before each request; `done` is told the snapshot, the SnapshotError,
    or None where none was needed any more."""

    def __init__(
        self,
        client: SnapshotClient,
        scope: str,
        stream: Stream,
        needed: Callable[[], bool],
        done: Callable[[Snapshot | SnapshotError | None], None],
        random: Random,
    ) -> None:
        self._client = client
        self._scope = scope
        self._stream = stream
        self._needed = needed
        self._done = done
        self._random = random
        self._asked: queue.SimpleQueue[Fetch | None] = queue.SimpleQueue()
        self._hurry = threading.Event()
        self._closed = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name=f"snapshot-{stream.value}", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def ask(self, fetch: Fetch) -> None:
        self._hurry.clear()
        self._asked.put(fetch)

    def hurry(self) -> None:
        """The network is back: whatever back-off is running may end."""
        self._hurry.set()

    def close(self) -> None:
        """A request under way is left to its time-outs; its answer goes nowhere."""
        self._closed.set()
        self._hurry.set()
        self._asked.put(None)
        if self._thread.ident is not None:
            self._thread.join(1.0)

    def _run(self) -> None:
        while (fetch := self._asked.get()) is not None:
            self._wait(fetch)
            if self._closed.is_set():
                return
            answer = self._answer()
            if not self._closed.is_set():
                self._done(answer)

    def _wait(self, fetch: Fetch) -> None:
        if fetch.patient:
            self._closed.wait(self._random.uniform(PATIENCE_S, 2 * PATIENCE_S))
        if fetch.failures:
            self._hurry.wait(pause(fetch.failures - 1, FIRST_S, CAP_S, self._random))

    def _answer(self) -> Snapshot | SnapshotError | None:
        if not self._needed():
            return None
        try:
            return self._client.fetch(self._scope, self._stream)
        except SnapshotError as error:
            log.debug("snapshot not fetched", stream=self._stream.value, error=str(error))
            return error
