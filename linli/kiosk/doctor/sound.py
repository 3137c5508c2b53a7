"""The loudspeaker: a card, its programs, its volume, and somebody who hears it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from linli.devices.programs import ProgramError
from linli.devices.sound.aplay import Player
from linli.devices.sound.base import Cue, SoundError
from linli.devices.sound.cues import cue
from linli.devices.sound.mixer import Mixer, cards
from linli.devices.sound.pcm import wav_of
from linli.kiosk.doctor.finding import Code, Finding, State, Subject
from linli.kiosk.doctor.person import Person, Question

PROGRAMS = ("aplay", "espeak-ng")
LONGEST_S, LOOK_S = 4.0, 0.05


class SoundCheck:
    """`installed` says whether a program is there. Only where there is a person anything is
    played."""

    subject = Subject.SOUND

    def __init__(
        self,
        mixer: Mixer,
        player: Player,
        installed: Callable[[str], bool],
        person: Person,
        root: Path,
    ) -> None:
        self._mixer, self._player, self._installed = mixer, player, installed
        self._person, self._root = person, root

    def look(self) -> Finding:
        for program in PROGRAMS:
            if not self._installed(program):
                return self._found(State.BROKEN, Code.SOUND_NO_PROGRAM, program=program)
        if not cards(self._root):
            return self._found(State.BROKEN, Code.SOUND_NO_CARD)
        if self._muted():
            return self._found(State.NOTICE, Code.SOUND_MUTED)
        return self._heard() if self._person.there else self._found(State.WELL, Code.SOUND_WELL)

    def _heard(self) -> Finding:
        try:
            self._play()
        except SoundError as error:
            return self._found(State.BROKEN, Code.SOUND_PLAYER_FAILED, error=str(error))
        match self._person.ask(Question.HEARD):
            case True:
                return self._found(State.WELL, Code.SOUND_HEARD)
            case False:
                return self._found(State.BROKEN, Code.SOUND_NOT_HEARD)
            case None:
                return self._found(State.WELL, Code.SOUND_WELL)

    def _play(self) -> None:
        playing = self._player.begin(wav_of(cue(Cue.SUCCESS)))
        try:
            looks = LONGEST_S / LOOK_S
            while not playing.over() and looks > 0:
                time.sleep(LOOK_S)
                looks -= 1
        finally:
            playing.end()

    def _muted(self) -> bool:
        try:
            return self._mixer.read() == 0
        except ProgramError:  # a card without a volume of its own is not muted
            return False

    def _found(self, state: State, code: Code, **values: str) -> Finding:
        return Finding(self.subject, state, code, values)
