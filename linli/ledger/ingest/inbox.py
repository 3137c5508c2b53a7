"""Batches that came and wait to be taken.

Those of one terminal are taken together where they can be: whoever takes a batch holds its
terminal, and a worker that holds few leaves the others to the workers beside it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable

from linli.ledger.ingest.vouching import Message

TOGETHER = 8
"""Batches of one transaction, at most: what a terminal waits for others is some ten milliseconds
for each."""
SHARE, SHARE_BYTES = 60, 4 * 1024 * 1024
"""Of one terminal, as much may wait: three times what an honest one has under way."""
ROOM_BYTES = 128 * 1024 * 1024


class Inbox:
    """For any number of threads. It holds at most `room` batches of `room_bytes` together, and of
    one terminal no more than its share."""

    def __init__(self, room: int, room_bytes: int = ROOM_BYTES) -> None:
        self._room = room
        self._room_bytes = room_bytes
        self._by_terminal: dict[str, deque[Message]] = {}
        """The terminals in the order of their turns."""
        self._size = 0
        self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()

    def __len__(self) -> int:
        """Batches that wait."""
        return self._size

    def put(self, message: Message) -> bool:
        """False where there is no room, or none for this terminal."""
        with self._changed:
            if not self._has_room(message):
                return False
            self._add(message)
            self._changed.notify()
            return True

    def put_back(self, messages: Iterable[Message]) -> None:
        """They come again after those that wait, whether there is room or not."""
        with self._changed:
            for message in messages:
                self._add(message)
            self._changed.notify()

    def take(self, timeout: float | None = None) -> list[Message]:
        """Up to TOGETHER of those that wait, of as few terminals as possible; waits for the first
        for `timeout` seconds (None: for good). Empty after that time, and when it is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._size or self._closed, timeout)
            taken: list[Message] = []
            while self._by_terminal and len(taken) < TOGETHER and not self._closed:
                name = next(iter(self._by_terminal))
                waiting = self._by_terminal.pop(name)
                while waiting and len(taken) < TOGETHER:
                    taken.append(waiting.popleft())
                if waiting:
                    self._by_terminal[name] = waiting  # its next turn is after all the others'
            self._size -= len(taken)
            self._bytes -= _size_of(taken)
            return taken

    def close(self) -> None:
        """What waits is not taken any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        return self._closed

    def _has_room(self, message: Message) -> bool:
        size, own = len(message.payload), self._by_terminal.get(message.name, ())
        return (
            self._size < self._room
            and len(own) < SHARE
            and self._bytes + size <= self._room_bytes
            and _size_of(own) + size <= SHARE_BYTES
        )

    def _add(self, message: Message) -> None:
        self._by_terminal.setdefault(message.name, deque()).append(message)
        self._size += 1
        self._bytes += len(message.payload)


def _size_of(messages: Iterable[Message]) -> int:
    return sum(len(message.payload) for message in messages)
