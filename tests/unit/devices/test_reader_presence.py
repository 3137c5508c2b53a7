"""The debounce, told in polls: one letter a poll.

`A`, `B` an ISO-DEP card that is read to the end, `a`, `b` the same card read torn; `T` a type 2
card; `P` a phone (another UID each time); `.` nothing; `!` the reader was pulled out meanwhile.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.devices.readers import presence
from linli.devices.readers.activation import Target
from linli.devices.readers.base import Chip

STAY = re.compile(r"[aA](?:\.{0,2}[aA])*|[bB](?:\.{0,2}[bB])*|T(?:\.{0,2}T)*|P(?:\.{0,2}P)*")
STILL_THERE = re.compile(r"\.{0,2}")


def target(letter: str, poll: int) -> Target:
    if letter == "P":
        return Target(bytes([8, 0, poll >> 8, poll & 0xFF]), Chip.ISO_DEP)
    chip = Chip.TYPE2 if letter == "T" else Chip.ISO_DEP
    return Target(b"card %s!" % letter.upper().encode(), chip)


class Story:
    """Plays polls through the machine and keeps what it reported: the card's letter when it was
    read or needs no reading, a small letter when it was torn."""

    def __init__(self) -> None:
        self.state: presence.State = presence.Empty()
        self.reports = ""
        self.reads = 0
        self.times: list[float] = []

    def play(self, polls: str) -> Story:
        for poll, letter in enumerate(polls):
            if letter == ".":
                self._step(presence.Missing(), letter)
            elif letter == "!":
                self._step(presence.Outage(), letter)
            else:
                self._step(presence.Sighted(target(letter, poll), float(poll)), letter)
        return self

    def _step(self, observation: presence.Observation, letter: str) -> None:
        self.state, effects = presence.step(self.state, observation)
        for effect in effects:
            if isinstance(effect, presence.Read):
                self.reads += 1
                torn = letter.islower()
                outcome = presence.ReadTorn() if torn else presence.ReadDone(letter.encode())
                self._step(outcome, letter)
            else:
                self._keep(effect)

    def _keep(self, report: presence.Report) -> None:
        letter = "P" if report.target.random_uid else report.target.uid[5:6].decode()
        letter = "T" if report.target.chip is Chip.TYPE2 else letter
        self.reports += letter.lower() if report.torn else letter
        self.times.append(report.since)


@pytest.mark.parametrize(
    ("polls", "reports"),
    [
        ("....", ""),
        ("AAAAAAAA", "A"),
        ("TTTTTTTT", "T"),
        ("A.A..A.AA", "A"),
        ("A...A", "AA"),
        ("T..T...T", "TT"),
        ("ABAB", "ABAB"),
        ("AATTAA", "ATA"),
        ("aaaA", "A"),
        ("aaaAaaa", "A"),
        ("aaa..", ""),
        ("aaa...", "a"),
        ("a..a..A", "A"),
        ("aB", "aB"),
        ("aT", "aT"),
        ("PPPPPP", "P"),
        ("PP...PP", "PP"),
        ("A!A", "AA"),
        ("a!", "a"),
        ("!", ""),
    ],
)
def test_a_story_of_polls_is_told_once_per_tap(polls: str, reports: str) -> None:
    assert Story().play(polls).reports == reports


def test_a_card_that_was_read_is_not_read_again_while_it_stays() -> None:
    assert Story().play("aaAAA.A..AA").reads == 3


def test_a_tap_is_dated_when_the_card_was_first_noticed() -> None:
    assert Story().play("..aa.A").times == [2.0]


def expected(polls: str) -> str:
    """The rule said another way: cut the polls into stays, each is told once."""
    told = ""
    for stay in STAY.finditer(polls):
        letters = stay.group()
        whole = [letter for letter in letters if letter.isupper()]
        gone = STILL_THERE.fullmatch(polls, stay.end()) is None
        if whole:
            told += whole[0]
        elif gone:
            told += letters[0]
    return told


@given(st.text("AaBbTP..!", max_size=60))
def test_any_story_is_told_once_per_stay(polls: str) -> None:
    assert Story().play(polls).reports == expected(polls)


@given(st.text("AaBbTP..!", max_size=40), st.sampled_from([b"x", None]))
def test_a_reading_nobody_asked_for_changes_nothing(polls: str, ndef: bytes | None) -> None:
    state = Story().play(polls).state
    if not isinstance(state, presence.Unread):
        assert presence.step(state, presence.ReadDone(ndef)) == (state, ())
    assert presence.step(state, presence.ReadTorn()) == (state, ())
