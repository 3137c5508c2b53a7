"""Words into samples by espeak-ng, a program of its own that is started for each sentence."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from types import MappingProxyType

from linli.devices.sound.base import SoundError
from linli.devices.sound.pcm import Samples, samples_of

VOICES: Mapping[str, str] = MappingProxyType({"zh_CN": "cmn-latn-pinyin", "en": "en-gb"})
"""Language of the interface → voice. With the voice `cmn` of espeak-ng 1.51 characters become
Pinyin and are then read as if they were English."""
WORDS_A_MINUTE = 140
"""A third slower than a person in a hurry: the listener is old, the hall echoes."""
PATIENCE_S = 5.0

Voice = Callable[[str, str], Samples]
"""`voice(text, language)`. Raises SoundError."""


class Espeak:
    """A `Voice`."""

    def __init__(self, program: str = "espeak-ng") -> None:
        self._program = program

    def __call__(self, text: str, language: str) -> Samples:
        spoken = self._run(text, language, "--stdout")
        samples = samples_of(spoken)
        if not samples:
            raise SoundError(f"{self._program} made no sound of a sentence")
        return samples

    def phonemes(self, text: str, language: str) -> str:
        """What would be spoken, in IPA."""
        return self._run(text, language, "-q", "--ipa").decode("utf-8")

    def _run(self, text: str, language: str, *options: str) -> bytes:
        if language not in VOICES:
            raise SoundError(f"there is no voice for {language}")
        command = [self._program, "-b", "1", "-v", VOICES[language], "-s", str(WORDS_A_MINUTE)]
        try:
            # Through stdin: what is said is in no list of processes.
            done = subprocess.run(
                [*command, "--stdin", *options],
                input=text.encode(),
                capture_output=True,
                timeout=PATIENCE_S,
            )
        except FileNotFoundError as error:
            raise SoundError(f"{self._program} is not installed: run packaging/setup.sh") from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SoundError(f"{self._program} did not answer: {error}") from error
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise SoundError(f"{self._program} failed ({done.returncode}): {said}")
        return done.stdout
