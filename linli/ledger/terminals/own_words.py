"""What a terminal says of itself on a topic of its own, read before anybody believes it."""

from __future__ import annotations

from typing import Protocol, TypeVar

from linli.sync import topics
from linli.sync.parsing import parse
from linli.sync.signing import MalformedError

LONGEST = 2048
"""Bytes of a word that has no list in it."""


class OwnWord(Protocol):
    @property
    def terminal(self) -> str: ...


W = TypeVar("W", bound=OwnWord)


def own_word(topic: str, payload: bytes, kind: type[W], longest: int = LONGEST) -> W:
    """Raises MalformedError: a liar is not argued with."""
    if len(payload) > longest:
        raise MalformedError(f"{len(payload)} bytes are too many")
    word = parse(payload, kind)
    if word.terminal != topics.terminal_of(topic):
        raise MalformedError("it is said under another name")
    return word
