"""The real voice: espeak-ng speaks Mandarin and English, and aplay is ended when told to."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from doubles.clock import HandClock
from doubles.settings import terminal_settings
from doubles.views import checked_in
from doubles.waiting import eventually

from linli.devices.simulated.loudspeaker import SimulatedLoudspeaker
from linli.devices.sound.aplay import Aplay
from linli.devices.sound.base import Cue, SoundError, Utterance
from linli.devices.sound.cues import cue
from linli.devices.sound.espeak import Espeak
from linli.devices.sound.kept import KeptVoice
from linli.devices.sound.pcm import at_volume, loudness, samples_of, seconds, wav_of
from linli.devices.sound.speaker import Speaker
from linli.kiosk.flows.speech_ahead import sentences_ahead
from linli.kiosk.flows.views import Screen
from linli.kiosk.peripherals.prompts import Prompts
from linli.kiosk.settings import SoundSettings, TerminalSettings
from linli.kiosk.theme.words import Words

SIGNED_IN = "签到成功，加十分。"


def test_a_prompt_is_heard_as_speech_after_its_cue(tmp_path: Path) -> None:
    loudspeaker = SimulatedLoudspeaker()
    speaker = Speaker(KeptVoice(Espeak(), tmp_path), loudspeaker, time.monotonic)
    speaker.say(Utterance(SIGNED_IN, cue=Cue.SUCCESS))
    eventually(lambda: len(loudspeaker.heard) == 2)
    speaker.close()
    sound, words = (samples_of(one.wav) for one in loudspeaker.heard)
    assert sound == cue(Cue.SUCCESS)
    assert 1.0 < seconds(words) < 5.0
    assert loudness(words) > 0.02


def test_mandarin_is_spoken_with_its_tones_and_not_spelled_in_english() -> None:
    said = Espeak().phonemes(SIGNED_IN, "zh_CN")
    assert said.split() == ["tɕhˈiɛ5n", "tˈɑu5", "ts.hˈəɜŋ", "kˈonɡ5", "tɕˈiɑ5", "s.ˈi.ɜ", "fˈə5n"]


def test_no_sentence_is_read_as_another_language() -> None:
    texts = "\n".join(one.text for one in sentences_ahead(Words("zh_CN")))
    said = Espeak().phonemes(f"{texts}\n十五点零六分以后请再刷一次卡签退。", "zh_CN")
    assert "(" not in said
    assert len(said.splitlines()) > 80


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh_CN", "签退成功，加十分。"), ("en", "Signed out: plus 10 points.")],
)
def test_a_screen_that_is_shown_comes_out_of_the_loudspeaker_in_its_language(
    tmp_path: Path, language: str, sentence: str
) -> None:
    loudspeaker = SimulatedLoudspeaker()
    speaker = Speaker(KeptVoice(Espeak(), tmp_path), loudspeaker, time.monotonic)
    prompts = Prompts(speaker, terminal(tmp_path, language), HandClock())
    view = replace(checked_in(HandClock().now()), signed_out=True, sign_out_after=None)
    prompts.shown(Screen(view))
    eventually(lambda: len(loudspeaker.heard) == 2)
    prompts.close()
    sound, words = (samples_of(one.wav) for one in loudspeaker.heard)
    assert sound == at_volume(cue(Cue.SUCCESS), 60)
    assert words == at_volume(Espeak()(sentence, language), 60)


def terminal(data: Path, language: str) -> TerminalSettings:
    return terminal_settings(data, language=language, sound=SoundSettings(volume=60))


def test_english_is_spoken_where_it_is_the_language() -> None:
    said = Espeak().phonemes("Please tap your card.", "en")
    assert "plˈiːz" in said
    assert Espeak()("Please tap your card.", "en") != Espeak()(SIGNED_IN, "zh_CN")


def test_a_missing_program_says_what_to_do() -> None:
    with pytest.raises(SoundError, match="not installed"):
        Espeak("no-such-voice")(SIGNED_IN, "zh_CN")
    with pytest.raises(SoundError, match="does not start"):
        Aplay(program="no-such-player").begin(b"")


def test_a_language_without_a_voice_is_told() -> None:
    with pytest.raises(SoundError, match="no voice for fr"):
        Espeak()("bonjour", "fr")


def test_aplay_without_a_sound_card_is_told_and_leaves_no_process() -> None:
    playing = Aplay(device="no-such-card").begin(wav_of(cue(Cue.TROUBLE)))
    with pytest.raises(SoundError, match="sound card"):
        eventually(playing.over)
    playing.end()


def test_what_aplay_plays_can_be_cut_off() -> None:
    playing = Aplay(device="null").begin(wav_of(cue(Cue.SUCCESS)))
    playing.end()
    playing.end()


def test_aplay_takes_what_it_is_given() -> None:
    playing = Aplay(device="null").begin(wav_of(cue(Cue.SUCCESS)))
    eventually(playing.over)
