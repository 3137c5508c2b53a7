"""The volume of a sound card, and what is said where there is none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.devices.programs import ProgramError, run
from linli.devices.simulated.mixer import SimulatedMixer
from linli.devices.sound.mixer import Mixer, NoControlError, cards

TWO_CARDS = """\
 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0
                      vc4-hdmi-0
 1 [Device         ]: USB-Audio - USB Audio Device
                      Generic USB Audio Device at usb-3, full speed
"""


@given(st.integers(min_value=0, max_value=100))
def test_what_was_set_is_read(percent: int) -> None:
    mixer = Mixer(ask=SimulatedMixer({"PCM": 40}))
    mixer.write(percent)
    assert mixer.read() == percent


def test_the_master_comes_before_the_others_and_microphones_do_not_count() -> None:
    card = SimulatedMixer({"Beep": 10, "PCM": 20, "Master": 30}, captures=["Mic"])
    mixer = Mixer(ask=card)
    mixer.write(55)
    assert card.levels == {"Beep": 10, "PCM": 20, "Master": 55}


def test_a_muted_card_is_at_nothing_until_it_is_set() -> None:
    card = SimulatedMixer({"Speaker": 80})
    card.muted.add("Speaker")
    mixer = Mixer(ask=card)
    assert mixer.read() == 0
    mixer.write(60)
    assert mixer.read() == 60


def test_a_card_without_a_volume_says_so() -> None:
    with pytest.raises(NoControlError, match="no volume of its own"):
        Mixer(ask=SimulatedMixer({}, captures=["Mic"])).read()


def test_without_a_card_amixers_last_word_is_told() -> None:
    card = SimulatedMixer({"PCM": 40})
    card.unplugged = True
    with pytest.raises(ProgramError, match="No such file or directory"):
        Mixer(ask=card).write(10)


def test_the_real_amixer_says_that_this_card_is_not_there() -> None:
    with pytest.raises(ProgramError, match=r"^amixer: "):
        Mixer("hw:31").read()


def test_cards_are_told_by_name(tmp_path: Path) -> None:
    assert cards(tmp_path) == []
    (tmp_path / "proc/asound").mkdir(parents=True)
    path = tmp_path / "proc/asound/cards"
    path.write_text("--- no soundcards ---\n", encoding="utf-8")
    assert cards(tmp_path) == []
    path.write_text(TWO_CARDS, encoding="utf-8")
    assert cards(tmp_path) == ["vc4-hdmi - vc4-hdmi-0", "USB-Audio - USB Audio Device"]


def test_a_program_that_is_not_there_or_says_no_is_named() -> None:
    assert run([sys.executable, "-c", "print('well')"]) == "well\n"
    with pytest.raises(ProgramError, match=r"^linli-none is not installed$"):
        run(["linli-none"])
    with pytest.raises(ProgramError, match=r"too loud$"):
        run([sys.executable, "-c", "import sys; sys.exit('no\\ntoo loud')"])
