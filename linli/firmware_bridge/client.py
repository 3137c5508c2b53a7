"""Requests to the board and their answers: one at a time, tried again, over a line passed in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from linli.firmware_bridge.errors import (
    BoardError,
    LineGoneError,
    MalformedAnswerError,
    NoAnswerError,
    RefusedError,
)
from linli.firmware_bridge.smp import (
    Decoder,
    MalformedMessageError,
    Message,
    Op,
    framed,
    packed,
    unpacked,
)

SEQUENCES = 256


class Line(Protocol):
    """Bytes both ways. Every method raises LineGoneError once the device cannot be reached; the
    next `ready` looks for it again."""

    def ready(self) -> None:
        """Open the line if it is not."""

    def write(self, data: bytes) -> None: ...

    def read(self, timeout_s: float) -> bytes:
        """What has come, as soon as something has; nothing if nothing comes in time."""

    def drop_input(self) -> None:
        """Forget what has come and was not read."""

    def close(self) -> None: ...


@dataclass(frozen=True)
class Patience:
    """How often a request is sent and how long each answer is waited for."""

    attempts: int = 4
    answer_s: float = 0.25


class Client:
    """One board behind one line. May be called from any thread; requests wait for each other.

    Each attempt carries a sequence number of its own, so that an answer that comes late is taken
    for none: what must not happen twice needs a mark of its own (see `Board.open`).
    """

    def __init__(
        self,
        line: Line,
        patience: Patience | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._line = line
        self._patience = patience or Patience()
        self._monotonic = monotonic
        self._decoder = Decoder()
        self._sequence = 0
        self._one_at_a_time = threading.Lock()

    def read(
        self, group: int, command: int, body: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """The map that answers a reading request. Raises as `request`."""
        return self.request(Op.READ, group, command, body or {})

    def write(
        self, group: int, command: int, body: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """The map that answers a writing request. Raises as `request`."""
        return self.request(Op.WRITE, group, command, body or {})

    def request(
        self,
        op: Op,
        group: int,
        command: int,
        body: Mapping[str, Any],
        patience: Patience | None = None,
    ) -> Mapping[str, Any]:
        """The map that answers. Raises LineGoneError if nothing could be sent, NoAnswerError if
        it was sent and no answer came, RefusedError if the board says no."""
        patience = patience or self._patience
        sent, failure = False, BoardError("it was not tried")
        with self._one_at_a_time:
            for _ in range(patience.attempts):
                message = self._numbered(op, group, command, body)
                try:
                    self._line.ready()
                    sent = True
                    self._send(message)
                    return _granted(self._answer(message, patience.answer_s))
                except (LineGoneError, NoAnswerError) as error:
                    failure = error
        if sent:
            raise NoAnswerError(str(failure)) from failure
        raise failure

    def close(self) -> None:
        """Free the line. A request in another thread ends first."""
        self._line.close()

    def _numbered(self, op: Op, group: int, command: int, body: Mapping[str, Any]) -> Message:
        self._sequence = (self._sequence + 1) % SEQUENCES
        return Message(op, group, command, self._sequence, body)

    def _send(self, message: Message) -> None:
        """What came before belongs to nobody any more; the newline first ends a line that an
        attempt before, or noise, may have left half-written at the board."""
        self._decoder.clear()
        self._line.drop_input()
        self._line.write(b"\n" + framed(packed(message)))

    def _answer(self, request: Message, within_s: float) -> Message:
        deadline = self._monotonic() + within_s
        while (left := deadline - self._monotonic()) > 0:
            for packet in self._decoder.feed(self._line.read(left)):
                answer = _understood(packet)
                if answer.answers(request):
                    return answer
        raise NoAnswerError(f"no answer within {within_s} s")


def _understood(packet: bytes) -> Message:
    try:
        return unpacked(packet)
    except MalformedMessageError as error:
        raise NoAnswerError(f"an answer that cannot be read: {error}") from error


def _granted(answer: Message) -> Mapping[str, Any]:
    """The map unless it tells an error: `err` in SMP version 2, `rc` before it."""
    error = answer.body.get("err")
    group, code = answer.group, answer.body.get("rc", 0)
    if isinstance(error, dict):
        group, code = error.get("group", group), error.get("rc", 1)
    if not isinstance(code, int) or not isinstance(group, int):
        raise MalformedAnswerError("the board's error has no number")
    if code:
        raise RefusedError(group, code)
    return answer.body
