"""Numbers and times as they are said."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kiosk.flows.number_words import LARGEST, count, number, time

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
PLACES = {"十": 10, "百": 100, "千": 1000}


def understood(said: str) -> int:
    """What a listener takes it for."""
    total = section = digit = 0
    for character in said:
        if character == "万":
            total, section, digit = (section + digit) * 10_000, 0, 0
        elif character in PLACES:
            section += (digit or 1) * PLACES[character]
            digit = 0
        else:
            digit = DIGITS[character]
    return total + section + digit


@given(st.integers(0, LARGEST))
def test_a_number_is_understood_as_what_it_is(n: int) -> None:
    assert understood(number(n, "zh_CN")) == n


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "零"),
        (2, "二"),
        (10, "十"),
        (15, "十五"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (200, "二百"),
        (1005, "一千零五"),
        (1286, "一千二百八十六"),
        (10_000, "一万"),
        (10_012, "一万零一十二"),
        (12_860, "一万二千八百六十"),
        (100_500, "十万零五百"),
    ],
)
def test_numbers_are_said_as_a_neighbour_says_them(n: int, said: str) -> None:
    assert number(n, "zh_CN") == said


def test_two_things_are_counted_with_another_word_than_number_two() -> None:
    assert (count(2, "zh_CN"), number(2, "zh_CN"), count(12, "zh_CN")) == ("两", "二", "十二")


def test_in_english_figures_are_read_as_they_stand() -> None:
    assert (number(12, "en"), count(2, "en")) == ("12", "2")


@pytest.mark.parametrize("n", [-1, LARGEST + 1])
def test_what_no_voice_would_say_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="not said aloud"):
        number(n, "zh_CN")


@pytest.mark.parametrize(
    ("hour", "minute", "chinese", "english"),
    [
        (15, 6, "十五点零六分", "15:06"),
        (14, 0, "十四点整", "14:00"),
        (2, 30, "两点三十分", "02:30"),
        (0, 10, "零点十分", "00:10"),
    ],
)
def test_a_time_is_said_to_the_minute(hour: int, minute: int, chinese: str, english: str) -> None:
    moment = dt.datetime(2026, 11, 24, hour, minute)  # noqa: DTZ001  a wall time
    assert (time(moment, "zh_CN"), time(moment, "en")) == (chinese, english)
