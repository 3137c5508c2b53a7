"""Money in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ledger.documents.amounts import in_words
from linli.ledger.documents.model import DocumentError


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (100, "壹元整"),
        (105, "壹元零伍分"),
        (1_000, "壹拾元整"),
        (10_100, "壹佰零壹元整"),
        (120_050, "壹仟贰佰元伍角整"),
        (10_000_100, "壹拾万零壹元整"),
        (123_456_789, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
        (10_000_000_100, "壹亿零壹元整"),
        (20_030_400_500, "贰亿零叁拾万肆仟零伍元整"),
    ],
)
def test_an_amount_is_written_as_accounts_require(fen: int, words: str) -> None:
    assert in_words(fen) == f"人民币{words}"


@given(st.integers(0, 10**14 - 1))
def test_noughts_are_never_said_twice_or_last(fen: int) -> None:
    words = in_words(fen)
    assert "零零" not in words
    if fen >= 100:
        assert "零元" not in words
        assert "零万" not in words
        assert "零亿" not in words


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_different_amounts_read_differently(one: int, other: int) -> None:
    assert (in_words(one) == in_words(other)) == (one == other)


@pytest.mark.parametrize("fen", [-1, 10**14])
def test_an_amount_without_words_is_refused(fen: int) -> None:
    with pytest.raises(DocumentError):
        in_words(fen)
