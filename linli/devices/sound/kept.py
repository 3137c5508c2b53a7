"""Sentences that were spoken before, as files: the next time they begin at once.

Nothing about a person is ever said aloud, so nothing about a person is kept here."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from linli.devices.sound.base import SoundError
from linli.devices.sound.espeak import VOICES, WORDS_A_MINUTE, Voice
from linli.devices.sound.pcm import Samples, samples_of, wav_of

MOST = 600
"""Files, of some 80 kB: the fixed sentences and the times of a few days."""


class KeptVoice:
    """A `Voice` that remembers what another one made, in `directory`. A full or broken disk makes
    it slower, never silent."""

    def __init__(self, voice: Voice, directory: Path) -> None:
        self._voice = voice
        self._directory = directory

    def __call__(self, text: str, language: str) -> Samples:
        path = self._path(text, language)
        try:
            return samples_of(path.read_bytes())
        except (OSError, SoundError):
            samples = self._voice(text, language)
        self._keep(path, wav_of(samples))
        return samples

    def has(self, text: str, language: str) -> bool:
        return self._path(text, language).exists()

    def _path(self, text: str, language: str) -> Path:
        named = "\n".join((VOICES.get(language, language), str(WORDS_A_MINUTE), text))
        return self._directory / f"{hashlib.sha256(named.encode()).hexdigest()[:32]}.wav"

    def _keep(self, path: Path, wav: bytes) -> None:
        part = path.with_suffix(".part")
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            part.write_bytes(wav)
            part.replace(path)
            self._drop_oldest()
        except OSError:
            with suppress(OSError):
                part.unlink()

    def _drop_oldest(self) -> None:
        files = list(self._directory.glob("*.wav"))
        if len(files) > MOST:
            files.sort(key=lambda file: file.stat().st_mtime)
            for file in files[: len(files) - MOST]:
                file.unlink(missing_ok=True)
