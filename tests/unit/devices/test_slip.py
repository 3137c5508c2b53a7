"""How a slip is laid out: Chinese takes two columns, nothing in it is a command."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.devices.printers.escpos_bytes import commands
from linli.devices.printers.slip import (
    MISSING,
    Line,
    Paper,
    Slip,
    clean,
    laid_out,
    width,
    wrapped,
)
from linli.devices.simulated.escpos_chip import EscposChip
from linli.devices.simulated.receipt import QrRow

texts = st.text(max_size=60)
columns = st.sampled_from([2, 3, 16, 24, 32, 48])


@pytest.mark.parametrize(
    ("text", "columns"), [("", 0), ("abc", 3), ("积分", 4), ("余额 12", 7), ("，", 2), ("é", 2)]
)
def test_chinese_takes_two_columns(text: str, columns: int) -> None:
    assert width(text) == columns


def test_a_label_stands_left_and_its_value_right() -> None:
    assert laid_out(Line("商品", "食用油 5L"), 32) == ["商品" + " " * 19 + "食用油 5L"]


def test_a_value_that_does_not_fit_has_rows_of_its_own() -> None:
    rows = laid_out(Line("地点", "红星社区邻里中心二楼积分超市兑换柜"), 20)
    assert rows == ["地点", "红星社区邻里中心二楼", " " * 6 + "积分超市兑换柜"]


def test_a_label_alone_is_a_row() -> None:
    assert laid_out(Line("谢谢"), 32) == ["谢谢"]


def test_words_are_kept_whole_where_they_fit() -> None:
    assert wrapped("take it to the desk", 12) == ["take it to", "the desk"]
    assert wrapped("a" * 30, 12) == ["a" * 12, "a" * 12, "a" * 6]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\x1b@b", "a @b"),
        ("a\nb\tc", "a b c"),
        ("张\u200b三", "张三"),
        ("\ud800", MISSING),
        ("e\u0301", "é"),
    ],
)
def test_what_would_be_a_command_is_taken_out(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(texts, columns)
def test_no_row_is_wider_than_the_paper_and_nothing_is_lost(text: str, columns: int) -> None:
    rows = wrapped(clean(text), columns)
    assert all(width(row) <= columns for row in rows)
    assert "".join(rows).replace(" ", "") == clean(text).replace(" ", "")


@given(texts, texts, columns)
def test_no_row_of_label_and_value_is_wider_than_the_paper(
    label: str, value: str, columns: int
) -> None:
    assert all(width(row) <= columns for row in laid_out(Line(label, value), columns))


@given(texts, st.lists(st.builds(Line, texts, texts), max_size=4), texts, st.sampled_from(Paper))
def test_any_slip_comes_out_as_it_was_laid_out_with_nothing_unknown(
    title: str, lines: list[Line], footer: str, paper: Paper
) -> None:
    chip = EscposChip(paper.dots, 0.0, lambda: 0.0)
    chip.receive(commands(Slip(title, tuple(lines), None, footer), paper))
    chip.tick()
    assert chip.unknown == []
    (receipt,) = chip.receipts
    expected = [row.rstrip() for line in lines for row in laid_out(line, paper.columns)]
    printed = receipt.text.split("\n")
    rule = "-" * paper.columns
    first, last = printed.index(rule), len(printed) - 1 - printed[::-1].index(rule)
    assert printed[first + 1 : last] == expected


def test_characters_of_two_and_four_bytes_are_sent_as_gb_18030() -> None:
    data = commands(Slip("积", (Line("𠮷", "㐀"),)), Paper.MM58)
    assert "积".encode("gb18030") in data
    assert b"\x1c&" in data
    assert len("𠮷".encode("gb18030")) == 4
    assert "𠮷".encode("gb18030") in data


@given(st.builds(Slip, texts, st.lists(st.builds(Line, texts, texts), max_size=2).map(tuple)))
def test_a_slip_that_comes_byte_by_byte_is_the_same_slip(slip: Slip) -> None:
    data = commands(replace(slip, qr="https://points.example"), Paper.MM58)
    pieces = [[data], [data[n : n + 1] for n in range(len(data))]]
    slips = []
    for sent in pieces:
        chip = EscposChip(Paper.MM58.dots, 0.0, lambda: 0.0)
        for piece in sent:
            chip.receive(piece)
            chip.tick()
        slips.append(chip.receipts)
    assert slips[0] == slips[1] != []


@pytest.mark.parametrize(("length", "dots"), [(10, 8), (50, 8), (150, 6), (300, 4)])
def test_a_longer_code_has_smaller_modules(length: int, dots: int) -> None:
    chip = EscposChip(Paper.MM58.dots, 0.0, lambda: 0.0)
    chip.receive(commands(Slip("", qr="x" * length), Paper.MM58))
    chip.tick()
    (code,) = [row for row in chip.receipts[0].rows if isinstance(row, QrRow)]
    assert code.dots == dots


@pytest.mark.parametrize("length", [1500, 5000])
def test_a_code_wider_than_the_paper_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match=r"fit|large"):
        commands(Slip("", qr="x" * length), Paper.MM58)
