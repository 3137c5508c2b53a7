"""A loudspeaker without hardware: it keeps every WAV it was given.

loudspeaker = SimulatedLoudspeaker()
speaker = Speaker(Espeak(), loudspeaker, time.monotonic)      # the real voice
speaker.say(Utterance("请刷便民服务卡"))
loudspeaker.heard[-1].wav
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from linli.devices.sound.base import SoundError


@dataclass
class Heard:
    """`cut`: it was ended before its end."""

    wav: bytes
    done: bool = False
    cut: bool = False


class SimulatedLoudspeaker:
    """A sound is over at once; with `held` each one lasts until `finish` or until it is cut.
    `broken` is a sound card that is not there."""

    def __init__(self, *, held: bool = False) -> None:
        self.heard: list[Heard] = []
        self.held, self.broken = held, False
        self._lock = threading.Lock()

    def begin(self, wav: bytes) -> SimulatedPlaying:
        if self.broken:
            raise SoundError("there is no sound card")
        heard = Heard(wav, done=not self.held)
        with self._lock:
            self.heard.append(heard)
        return SimulatedPlaying(heard)

    def finish(self) -> None:
        """The sound that plays comes to its end."""
        with self._lock:
            self.heard[-1].done = True


class SimulatedPlaying:
    def __init__(self, heard: Heard) -> None:
        self._heard = heard

    def over(self) -> bool:
        return self._heard.done

    def end(self) -> None:
        if not self._heard.done:
            self._heard.cut = self._heard.done = True
