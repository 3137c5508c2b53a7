"""Which cards lie on the reader: one report per tap, decided without any device or clock.

| state   | nothing seen          | same card  | another card     | read done       | outage      |
|---------|-----------------------|------------|------------------|-----------------|-------------|
| Empty   | –                     | begin      | begin            | –               | –           |
| Unread  | 3rd time: torn, Empty | read again | torn, then begin | report, Latched | torn, Empty |
| Latched | 3rd time: Empty       | –          | begin            | –               | Empty       |

*Begin*: a card without a message is reported at once and latched; an ISO-DEP card is read first.
A card is only latched once it has been reported, so a read torn in the middle is tried again for
as long as the card stays. `ReadTorn` leaves every state as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from linli.devices.readers.activation import Target
from linli.devices.readers.base import Chip

MISSES = 3
"""Polls in a row without the card before it counts as taken away: a card flickers at the edge of
the field, and the same tap must not fire twice."""


@dataclass(frozen=True)
class Empty:
    """Nobody's card is on the reader."""


@dataclass(frozen=True)
class Unread:
    """A card with a message has been noticed at `since` (seconds) and not been read yet."""

    target: Target
    since: float
    misses: int = 0


@dataclass(frozen=True)
class Latched:
    """This card has been reported and still lies there."""

    target: Target
    misses: int = 0


State = Empty | Unread | Latched


@dataclass(frozen=True)
class Missing:
    """A poll found no card."""


@dataclass(frozen=True)
class Sighted:
    """A poll found this card, at `at` seconds."""

    target: Target
    at: float


@dataclass(frozen=True)
class ReadDone:
    """The card answered to the end; `ndef` is None if it carries no message."""

    ndef: bytes | None


@dataclass(frozen=True)
class ReadTorn:
    """The card stopped answering in the middle."""


@dataclass(frozen=True)
class Outage:
    """The reader itself went away: whatever lay on it counts as taken away."""


Observation = Missing | Sighted | ReadDone | ReadTorn | Outage


@dataclass(frozen=True)
class Read:
    """Read this card's message now and tell how it went."""

    target: Target


@dataclass(frozen=True)
class Report:
    """Tell the world about a tap."""

    target: Target
    since: float
    ndef: bytes | None = None
    torn: bool = False


Effect = Read | Report
Step = tuple[State, tuple[Effect, ...]]


def step(state: State, observation: Observation, longest: int = MISSES) -> Step:
    """The next state and what to do now, in order. `longest`: misses in a row that end a tap."""
    match observation:
        case Missing():
            return _missing(state, longest)
        case Sighted(target, at):
            return _sighted(state, target, at)
        case ReadDone(ndef) if isinstance(state, Unread):
            return Latched(state.target), (Report(state.target, state.since, ndef),)
        case Outage():
            return Empty(), _torn(state)
        case _:
            return state, ()


def _missing(state: State, longest: int) -> Step:
    match state:
        case Unread(target, since, misses) if misses + 1 < longest:
            return Unread(target, since, misses + 1), ()
        case Latched(target, misses) if misses + 1 < longest:
            return Latched(target, misses + 1), ()
        case _:
            return Empty(), _torn(state)


def _sighted(state: State, target: Target, at: float) -> Step:
    match state:
        case Unread(known, since) if target.same_card(known):
            return Unread(target, since), (Read(target),)
        case Latched(known) if target.same_card(known):
            return Latched(target), ()
        case _:
            begun, effects = _begin(target, at)
            return begun, _torn(state) + effects


def _begin(target: Target, at: float) -> Step:
    if target.chip is Chip.ISO_DEP:
        return Unread(target, at), (Read(target),)
    return Latched(target), (Report(target, at),)


def _torn(state: State) -> tuple[Effect, ...]:
    if isinstance(state, Unread):
        return (Report(state.target, state.since, torn=True),)
    return ()
