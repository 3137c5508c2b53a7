"""How names are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ledger.people.masking import (
    COMPOUND_SURNAMES,
    alias_of,
    masked,
    public_name,
)
from linli.sync.messages import Kind

hanzi = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
names = st.text(hanzi, min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张小三", "张*三"),
        ("欧阳娜", "欧阳*"),
        ("欧阳娜娜", "欧阳*娜"),
        ("欧阳", "欧*"),
        ("王建国强", "王**强"),
        ("买买提·吐尔逊", "买*****逊"),
        ("李", "*"),
        (" 张三 ", "张*"),
    ],
)
def test_a_name_is_shown_masked(name: str, shown: str) -> None:
    assert masked(name) == shown


def test_the_full_name_of_a_unit_is_public() -> None:
    assert masked("阳光小学", Kind.UNIT) == "阳光小学"


@given(names)
def test_at_least_one_character_is_always_hidden(name: str) -> None:
    shown = masked(name)
    assert "*" in shown
    assert len(shown) <= max(2, len(name))
    kept = [character for character in shown if character != "*"]
    assert len(kept) < len(name)


@given(names)
def test_what_is_shown_are_the_ends_of_the_name(name: str) -> None:
    first, _, last = masked(name).partition("*")
    assert name.startswith(first)
    assert name.endswith(last.lstrip("*"))


@given(st.sampled_from(sorted(COMPOUND_SURNAMES)), st.text(hanzi, min_size=1, max_size=3))
def test_a_compound_surname_stays_whole(surname: str, given_name: str) -> None:
    assert masked(surname + given_name).startswith(surname + "*")


@pytest.mark.parametrize(("consent", "under14"), [(False, False), (True, True), (False, True)])
def test_without_consent_and_for_children_the_alias_is_shown(consent: bool, under14: bool) -> None:
    shown = public_name("张*三", "热心邻居0421", Kind.RESIDENT, consent=consent, under14=under14)
    assert shown == "热心邻居0421"


def test_with_consent_the_masked_name_is_shown() -> None:
    shown = public_name("张*三", "热心邻居0421", Kind.CADRE, consent=True, under14=False)
    assert shown == "张*三"


def test_an_alias_is_the_account_number() -> None:
    assert alias_of("a000421") == "热心邻居0421"


@given(st.text(st.characters(codec="ascii"), min_size=1))
def test_every_account_has_an_alias_with_a_number(account: str) -> None:
    alias = alias_of(account)
    assert alias.startswith("热心邻居")
    assert alias.removeprefix("热心邻居").isdecimal()
