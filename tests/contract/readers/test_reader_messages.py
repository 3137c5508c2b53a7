"""Messages of cards that compute: fresh at each tap, never half read."""

from __future__ import annotations

import pytest

from linli.cards.sun import SunIdentity
from linli.devices.readers.base import Chip
from linli.devices.simulated.cards import MuteCard, Ntag424, ReplayedCard
from tests.contract.readers.bench import KEY, ReaderBench, identity, uid

ANSWERS_OF_A_READING = 6
"""RATS, two selections, the length, and the message in two frames."""


def test_each_tap_of_an_ntag424_verifies_with_a_counter_one_larger(reading: ReaderBench) -> None:
    card = Ntag424(uid(9), KEY, counter=40)
    identities = []
    for _ in range(3):
        reading.field.place(card)
        identities.append(identity(reading.card()))
        reading.take_away()
    assert identities == [SunIdentity(uid(9), n) for n in (41, 42, 43)]


def test_a_replayed_message_shows_by_its_counter(reading: ReaderBench) -> None:
    original = Ntag424(uid(9), KEY)
    copy = ReplayedCard(uid(9), original.read_url())
    counters = []
    for card in (original, copy, copy):
        reading.field.place(card)
        counters.append(identity(reading.card()).counter)
        reading.take_away()
    assert counters == [2, 1, 1]


@pytest.mark.parametrize("answers", range(1, ANSWERS_OF_A_READING))
def test_a_torn_reading_is_tried_again_while_the_card_stays(
    reading: ReaderBench, answers: int
) -> None:
    reading.field.tear(answers)
    reading.field.place(Ntag424(uid(9), KEY))
    seen = reading.card()
    assert (seen.torn, identity(seen).uid) == (False, uid(9))
    assert reading.silent()


@pytest.mark.parametrize("answers", range(1, ANSWERS_OF_A_READING))
def test_a_card_that_leaves_unread_is_told_as_torn_and_reads_next_time(
    reading: ReaderBench, answers: int
) -> None:
    card = Ntag424(uid(9), KEY)
    reading.field.tear(answers, returns=False)
    reading.field.place(card)
    torn = reading.card()
    assert (torn.uid, torn.chip, torn.ndef, torn.torn) == (uid(9), Chip.ISO_DEP, None, True)
    reading.field.place(card)
    assert identity(reading.card()).uid == uid(9)


def test_a_card_that_never_answers_is_told_as_torn_when_it_leaves(reading: ReaderBench) -> None:
    reading.field.place(MuteCard(uid(9)))
    assert reading.silent()
    reading.field.remove()
    assert reading.card().torn
    assert reading.silent()


def test_a_reader_pulled_out_in_the_middle_of_a_reading_comes_back(reading: ReaderBench) -> None:
    reading.field.place(MuteCard(uid(9)))
    reading.let_poll(1)
    reading.unplug()
    assert not reading.state().up
    assert reading.card().torn
    reading.field.remove()
    reading.replug()
    assert reading.state().up
