"""The one volume of a terminal, set where it works best: at the sound card, which then gets samples
at their full height, or in the samples themselves where the card has no volume of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from linli.devices.programs import ProgramError
from linli.devices.sound.mixer import Mixer, cards
from linli.kiosk.flows.maintenance_views import LevelNote
from linli.kiosk.maintenance.ports import LevelGoneError
from linli.kiosk.peripherals.kept_levels import KeptLevels
from linli.kiosk.settings import TerminalSettings

NAME = "volume"
FULL = 100


class Voice(Protocol):
    """What is said aloud."""

    volume: int

    def sample(self) -> None:
        """Sounds once, so that a volume can be judged."""


class Loudness:
    """A `LevelPort`. `has_card` looks for any sound card; `setting` is what the settings say."""

    note: LevelNote | None = None

    def __init__(
        self,
        voice: Voice,
        mixer: Mixer,
        has_card: Callable[[], bool],
        kept: KeptLevels,
        setting: int,
    ) -> None:
        self._voice, self._mixer, self._has_card = voice, mixer, has_card
        self._kept, self._setting = kept, setting
        self._percent = kept.of(NAME, setting)

    def begin(self) -> None:
        """At the start: as it was left. Without a card there is nothing to do yet."""
        self._put(self._percent)

    def read(self) -> int:
        self._check()
        return self._percent

    def write(self, percent: int) -> None:
        self._check()
        self._percent = percent
        self._kept.keep(NAME, percent, self._setting)
        self._put(percent)
        self._voice.sample()

    def _put(self, percent: int) -> None:
        self._voice.volume = percent
        if not percent:
            return
        try:
            self._mixer.write(percent)
        except ProgramError:  # no control of its own, or no card at this moment
            return
        self._voice.volume = FULL

    def _check(self) -> None:
        if not self._has_card():
            raise LevelGoneError(LevelNote.NO_SOUND_CARD)


def loudness_for(settings: TerminalSettings, voice: Voice, kept: KeptLevels) -> Loudness | None:
    """Of a real terminal; None where its settings say that it is silent."""
    sound = settings.sound
    if sound is None:
        return None
    mixer = Mixer(sound.device)
    return Loudness(voice, mixer, lambda: bool(cards(Path("/"))), kept, sound.volume)
