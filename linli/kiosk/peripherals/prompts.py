"""Listens to the screens that are shown, and has said aloud what goes with each."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import replace

import msgspec
import structlog

from linli.assets.words import Words
from linli.devices.sound.aplay import Aplay
from linli.devices.sound.base import Cue, Silence, Sound, Utterance
from linli.devices.sound.espeak import Espeak
from linli.devices.sound.kept import KeptVoice
from linli.devices.sound.speaker import Speaker
from linli.kiosk.flows.speech import spoken
from linli.kiosk.flows.speech_ahead import sentences_ahead
from linli.kiosk.flows.views import Screen, rests
from linli.kiosk.settings import SoundSettings, TerminalSettings
from linli.sync.clock import Clock
from linli.sync.periods import SHANGHAI

log = structlog.get_logger()
QUIET_SHARE = 30
"""Percent of the volume that is left in quiet hours."""
NO_SOUND = SoundSettings(volume=0)


class Prompts:
    """`shown` is called with every screen, from one thread, and returns at once."""

    def __init__(self, sound: Sound, settings: TerminalSettings, clock: Clock) -> None:
        self._sound, self._clock = sound, clock
        self._settings = settings.sound or NO_SOUND
        self._words = Words(settings.language)
        self._before: Screen | None = None

    @property
    def volume(self) -> int:
        """0…100 outside quiet hours, from now on; begins as the settings say."""
        return self._settings.volume

    @volume.setter
    def volume(self, percent: int) -> None:
        self._settings = msgspec.structs.replace(self._settings, volume=percent)

    def sample(self) -> None:
        """The cue of a success, at the volume of now, whatever the hour."""
        self._sound.volume = self.volume
        self._sound.say(Utterance(cue=Cue.SUCCESS))

    def prepare(self) -> None:
        """Has the sentences made that are known already."""
        if self._settings.volume:
            self._sound.prepare(sentences_ahead(self._words))

    def shown(self, screen: Screen) -> None:
        before, self._before = self._before, screen
        try:
            self._say(screen, before)
        except Exception:
            # What is said stands on the screen as well: nobody is turned away for it.
            log.exception("nothing could be said")

    def close(self) -> None:
        self._sound.close()

    def _say(self, screen: Screen, before: Screen | None) -> None:
        if not self._settings.volume:
            return
        if rests(screen.view):
            if before is not None and not rests(before.view):
                self._sound.stop()
            return
        utterance = spoken(screen, before, self._words)
        if utterance is None:
            return
        quiet = in_quiet_hours(self._settings, self._clock.now())
        self._sound.volume = volume_at(self._settings, quiet=quiet)
        if quiet:
            utterance = replace(utterance, text="")
        if utterance != Utterance(language=utterance.language):
            self._sound.say(utterance)


def in_quiet_hours(settings: SoundSettings, now: dt.datetime) -> bool:
    begin, end = settings.quiet_from, settings.quiet_until
    if begin is None or end is None:
        return False
    local = f"{now.astimezone(SHANGHAI):%H:%M}"
    if begin <= end:
        return begin <= local < end
    return local >= begin or local < end


def volume_at(settings: SoundSettings, *, quiet: bool) -> int:
    return settings.volume * QUIET_SHARE // 100 if quiet else settings.volume


def sound_for(settings: TerminalSettings, again: Callable[[], None] = lambda: None) -> Sound:
    """The terminal's loudspeaker, with its sentences kept beside its data. One whose volume is 0
    may be made louder at the terminal. `again` is called, on the loudspeaker's thread, where it is
    heard again: another card may be plugged in."""
    sound = settings.sound
    if sound is None:
        return Silence()
    voice = KeptVoice(Espeak(), settings.data / "spoken")

    def on_trouble(part: str, why: str) -> None:
        if why:
            log.warning("nothing is heard", part=part, why=why)
            return
        log.info("heard again", part=part)
        if part == "player":
            again()

    return Speaker(voice, Aplay(sound.device), time.monotonic, on_trouble=on_trouble)
