"""What is said, what is cut off, and what is dropped."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles.clock import HandClock
from doubles.waiting import eventually, stays

from linli.devices.simulated.loudspeaker import SimulatedLoudspeaker
from linli.devices.sound.base import Cue, SoundError, Utterance
from linli.devices.sound.cues import cue
from linli.devices.sound.kept import KeptVoice
from linli.devices.sound.pcm import Samples, at_volume, samples_of, wav_of
from linli.devices.sound.speaker import STALE_S, Speaker


class Voice:
    """Each sentence is as many samples as it has letters, of the value of its first."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.broken = False
        self.free = threading.Event()
        self.free.set()

    def __call__(self, text: str, language: str) -> Samples:
        self.free.wait(10)
        if self.broken:
            raise SoundError("no voice")
        self.made.append(text)
        return array("h", [ord(text[0])] * len(text))


class Bench:
    def __init__(self) -> None:
        self.clock, self.voice = HandClock(), Voice()
        self.loudspeaker = SimulatedLoudspeaker()
        self.troubles: list[tuple[str, str]] = []
        self.speaker = Speaker(
            self.voice,
            self.loudspeaker,
            self.clock.monotonic,
            on_trouble=lambda part, why: self.troubles.append((part, why)),
        )

    def heard(self) -> list[bytes]:
        return [one.wav for one in self.loudspeaker.heard]


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.voice.free.set()
    bench.speaker.close()


def wav(text: str, volume: int = 100) -> bytes:
    return wav_of(at_volume(array("h", [ord(text[0])] * len(text)), volume))


def test_a_cue_comes_before_the_words(bench: Bench) -> None:
    bench.speaker.say(Utterance("yes", cue=Cue.SUCCESS))
    eventually(lambda: len(bench.heard()) == 2)
    assert bench.heard() == [wav_of(cue(Cue.SUCCESS)), wav("yes")]


def test_a_cue_may_stand_alone(bench: Bench) -> None:
    bench.speaker.say(Utterance(cue=Cue.TROUBLE))
    eventually(lambda: bench.heard() == [wav_of(cue(Cue.TROUBLE))])
    stays(lambda: len(bench.heard()) == 1)


def test_the_newest_prompt_cuts_off_the_one_before(bench: Bench) -> None:
    bench.loudspeaker.held = True
    bench.speaker.say(Utterance("first"))
    eventually(lambda: bench.heard() == [wav("first")])
    bench.speaker.say(Utterance("second"))
    eventually(lambda: bench.heard() == [wav("first"), wav("second")])
    assert [one.cut for one in bench.loudspeaker.heard] == [True, False]


def test_of_prompts_that_wait_only_the_newest_is_said(bench: Bench) -> None:
    bench.voice.free.clear()
    for text in ("one", "two", "three"):
        bench.speaker.say(Utterance(text))
    bench.voice.free.set()
    eventually(lambda: bench.heard()[-1:] == [wav("three")])
    assert wav("two") not in bench.heard()
    assert wav("one") not in bench.heard()


def test_a_prompt_that_comes_too_late_is_dropped(bench: Bench) -> None:
    bench.voice.free.clear()
    bench.speaker.say(Utterance("late"))
    bench.clock.pass_(seconds=STALE_S + 0.1)
    bench.voice.free.set()
    eventually(lambda: bench.voice.made == ["late"])
    stays(lambda: not bench.heard())


def test_stop_cuts_off_what_sounds_and_forgets_what_waits(bench: Bench) -> None:
    bench.loudspeaker.held = True
    bench.speaker.say(Utterance("words", cue=Cue.SUCCESS))
    eventually(lambda: len(bench.heard()) == 1)
    bench.speaker.stop()
    eventually(lambda: bench.loudspeaker.heard[0].cut)
    stays(lambda: len(bench.heard()) == 1)


def test_the_volume_is_that_of_the_moment_it_was_asked_for(bench: Bench) -> None:
    bench.speaker.volume = 30
    bench.speaker.say(Utterance("quiet"))
    bench.speaker.volume = 100
    eventually(lambda: bench.heard() == [wav("quiet", 30)])


def test_at_volume_nought_nothing_sounds_and_what_sounded_ends(bench: Bench) -> None:
    bench.loudspeaker.held = True
    bench.speaker.say(Utterance("loud"))
    eventually(lambda: len(bench.heard()) == 1)
    bench.speaker.volume = 0
    bench.speaker.say(Utterance("silent"))
    eventually(lambda: bench.loudspeaker.heard[0].cut)
    stays(lambda: len(bench.heard()) == 1)


def test_a_voice_that_fails_leaves_the_cue_and_is_told_of_once(bench: Bench) -> None:
    bench.voice.broken = True
    for _ in range(2):
        before = len(bench.heard())
        bench.speaker.say(Utterance("words", cue=Cue.SUCCESS))
        eventually(lambda before=before: len(bench.heard()) > before)
        bench.speaker.prepare([])
    bench.voice.broken = False
    bench.speaker.say(Utterance("words"))
    eventually(lambda: bench.heard()[-1] == wav("words"))
    assert bench.troubles == [("voice", "no voice"), ("voice", "")]


def test_without_a_sound_card_the_speaker_goes_on_and_is_heard_when_it_is_back(
    bench: Bench,
) -> None:
    bench.loudspeaker.broken = True
    bench.speaker.say(Utterance("lost"))
    eventually(lambda: bench.troubles == [("player", "there is no sound card")])
    bench.loudspeaker.broken = False
    bench.speaker.say(Utterance("back"))
    eventually(lambda: bench.troubles[-1] == ("player", ""))
    assert bench.heard() == [wav("back")]


def test_what_is_prepared_is_made_and_not_said(bench: Bench) -> None:
    bench.speaker.prepare([Utterance("one"), Utterance(cue=Cue.SUCCESS), Utterance("two")])
    eventually(lambda: bench.voice.made == ["one", "two"])
    assert not bench.heard()


def test_a_prompt_goes_before_what_is_prepared(bench: Bench) -> None:
    bench.voice.free.clear()
    bench.speaker.prepare(Utterance(text) for text in ("a", "b", "c"))
    bench.speaker.say(Utterance("now"))
    bench.voice.free.set()
    eventually(lambda: len(bench.voice.made) == 4)
    assert bench.voice.made.index("now") <= 1


def test_closing_twice_is_silence(bench: Bench) -> None:
    bench.loudspeaker.held = True
    bench.speaker.say(Utterance("words"))
    eventually(lambda: len(bench.heard()) == 1)
    bench.speaker.close()
    bench.speaker.close()
    assert bench.loudspeaker.heard[0].cut


def test_a_sentence_is_made_once_and_kept_over_a_restart(tmp_path: Path) -> None:
    voice = Voice()
    first = KeptVoice(voice, tmp_path / "said")("hello", "en")
    again = KeptVoice(voice, tmp_path / "said")
    assert again("hello", "en") == first
    assert again.has("hello", "en")
    assert not again.has("hello", "zh_CN")
    assert voice.made == ["hello"]


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    voice = Voice()
    kept = KeptVoice(voice, tmp_path)
    first = kept("hello", "en")
    (file,) = tmp_path.glob("*.wav")
    file.write_bytes(b"RIFF")
    assert kept("hello", "en") == first
    assert samples_of(file.read_bytes()) == first


def test_a_disk_that_takes_nothing_leaves_the_voice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert KeptVoice(Voice(), tmp_path / "file" / "said")("hello", "en")
