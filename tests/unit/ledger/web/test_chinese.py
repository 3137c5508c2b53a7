"""Whatever a room refuses, a page says in Chinese."""

from __future__ import annotations

import string

import pytest

from linli.ledger.web.chinese import HAN, NOTHING_DONE, in_chinese, read_catalogue
from tests.unit.ledger.web.refusals_in_code import sentences

ROOMS = (
    "alerts",
    "awards",
    "cadence",
    "declarations",
    "fleet",
    "issuing",
    "journal",
    "notice",
    "people",
    "review",
    "shop",
    "staff",
    "standard",
    "stories",
    "board",
    "surveys",
    "terminals",
)


@pytest.mark.parametrize("room", ROOMS)
def test_every_refusal_of_a_room_has_its_words(room: str) -> None:
    said = {sentence for sentence in sentences(room) if not HAN.search(sentence)}
    assert said
    assert said - read_catalogue().keys() == set()


def test_a_translation_names_only_values_that_its_sentence_has() -> None:
    for sentence, translated in read_catalogue().items():
        values = sentence.count("{}")
        named = [name for _, name, _, _ in string.Formatter().parse(translated) if name is not None]
        assert all(name.isdigit() and int(name) < values for name in named), sentence


def test_values_stand_where_the_translation_wants_them() -> None:
    said = in_chinese("deed t1/3 has changed since it was shown: look at it again")
    assert said.startswith("这件事（t1/3）在您打开页面以后有了变化")


def test_a_refusal_in_a_refusal_is_translated_too() -> None:
    said = in_chinese("no checkpoint was made yet: the notice names it, so make one first")
    assert "公开账本还没有签署过" in said


def test_what_the_catalogue_lacks_is_shown_with_its_reason() -> None:
    assert in_chinese("the moon is down") == f"{NOTHING_DONE}the moon is down"


def test_what_chinese_rooms_say_is_left_alone() -> None:
    assert in_chinese("文件已损坏") == "文件已损坏"


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (
            "version 2027-01: D05 cannot be 上门送餐, as it was 捐赠 until it was withdrawn: take a"
            " new code",
            "编码 D05 以前是“捐赠”，取消以后也不能改作“上门送餐”",
        ),
        ("version 2: A is an item, but it was a class", "编码 A 以前另有所指"),
        ("the points of B05 is 0: give 1 to 1000", "B05 的分值不能是 0，请填 1 到 1000。"),
        (
            "question number 12, a choice: give 1 to 60 characters",
            "第 12 题的选项要有 1 到 60",
        ),
    ],
)
def test_what_is_put_together_is_translated_too(sentence: str, said: str) -> None:
    assert in_chinese(sentence).startswith(said)
