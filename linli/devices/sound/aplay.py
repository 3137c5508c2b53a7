"""Samples into the air through ALSA: aplay(1), one process for each prompt, which can be ended."""

from __future__ import annotations

import subprocess
import tempfile
from typing import Protocol

from linli.devices.sound.base import SoundError

END_S = 0.5


class Playing(Protocol):
    """Something that sounds."""

    def over(self) -> bool:
        """It has ended by itself. Raises SoundError where it could not be heard."""

    def end(self) -> None:
        """It is silent now, and nothing is left of it."""


class Player(Protocol):
    def begin(self, wav: bytes) -> Playing:
        """Starts to play and returns. Raises SoundError."""


class Aplay:
    """Plays on an ALSA `device`."""

    def __init__(self, device: str = "default", program: str = "aplay") -> None:
        self._command = [program, "-q", "-D", device, "-"]

    def begin(self, wav: bytes) -> Playing:
        # From a file: a pipe holds less than a sentence, and writing would wait for the playing.
        with tempfile.TemporaryFile() as file:
            file.write(wav)
            file.seek(0)
            try:
                child = subprocess.Popen(
                    self._command,
                    stdin=file,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            except OSError as error:
                raise SoundError(f"{self._command[0]} does not start: {error}") from error
        return _Child(child)


class _Child:
    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child

    def over(self) -> bool:
        code = self._child.poll()
        if code:
            raise SoundError(f"aplay ended with {code}: is there a sound card?")
        return code is not None

    def end(self) -> None:
        if self._child.poll() is not None:
            return
        self._child.terminate()
        try:
            self._child.wait(END_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
