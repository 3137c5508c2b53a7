"""The door every loudspeaker stands behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

LOUDEST = 100


class SoundError(Exception):
    """Nothing could be heard; the text says why, for the maintainer."""


class Cue(StrEnum):
    """A short sound before the words, or in their place."""

    SUCCESS = "success"
    TROUBLE = "trouble"


@dataclass(frozen=True)
class Utterance:
    """A cue, and then words in a language of the interface; either may be missing."""

    text: str = ""
    language: str = "zh_CN"
    cue: Cue | None = None


class Sound(Protocol):
    """Every method may be called from any thread and returns at once."""

    volume: int
    """0…100, for what is said from now on; at 0 nothing is."""

    def say(self, utterance: Utterance) -> None:
        """Begin soon, in the place of whatever is being said; drop it where it could not begin
        within two seconds."""

    def stop(self) -> None:
        """Be silent."""

    def prepare(self, utterances: Iterable[Utterance]) -> None:
        """Make ready what will be said later, whenever there is nothing else to do."""

    def close(self) -> None:
        """Be silent for good and free the device. May be called twice."""


class Silence:
    """A terminal without a loudspeaker."""

    volume = 0

    def say(self, utterance: Utterance) -> None:
        pass

    def stop(self) -> None:
        pass

    def prepare(self, utterances: Iterable[Utterance]) -> None:
        pass

    def close(self) -> None:
        pass
