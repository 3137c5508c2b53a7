"""Says one thing at a time, on a thread of its own: the newest prompt wins, an old one is dropped.

A prompt is its cue and then its words. The cue sounds at once; words that were never spoken
before are made while it does."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from linli.devices.sound.aplay import Player, Playing
from linli.devices.sound.base import SoundError, Utterance
from linli.devices.sound.cues import cue
from linli.devices.sound.espeak import Voice
from linli.devices.sound.pcm import Samples, at_volume, seconds, wav_of

STALE_S = 2.0
"""What is said later than this would be taken by the next person as meant for them."""
LOOK_S = 0.02
"""How often it is looked whether a sound is over."""
GRACE_S = 2.0
"""A player that takes so much longer than its sound hangs."""
JOIN_S = 2.0


@dataclass(frozen=True)
class _Wanted:
    utterance: Utterance
    volume: int
    at: float
    turn: int


class Speaker:
    """A `Sound` of a voice and a player. `on_trouble` hears, on the speaker's own thread, which
    part does not work ("voice", "player") and why: once, and with "" when it works again."""

    def __init__(
        self,
        voice: Voice,
        player: Player,
        monotonic: Callable[[], float],
        *,
        volume: int = 100,
        on_trouble: Callable[[str, str], None] = lambda _part, _why: None,
    ) -> None:
        self.volume = volume
        self._voice, self._player, self._monotonic = voice, player, monotonic
        self._on_trouble = on_trouble
        self._troubles: dict[str, str] = {}
        self._news = threading.Condition()
        self._wanted: _Wanted | None = None
        self._ahead: deque[Utterance] = deque()
        self._turn = 0
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)
        self._thread.start()

    def say(self, utterance: Utterance) -> None:
        with self._news:
            self._turn += 1
            self._wanted = None
            if self.volume > 0:
                at = self._monotonic()
                self._wanted = _Wanted(utterance, self.volume, at, self._turn)
            self._news.notify_all()

    def stop(self) -> None:
        with self._news:
            self._turn += 1
            self._wanted = None
            self._news.notify_all()

    def prepare(self, utterances: Iterable[Utterance]) -> None:
        with self._news:
            self._ahead.extend(one for one in utterances if one.text)
            self._news.notify_all()

    def close(self) -> None:
        with self._news:
            self._turn += 1
            self._closed = True
            self._news.notify_all()
        self._thread.join(JOIN_S)

    # --- in the speaker's thread -------------------------------------------------------------

    def _run(self) -> None:
        while (work := self._next()) is not None:
            if isinstance(work, _Wanted):
                self._speak(work)
            else:
                self._words(work)

    def _next(self) -> _Wanted | Utterance | None:
        with self._news:
            self._news.wait_for(lambda: self._closed or self._wanted or self._ahead)
            if self._closed:
                return None
            wanted, self._wanted = self._wanted, None
            return wanted or self._ahead.popleft()

    def _speak(self, wanted: _Wanted) -> None:
        utterance = wanted.utterance
        try:
            words = None
            if utterance.cue is not None and self._timely(wanted):
                with self._sounding(cue(utterance.cue), wanted) as until_over:
                    words = self._words(utterance)
                    until_over()
            else:
                words = self._words(utterance)
            if words is not None and self._timely(wanted):
                with self._sounding(words, wanted) as until_over:
                    until_over()
        except SoundError as error:
            self._tell("player", str(error))

    def _words(self, utterance: Utterance) -> Samples | None:
        if not utterance.text:
            return None
        try:
            words = self._voice(utterance.text, utterance.language)
        except SoundError as error:
            self._tell("voice", str(error))
            return None
        self._tell("voice", "")
        return words

    @contextmanager
    def _sounding(self, samples: Samples, wanted: _Wanted) -> Iterator[Callable[[], None]]:
        """Something sounds; what is yielded waits until it is over or overtaken."""
        playing = self._player.begin(wav_of(at_volume(samples, wanted.volume)))
        try:
            yield lambda: self._wait(playing, wanted, seconds(samples) + GRACE_S)
        finally:
            playing.end()

    def _wait(self, playing: Playing, wanted: _Wanted, longest: float) -> None:
        """Raises SoundError."""
        looks = longest / LOOK_S
        while not playing.over():
            with self._news:
                if self._news.wait_for(lambda: self._overtaken(wanted), LOOK_S):
                    return
            looks -= 1
            if looks < 0:
                raise SoundError("the player hangs")
        self._tell("player", "")

    def _timely(self, wanted: _Wanted) -> bool:
        return not self._overtaken(wanted) and self._monotonic() - wanted.at <= STALE_S

    def _overtaken(self, wanted: _Wanted) -> bool:
        return self._turn != wanted.turn

    def _tell(self, part: str, trouble: str) -> None:
        if trouble != self._troubles.get(part, ""):
            self._troubles[part] = trouble
            self._on_trouble(part, trouble)
