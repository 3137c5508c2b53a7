"""A blank card becomes one of the community's, whatever happens on the way."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cards import layout, sun
from linli.cards.personalising import (
    CannotWorkError,
    Done,
    Reason,
    Send,
    Stage,
    Work,
    begin,
    step,
)
from linli.devices.simulated.cards import IsoDepCard, Ntag424, RandomUidPhone, ReplayedCard

UID, OTHER = b"\x04abcdef", b"\x04ghijkl"
MASTERS = {1: b"first master key", 2: b"other master key"}
ISSUE, ROTATE = Work(UID, 1, file=True), Work(UID, 2, file=False)
APDUS_OF_ISSUE, APDUS_OF_ROTATION = 29, 27

Carry = Callable[[Sequence[bytes]], list[bytes]]


def drawn(seed: int = 7) -> Callable[[int], bytes]:
    return random.Random(seed).randbytes


def blank(uid: bytes = UID) -> Ntag424:
    return Ntag424.blank(uid, drawn())


def to(card: IsoDepCard) -> Carry:
    return lambda commands: [card.apdu(command) or b"" for command in commands]


def work_on(work: Work, carry: Carry, masters: dict[int, bytes] = MASTERS) -> Done:
    what: Send | Done = begin(work)
    randoms = drawn(9)
    while isinstance(what, Send):
        what = step(what.state, carry(what.commands), masters, randoms)
    return what


def refusal(work: Work, carry: Carry) -> Reason:
    with pytest.raises(CannotWorkError) as caught:
        work_on(work, carry)
    return caught.value.reason


def issued() -> Ntag424:
    card = blank()
    work_on(ISSUE, to(card))
    return card


def versions(card: Ntag424) -> list[int]:
    return [slot.version for slot in card.chip.keys]


class Torn:
    """A hand that takes the card away after so many commands in all; `heard` lets the last one
    take effect, whose answer is lost."""

    def __init__(self, card: Ntag424, after: int, *, heard: bool) -> None:
        self._card, self._left, self._heard = card, after, heard

    def __call__(self, commands: Sequence[bytes]) -> list[bytes]:
        answers = []
        for command in commands:
            if self._left == 0:
                if self._heard:
                    self._card.apdu(command)
                self._card.power_up()
                return answers
            self._left -= 1
            answers.append(self._card.apdu(command) or b"")
        return answers


def test_a_blank_card_becomes_one_whose_messages_verify() -> None:
    card = blank()
    done = work_on(ISSUE, to(card))
    key = layout.card_key(MASTERS[1], UID, layout.MESSAGE)
    identity = sun.verify(sun.read_url(card.read_url()), key)
    assert identity == sun.SunIdentity(UID, done.counter + 1)
    assert versions(card) == [1] * 5


def test_every_key_of_a_card_is_its_own() -> None:
    keys = {slot.key for slot in issued().chip.keys}
    assert len(keys) == 5
    assert bytes(16) not in keys


def test_nobody_writes_an_issued_card_without_its_key() -> None:
    card = issued()
    card.power_up()
    card.apdu(bytes.fromhex("00A4040007D276000085010100"))
    card.apdu(bytes.fromhex("00A4000C02E104"))
    assert card.apdu(bytes.fromhex("00D6000002FFFF")) == b"\x69\x82"


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize("after", range(APDUS_OF_ISSUE))
def test_a_card_torn_away_after_any_command_is_finished_when_it_comes_back(
    after: int, heard: bool
) -> None:
    card = blank()
    assert refusal(ISSUE, Torn(card, after, heard=heard)) is Reason.TORN
    assert work_on(ISSUE, to(card)).counter >= 1
    assert versions(card) == [1] * 5


def test_that_is_every_command_of_issuing() -> None:
    card = blank()
    assert work_on(ISSUE, Torn(card, APDUS_OF_ISSUE, heard=False)).counter == 1


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize("after", range(APDUS_OF_ROTATION))
def test_a_rotation_torn_off_leaves_a_card_that_one_of_two_keys_verifies(
    after: int, heard: bool
) -> None:
    card = issued()
    assert refusal(ROTATE, Torn(card, after, heard=heard)) is Reason.TORN
    message = sun.read_url(card.read_url())
    taken = 0
    for master in MASTERS.values():
        try:
            sun.verify(message, layout.card_key(master, UID, layout.MESSAGE))
            taken += 1
        except sun.ForgedError:
            continue
    assert taken == 1
    work_on(ROTATE, to(card))
    assert versions(card) == [2] * 5


@given(st.lists(st.tuples(st.integers(0, APDUS_OF_ISSUE - 1), st.booleans()), max_size=4))
def test_however_often_it_is_torn_away_it_is_finished(tears: list[tuple[int, bool]]) -> None:
    card = blank()
    for after, heard in tears:
        # The less is left to do, the later a tear comes after the end.
        with suppress(CannotWorkError):
            work_on(ISSUE, Torn(card, after, heard=heard))
    work_on(ISSUE, to(card))
    assert versions(card) == [1] * 5


def test_issuing_a_finished_card_again_changes_no_key() -> None:
    card = issued()
    before = [slot.key for slot in card.chip.keys]
    work_on(ISSUE, to(card))
    assert [slot.key for slot in card.chip.keys] == before


def test_another_card_than_announced_is_refused() -> None:
    assert refusal(ISSUE, to(blank(OTHER))) is Reason.OTHER_CARD


def test_a_chip_that_only_claims_the_uid_is_found_out_by_its_true_one() -> None:
    card = blank(OTHER)

    def lying(commands: Sequence[bytes]) -> list[bytes]:
        answers = to(card)(commands)
        return [answer.replace(OTHER, UID) for answer in answers]

    assert refusal(ISSUE, lying) is Reason.OTHER_CARD
    assert versions(card) == [0] * 5


@pytest.mark.parametrize("stage", list(Stage)[1:])
def test_another_card_put_down_midway_is_neither_changed_nor_taken(stage: Stage) -> None:
    first, second = blank(), issued()
    before = [slot.key for slot in second.chip.keys]
    stages = iter(Stage)

    def swapped(commands: Sequence[bytes]) -> list[bytes]:
        early = list(Stage).index(next(stages)) < list(Stage).index(stage)
        return to(first if early else second)(commands)

    assert refusal(ISSUE, swapped) in (Reason.FAILED, Reason.UNKNOWN_KEYS, Reason.OTHER_CARD)
    assert [slot.key for slot in second.chip.keys] == before


@pytest.mark.parametrize(
    "card", [RandomUidPhone(drawn()), ReplayedCard(UID, Ntag424(UID, bytes(16)).read_url())]
)
def test_a_chip_of_another_kind_is_refused(card: IsoDepCard) -> None:
    assert refusal(ISSUE, to(card)) is Reason.OTHER_CHIP


def test_a_card_made_elsewhere_is_refused_and_keeps_its_keys() -> None:
    card = Ntag424(UID, b"somebody's key!!")
    assert refusal(ISSUE, to(card)) is Reason.UNKNOWN_KEYS
    assert {slot.key for slot in card.chip.keys} == {b"somebody's key!!"}


def test_a_card_of_a_generation_not_known_is_refused_before_any_proof() -> None:
    card = issued()
    for slot in card.chip.keys:
        slot.version = 9
    assert refusal(ISSUE, to(card)) is Reason.UNKNOWN_KEYS
    assert card.chip.keys[0].in_all == 0


def test_a_rotation_does_not_take_a_blank_card() -> None:
    assert refusal(ROTATE, to(blank())) is Reason.UNKNOWN_KEYS


@given(st.integers(0, APDUS_OF_ISSUE - 1), st.data())
def test_a_liar_who_changes_one_answer_never_makes_a_card_count_as_done_that_is_not(
    place: int, data: st.DataObject
) -> None:
    card, sent = blank(), 0

    def lying(commands: Sequence[bytes]) -> list[bytes]:
        nonlocal sent
        answers = to(card)(commands)
        if sent <= place < sent + len(answers):
            of = bytearray(answers[place - sent])
            bit = data.draw(st.integers(0, 8 * len(of) - 1))
            of[bit // 8] ^= 1 << bit % 8
            answers[place - sent] = bytes(of)
        sent += len(answers)
        return answers

    try:
        work_on(ISSUE, lying)
    except CannotWorkError:
        pass
    else:
        assert versions(card) == [1] * 5
    work_on(ISSUE, to(card))
    assert versions(card) == [1] * 5


def test_a_liar_who_swallows_the_last_change_is_found_out() -> None:
    """The answer to a changed key 0 is not protected, the proof that follows is."""
    card = blank()

    def swallowing(commands: Sequence[bytes]) -> list[bytes]:
        change_of_key_0 = bytes.fromhex("90C400002900")
        return [
            b"\x91\x00" if command[:6] == change_of_key_0 else card.apdu(command) or b""
            for command in commands
        ]

    assert refusal(ISSUE, swallowing) is Reason.FAILED
    assert versions(card)[0] == 0
    work_on(ISSUE, to(card))
    assert versions(card) == [1] * 5


@given(st.lists(st.binary(max_size=40), max_size=30))
def test_answers_of_noise_are_refused_and_nothing_else(noise: list[bytes]) -> None:
    with pytest.raises(CannotWorkError):
        step(begin(ISSUE).state, noise, MASTERS, drawn())
