"""A card says what it is, without any key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cards.inspecting import Kind, commands, found
from linli.devices.simulated.cards import IsoDepCard, Ntag424, RandomUidPhone
from tests.unit.cards.test_personalising import ISSUE, Torn, blank, issued, refusal


def looked_at(card: IsoDepCard) -> Kind:
    card.power_up()
    return found([card.apdu(command) or b"" for command in commands()]).kind


def test_a_card_is_told_apart_by_what_is_in_it() -> None:
    assert looked_at(blank()) is Kind.BLANK
    assert looked_at(issued()) is Kind.MADE
    assert looked_at(RandomUidPhone()) is Kind.OTHER_CHIP


@pytest.mark.parametrize("after", [18, 20, 21, 22])
def test_a_card_that_was_torn_away_is_known_as_unfinished(after: int) -> None:
    card = blank()
    refusal(ISSUE, Torn(card, after, heard=False))
    assert looked_at(card) is Kind.HALF_MADE


def test_a_card_with_another_layout_is_known() -> None:
    card = Ntag424(b"\x04abcdef", b"somebody's key!!")
    card.chip.settings = blank().chip.settings
    assert looked_at(card) is Kind.OTHER_LAYOUT


def test_looking_changes_nothing() -> None:
    card = issued()
    before = [(slot.key, slot.version, slot.in_all) for slot in card.chip.keys], card.counter
    looked_at(card)
    assert ([(s.key, s.version, s.in_all) for s in card.chip.keys], card.counter) == before


@given(st.lists(st.binary(max_size=40), max_size=12))
def test_whatever_a_card_answers_it_is_something(answers: list[bytes]) -> None:
    assert found(answers).kind in Kind
