"""Keeps a replica at the head of its feeds: the threads around the decisions of `feed.py`.

Messages arrive on paho's thread and are only queued there; one follower thread decodes, decides
and writes; each stream's snapshots are fetched by a thread of their own.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from random import Random

import structlog
from sqlalchemy.exc import SQLAlchemyError

from linli.sync import topics
from linli.sync.clock import Clock
from linli.sync.feed import (
    Apply,
    ChangeSeen,
    Effect,
    FeedState,
    Fetch,
    FetchFailed,
    FetchNeedless,
    HeadSeen,
    Load,
    Looked,
    Seen,
    SnapshotSeen,
    step,
)
from linli.sync.link import Link
from linli.sync.messages import Change, Head, HotList, Snapshot, StandardDoc, Stream
from linli.sync.parsing import parse, parse_rows
from linli.sync.replica import Replica, WrongFeedError
from linli.sync.signing import MalformedError
from linli.sync.snapshots import SnapshotClient, SnapshotError, SnapshotFetcher

log = structlog.get_logger()
QUEUED = 10_000
"""Messages that may wait to be applied; what is lost beyond it shows as a gap."""
LOOK_S = 1.0


@dataclass(frozen=True)
class _Arrived:
    """A message as it came. `take` decodes and applies it."""

    what: str
    take: Callable[[bytes], None]
    payload: bytes


@dataclass(frozen=True)
class _Answered:
    stream: Stream
    answer: Snapshot | SnapshotError | None


class Follower:
    """Make it before the link is started: it subscribes to the replica's streams, to the
    standard and, for terminals, to the hot list. `malformed` counts what could not be taken, by
    kind of message; `lost` what found the queue full."""

    def __init__(
        self,
        replica: Replica,
        link: Link,
        client: SnapshotClient,
        clock: Clock,
        random: Random | None = None,
    ) -> None:
        self.malformed: Counter[str] = Counter()
        self.lost = 0
        self._replica = replica
        self._clock = clock
        self._inbox: queue.Queue[_Arrived | _Answered | None] = queue.Queue(QUEUED)
        self._stopped = False
        self._troubled = False
        self._states = {stream: FeedState() for stream in replica.streams}
        chance = random or Random()
        self._fetchers = {
            stream: SnapshotFetcher(
                client,
                replica.scope,
                stream,
                needed=partial(self._needed, stream),
                done=partial(self._answered, stream),
                random=Random(chance.random()),
            )
            for stream in replica.streams
        }
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
        self._subscribe(link)
        link.on_state(self._take_state)

    def start(self) -> None:
        """Fetches what is missing at once; the link may be started before or after."""
        for fetcher in self._fetchers.values():
            fetcher.start()
        self._thread.start()

    def close(self) -> None:
        """Stop; what was applied stays."""
        self._stopped = True
        with contextlib.suppress(queue.Full):
            self._inbox.put_nowait(None)
        for fetcher in self._fetchers.values():
            fetcher.close()
        if self._thread.ident is not None:
            self._thread.join()

    def _subscribe(self, link: Link) -> None:
        scope = self._replica.scope
        for stream in self._replica.streams:
            change, head = partial(self._take_change, stream), partial(self._take_head, stream)
            link.subscribe(topics.feed(scope, stream), partial(self._arrived, "change", change))
            link.subscribe(topics.head(scope, stream), partial(self._arrived, "head", head))
        link.subscribe(
            topics.standard(scope), partial(self._arrived, "standard", self._take_standard)
        )
        if Stream.HOLDERS in self._replica.streams:
            link.subscribe(
                topics.hot_list(scope), partial(self._arrived, "hot list", self._take_hot_list)
            )

    # --- from other threads ------------------------------------------------------------------

    def _arrived(
        self, what: str, take: Callable[[bytes], None], _topic: str, payload: bytes
    ) -> None:
        try:
            self._inbox.put_nowait(_Arrived(what, take, payload))
        except queue.Full:
            self.lost += 1

    def _take_state(self, online: bool) -> None:
        if online:
            for fetcher in self._fetchers.values():
                fetcher.hurry()

    def _needed(self, stream: Stream) -> bool:
        return self._states[stream].incomplete

    def _answered(self, stream: Stream, answer: Snapshot | SnapshotError | None) -> None:
        self._inbox.put(_Answered(stream, answer))

    # --- the follower's thread ---------------------------------------------------------------

    def _run(self) -> None:
        self._look()
        while not self._stopped:
            try:
                message = self._inbox.get(timeout=LOOK_S)
            except queue.Empty:
                self._look()
                continue
            if isinstance(message, _Arrived):
                self._take(message)
            elif message is not None:
                self._feed(message.stream, _seen(message.answer))

    def _look(self) -> None:
        for stream in self._replica.streams:
            self._feed(stream, Looked())

    def _take(self, message: _Arrived) -> None:
        try:
            message.take(message.payload)
        except (MalformedError, WrongFeedError) as error:
            if not self.malformed[message.what]:
                log.warning("message ignored, further ones are only counted", reason=str(error))
            self.malformed[message.what] += 1
        except (OSError, SQLAlchemyError) as error:
            self._complain(error)

    def _take_change(self, stream: Stream, payload: bytes) -> None:
        change = parse_rows(payload, Change)
        self._check(stream, change)
        self._feed(stream, ChangeSeen(change))

    def _take_head(self, stream: Stream, payload: bytes) -> None:
        head = parse(payload, Head)
        self._check(stream, head)
        self._feed(stream, HeadSeen(head.number))

    def _take_standard(self, payload: bytes) -> None:
        self._replica.set_standard(parse(payload, StandardDoc))

    def _take_hot_list(self, payload: bytes) -> None:
        self._replica.set_hot_list(parse(payload, HotList))

    def _check(self, stream: Stream, message: Change | Head) -> None:
        if message.scope != self._replica.scope or message.stream is not stream:
            raise WrongFeedError(
                f"{message.scope}/{message.stream.value} came on the topic of"
                f" {self._replica.scope}/{stream.value}"
            )

    def _feed(self, stream: Stream, seen: Seen) -> None:
        """One step of the stream's feed. The replica itself is asked for the position each time:
        a write may have failed, or a damaged file been made anew."""
        state = replace(self._states[stream], position=self._replica.position(stream))
        self._states[stream], effects = step(state, seen)
        try:
            for effect in effects:
                self._do(stream, effect)
        except (OSError, SQLAlchemyError) as error:
            self._complain(error)
            # What was not written is missing now, and a fetch was not yet asked for: the head
            # still tells, so the next look asks.
            asked = any(isinstance(effect, Fetch) for effect in effects)
            after = self._states[stream]
            self._states[stream] = replace(
                after,
                position=self._replica.position(stream),
                fetching=after.fetching and not asked,
                failures=after.failures + 1,
            )
        else:
            self._troubled = False

    def _do(self, stream: Stream, effect: Effect) -> None:
        match effect:
            case Apply(change):
                self._replica.apply(change)
            case Load(snapshot, replace=over):
                began = self._clock.monotonic()
                self._replica.load(snapshot, replace=over)
                log.info(
                    "snapshot loaded",
                    stream=stream.value,
                    number=snapshot.number,
                    rows=len(snapshot.rows),
                    restored=over,
                    seconds=round(self._clock.monotonic() - began, 3),
                )
            case Fetch():
                self._fetchers[stream].ask(effect)

    def _complain(self, error: Exception) -> None:
        if not self._troubled:
            log.warning("replica not written, trying again", error=str(error))
        self._troubled = True


def _seen(answer: Snapshot | SnapshotError | None) -> Seen:
    if answer is None:
        return FetchNeedless()
    return SnapshotSeen(answer) if isinstance(answer, Snapshot) else FetchFailed()
