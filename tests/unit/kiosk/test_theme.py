"""Words, colours, fonts and lines: what every screen relies on, without Kivy."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kiosk.theme import fonts, tokens
from linli.kiosk.theme.high_contrast import HIGH_CONTRAST
from linli.kiosk.theme.lines import ELLIPSIS, NOT_FIRST, Run, broken, fit, runs
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.words import MONTHS, WEEKDAYS, Words, catalogue

KIOSK = Path(fonts.__file__).parents[1]
BOARD = KIOSK.parent / "board"
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def measure(run: Run, size: float) -> float:
    """Han characters an em wide, others half."""
    return sum(size if ord(character) > 0x2E80 else size / 2 for character in run.text)


def texts_of(lines: tuple[tuple[Run, ...], ...]) -> list[str]:
    return ["".join(run.text for run in line) for line in lines]


def msgids() -> Iterator[tuple[str, ...]]:
    """Every msgid of the code, with its plural if it has one."""
    for path in (*KIOSK.rglob("*.py"), *BOARD.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called_words(node.func):
                plural = isinstance(node.func, ast.Attribute) and node.func.attr == "n"
                found = node.args[: 2 if plural else 1]
                if all(isinstance(a, ast.Constant) and isinstance(a.value, str) for a in found):
                    yield tuple(a.value for a in found)
    yield from ((name,) for name in (*WEEKDAYS, *MONTHS))


def _called_words(func: ast.expr) -> bool:
    if isinstance(func, ast.Attribute) and func.attr == "n":
        func = func.value
    if isinstance(func, ast.Name):
        return func.id == "words"
    return isinstance(func, ast.Attribute) and func.attr == "_words"


@pytest.fixture
def high_contrast() -> Iterator[tokens.Theme]:
    tokens.wear(HIGH_CONTRAST)
    yield HIGH_CONTRAST
    tokens.wear(tokens.CALM)


def test_every_msgid_is_translated_with_its_placeholders() -> None:
    chinese = catalogue("zh_CN")
    found = list(msgids())
    assert len(found) > 60
    for forms in found:
        assert chinese.get(forms[0]), f"{forms[0]!r} has no Chinese"
        wanted = {name for form in forms for name in PLACEHOLDER.findall(form)}
        assert set(PLACEHOLDER.findall(chinese[forms[0]])) == wanted, forms[0]


def test_no_translation_is_left_over() -> None:
    used = {forms[0] for forms in msgids()} | {"{weekday} {day} {month}"}
    assert set(catalogue("zh_CN")) <= used


def test_marks_of_bold_agree() -> None:
    for msgid, text in catalogue("zh_CN").items():
        assert msgid.count("⟦") == text.count("⟦") == text.count("⟧"), msgid


def test_the_number_chooses_the_english_form() -> None:
    english, chinese = Words("en"), Words("zh_CN")
    forms = ("{n} person here", "{n} people here")
    assert english.n(*forms, 1) == "1 person here"
    assert english.n(*forms, 2) == "2 people here"
    assert chinese.n(*forms, 1) == "到 1 人"


@pytest.mark.parametrize("pair", tokens.PAIRS)
def test_every_pair_of_colours_can_be_read(pair: tuple[str, str]) -> None:
    assert tokens.contrast(*pair) >= tokens.CONTRAST


@pytest.mark.parametrize("pair", tokens.PAIRS)
def test_every_pair_stands_out_in_high_contrast(
    pair: tuple[str, str], high_contrast: tokens.Theme
) -> None:
    assert tokens.contrast(*pair) >= high_contrast.contrast >= 10


def test_in_high_contrast_every_surface_has_a_dark_edge(high_contrast: tokens.Theme) -> None:
    black = (0, 0, 0, 1)
    for line in (tokens.LINE, tokens.GOLD_LINE, tokens.GOLD_SOFT, tokens.GREEN_SOFT, tokens.RAIL):
        assert tokens.edge(line) == black
    assert high_contrast.border == 2 * tokens.BORDER


def test_in_high_contrast_grounds_are_white(high_contrast: tokens.Theme) -> None:
    soft = (tokens.PAPER, tokens.CARD, tokens.GOLD_SOFT, tokens.GREEN_SOFT, tokens.RAIL)
    assert {tokens.rgba(ground) for ground in soft} == {(1, 1, 1, 1)}


def test_nothing_moves_on_the_terminal() -> None:
    """So there is nothing to switch off for those whom motion makes dizzy."""
    for path in KIOSK.rglob("*.py"):
        if KIOSK / "board" not in path.parents:
            assert "kivy.animation" not in path.read_text(encoding="utf-8"), path


def test_no_type_is_smaller_than_promised() -> None:
    for scale in (tokens.NORMAL, tokens.LARGE):
        assert min(vars(scale).values()) >= tokens.SMALLEST


def test_rare_characters_get_their_own_font() -> None:
    assert list(fonts.stretches("王䶮*喆")) == [
        ("王", "linli"),
        ("䶮", "linli-rare"),
        ("*", "linli"),
        ("喆", "linli-rare"),
    ]
    for character in "䶮㛃𠅤喆堃垚":
        assert fonts.family_of(character) == "linli-rare"


def test_what_no_font_has_is_shown_as_missing() -> None:
    assert list(fonts.stretches("好🀄")) == [("好" + fonts.MISSING, "linli")]


@given(st.text(max_size=40))
def test_every_stretch_is_covered(text: str) -> None:
    stretches = list(fonts.stretches(text))
    assert sum(len(stretch) for stretch, _ in stretches) == len(text)
    for stretch, family in stretches:
        assert all(ord(character) in fonts.coverage(family) for character in stretch)


def test_marked_words_are_bold() -> None:
    found = runs("请在 ⟦15:06⟧ 以后")
    assert [(run.text, run.bold) for run in found] == [
        ("请在 ", False),
        ("15:06", True),
        (" 以后", False),
    ]


def test_lines_do_not_begin_with_closing_marks() -> None:
    lines = broken(runs("这一项本月的次数已用完，这次只记录，不加分。"), 110, 10, measure)
    assert lines is not None
    assert texts_of(lines) == ["这一项本月的次数已用", "完，这次只记录，不加", "分。"]


def test_numbers_and_words_stay_whole() -> None:
    lines = broken(runs("平安创建\u00a04 · 卫生整治\u00a03"), 60, 10, measure)
    assert lines is not None
    assert texts_of(lines)[1] == "卫生整治\u00a03"


@pytest.mark.parametrize("width", [60, 70, 80])
def test_the_dot_of_a_list_neither_ends_nor_begins_a_line(width: int) -> None:
    lines = broken(runs("平安创建\u00a04 · 卫生整治\u00a03 · 理论宣讲\u00a02"), width, 10, measure)
    assert lines is not None
    assert texts_of(lines) == ["平安创建\u00a04", "卫生整治\u00a03", "理论宣讲\u00a02"]


@given(st.text("天地玄黄，。、《》 abc12", min_size=1, max_size=40), st.integers(40, 200))
def test_breaking_loses_nothing_and_keeps_the_width(text: str, width: int) -> None:
    lines = broken(runs(text), width, 10, measure)
    if lines is None:
        return
    texts = texts_of(lines)
    assert "".join(texts).replace(" ", "") == text.replace(" ", "")
    for index, line in enumerate(texts):
        assert sum(measure(Run(c), 10) for c in line.rstrip()) <= width
        if index and line and texts[index - 1] and not texts[index - 1].endswith(" "):
            assert line[0] not in NOT_FIRST or " " in text


def test_a_text_takes_the_largest_size_that_has_room() -> None:
    fitted = fit(runs("民主议事"), 100, 30, (40, 30, 25, 20), measure)
    assert (fitted.size, fitted.shortened) == (25, False)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("新华书店阳光店，兑换成功", ["新华书店阳光店，", "兑换成功"]),
        ("积分已经退回，工作人员已收到通知", ["积分已经退回，", "工作人员已收到通知"]),
        ("签到成功签到成功签到", ["签到成功签", "到成功签到"]),
    ],
)
def test_no_character_or_two_is_left_over_on_a_line(text: str, lines: list[str]) -> None:
    fitted = fit(runs(text), 10 * (len(text) - 1), 100, (10,), measure, 3)
    assert texts_of(fitted.lines) == lines


def test_a_list_parts_between_two_of_its_parts() -> None:
    text = runs("字体 · 时钟 · 消息服务 · 账本")
    whole = sum(measure(run, 10) for run in text)
    fitted = fit(text, whole - 12, 100, (10,), measure, 3)
    assert texts_of(fitted.lines) == ["字体 · 时钟", "消息服务 · 账本"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Redeem “独居老人洗衣皂”?", ["Redeem", "“独居老人洗衣皂”?"]),
        ("请取走“洗衣皂”，再把门关好。", ["请取走“洗衣皂”，", "再把门关好。"]),
    ],
)
def test_a_quoted_title_stays_whole_where_it_can(text: str, lines: list[str]) -> None:
    fitted = fit(
        runs(text), sum(measure(run, 10) for run in runs(text)) - 20, 100, (10,), measure, 2
    )
    assert texts_of(fitted.lines) == lines


@given(st.text(alphabet="积分到成功，。“” \nab1", min_size=1), st.integers(30, 300))
def test_sharing_out_lines_loses_nothing(text: str, width: int) -> None:
    greedy = broken(runs(text), width, 10, measure)
    fitted = fit(runs(text), width, 10_000, (10,), measure, 99)
    if greedy is not None:
        assert len(fitted.lines) == len(greedy)
        said = "".join(texts_of(fitted.lines))
        assert said.replace(" ", "") == "".join(text.split())


def test_what_has_no_room_is_shortened() -> None:
    fitted = fit(runs("独居老人冬季用电排查"), 100, 30, (30, 20), measure)
    assert fitted.shortened
    assert not fitted.overflows
    assert texts_of(fitted.lines)[0].endswith(ELLIPSIS)


def test_cut_rectangles_fill_the_whole() -> None:
    whole = Rect(10, 20, 300, 200)
    upper, rest = whole.cut_top(50, 10)
    assert (upper.top, upper.y, rest.top, rest.y) == (220, 170, 160, 20)
    assert all(whole.contains(cell) for row in whole.rows(3, 8) for cell in row.columns(4, 6))
