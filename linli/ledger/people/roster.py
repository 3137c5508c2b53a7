"""From the cells of a list to the people on it, and what is wrong with it, cell by cell. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from linli.ledger.people.checks import CARD_ID, UID, PeopleError
from linli.ledger.people.personal import plain, plain_phone, plain_uid
from linli.ledger.people.spreadsheet import EMPTY, Cell, Sheet
from linli.sync.messages import Kind

NAME, KIND, BUILDING, DOOR = "姓名", "类别", "楼栋", "户号"
PHONE, CARD, CHIP = "手机", "卡号", "卡片UID"
CONSENT, UNDER14 = "同意公示", "未满14岁"
COLUMNS = (NAME, KIND, BUILDING, DOOR, PHONE, CARD, CHIP, CONSENT, UNDER14)
REQUIRED = (NAME, KIND, BUILDING)
ALSO_CALLED = {
    "名称": NAME,
    "姓名/名称": NAME,
    "类型": KIND,
    "楼": BUILDING,
    "楼号": BUILDING,
    "房号": DOOR,
    "室号": DOOR,
    "手机号": PHONE,
    "手机号码": PHONE,
    "电话": PHONE,
    "卡片编号": CARD,
    "UID": CHIP,
    "卡片uid": CHIP,
    "是否同意公示": CONSENT,
}
KINDS = {"居民": Kind.RESIDENT, "党员": Kind.CADRE, "党员干部": Kind.CADRE, "单位": Kind.UNIT}
YES, NO = ("是", "同意", "√", "Y", "y", "1"), ("", "否", "不同意", "×", "N", "n", "0")
HEADER_WITHIN = 10
"""A list may have a title and a date above its header, not more."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`row` counts from 1 and `column` is a letter, as the spreadsheet shows them; row 0 is the
    whole sheet. `what` is wrong, and what is `todo`."""

    sheet: str
    row: int
    column: str
    what: str
    todo: str


@dataclass(frozen=True, slots=True)
class Line:
    """One person or unit on the list; `at` are the columns by what is in them."""

    sheet: str
    row: int
    name: str = field(repr=False)
    kind: Kind
    building: str
    door: str
    phone: str | None = field(repr=False)
    card: str | None
    uid: str | None
    consent: bool
    under14: bool
    at: dict[str, str] = field(repr=False)

    def problem(self, column: str, what: str, todo: str) -> Problem:
        return Problem(self.sheet, self.row, self.at.get(column, ""), what, todo)


class _WrongError(Exception):
    """What a cell says cannot be taken."""

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(what)
        self.todo = todo


def read_roster(sheets: Iterable[Sheet]) -> tuple[list[Line], list[Problem]]:
    """The lines that are right in themselves, and the problems of all others and among them."""
    lines: list[Line] = []
    problems: list[Problem] = []
    for sheet in sheets:
        if not sheet.rows:
            continue
        header = _header(sheet)
        if header is None:
            todo = f"在名单上方写一行列名：{'、'.join(COLUMNS[:6])}，其中前三列必填"
            problems.append(Problem(sheet.name, 0, "", "找不到列名", todo))
            continue
        first, columns = header
        missing = [name for name in REQUIRED if name not in columns]
        if missing:
            what = f"缺少列：{'、'.join(missing)}"
            problems.append(Problem(sheet.name, first, "", what, "补上这些列"))
            continue
        for row, cells in enumerate(sheet.rows[first:], first + 1):
            read = _line(sheet.name, row, columns, cells)
            lines += [one for one in read if isinstance(one, Line)]
            problems += [one for one in read if isinstance(one, Problem)]
    problems += _repeats(lines)
    if not lines and not problems:
        problems.append(Problem("", 0, "", "文件里没有人", "填写名单后再导入"))
    return lines, problems


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The number of the header's row and where each column is."""
    for row, cells in enumerate(sheet.rows[:HEADER_WITHIN], 1):
        called = [re.sub(r"[\s*（）()：:]", "", plain(cell.text)) for cell in cells]
        names = [ALSO_CALLED.get(name, name) for name in called]
        if NAME in names:
            return row, {name: names.index(name) for name in COLUMNS if name in names}
    return None


def _line(
    sheet: str, row: int, columns: dict[str, int], cells: Sequence[Cell]
) -> list[Line | Problem]:
    """The one line, or its problems; nothing of an empty row."""
    of = {name: cells[i] if i < len(cells) else EMPTY for name, i in columns.items()}
    if not any(cell.wrong or plain(cell.text) for cell in of.values()):
        return []
    at = {name: get_column_letter(i + 1) for name, i in columns.items()}
    problems: list[Line | Problem] = []
    values: dict[str, str] = {}
    kind = KINDS.get(plain(of[KIND].text))
    for name in COLUMNS:
        try:
            values[name] = _value(name, of.get(name, EMPTY), kind)
        except _WrongError as wrong:
            problems.append(Problem(sheet, row, at.get(name, ""), str(wrong), wrong.todo))
    if not problems and bool(values[CARD]) != bool(values[CHIP]):
        name = CHIP if values[CARD] else CARD
        what = f"有{CARD if values[CARD] else CHIP}而没有{name}"
        problems.append(Problem(sheet, row, at.get(name, ""), what, "两项都填，或都不填"))
    if not problems and values[UNDER14] == "是" and kind is not Kind.RESIDENT:
        what = "只有居民可以未满14岁"
        problems.append(Problem(sheet, row, at.get(UNDER14, ""), what, "改正类别或这一项"))
    if problems or kind is None:
        return problems
    return [
        Line(
            sheet=sheet,
            row=row,
            name=values[NAME],
            kind=kind,
            building=values[BUILDING],
            door=values[DOOR],
            phone=values[PHONE] or None,
            card=values[CARD] or None,
            uid=values[CHIP] or None,
            consent=values[CONSENT] == "是",
            under14=values[UNDER14] == "是",
            at=at,
        )
    ]


def _value(name: str, cell: Cell, kind: Kind | None) -> str:
    """In one spelling. Raises _WrongError."""
    if cell.wrong:
        raise _WrongError(cell.wrong, "改成直接写出的文字（号码列请设为文本格式）")
    if cell.merged is not None and (name not in (BUILDING, DOOR, KIND) or cell.merged[1] > 1):
        raise _WrongError("单元格是合并的", "取消合并，每人各写一格")
    text = plain(cell.text)
    if not text and name in REQUIRED and not (name == BUILDING and kind is Kind.UNIT):
        raise _WrongError(f"{name}没有填", f"填写{name}")
    return _CHECKS[name](text) if text or name in (CONSENT, UNDER14) else text


def _name(text: str) -> str:
    if len(text) > 64 or "*" in text:
        raise _WrongError("姓名不完整或太长", "写全名，不要用*代替")
    # Blanks within a Chinese name only align it with longer ones: 李 明.
    return text.replace(" ", "") if not text.isascii() and not re.search("[A-Za-z]", text) else text


def _kind(text: str) -> str:
    if text not in KINDS:
        raise _WrongError(f"类别“{text}”不认识", "写居民、党员或单位")
    return text


def _place(text: str) -> str:
    if len(text) > 32:
        raise _WrongError("太长了", "最多 32 个字")
    return text


def _phone(text: str) -> str:
    try:
        return plain_phone(text)
    except PeopleError as error:
        raise _WrongError("手机号不对", "写 11 位手机号，或带区号的座机号") from error


def _card(text: str) -> str:
    if not CARD_ID.fullmatch(text):
        raise _WrongError("卡号里有不能用的字符", "照卡面上印的写，只用字母、数字和 . - _")
    return text


def _uid(text: str) -> str:
    uid = plain_uid(text)
    if not UID.fullmatch(uid):
        raise _WrongError("卡片UID不对", "写 8、14 或 20 位十六进制数，可在读卡器上重读")
    return uid


def _yes(text: str) -> str:
    if text in YES:
        return "是"
    if text in NO:
        return "否"
    raise _WrongError(f"“{text}”不认识", "写是或否")


_CHECKS: dict[str, Callable[[str], str]] = {
    NAME: _name,
    KIND: _kind,
    BUILDING: _place,
    DOOR: _place,
    PHONE: _phone,
    CARD: _card,
    CHIP: _uid,
    CONSENT: _yes,
    UNDER14: _yes,
}


def _repeats(lines: Sequence[Line]) -> Iterator[Problem]:
    """Cards that are there twice, and people: the same name with one phone, or behind one door."""
    seen: dict[tuple[str, ...], Line] = {}
    for line in lines:
        keys: list[tuple[str, tuple[str, ...]]] = []
        if line.card is not None and line.uid is not None:
            keys += [(CARD, (CARD, line.card)), (CHIP, (CHIP, line.uid))]
        if line.phone is not None:
            keys.append((NAME, (PHONE, line.phone, line.name)))
        if line.door or line.kind is Kind.UNIT:
            keys.append((NAME, (DOOR, line.building, line.door, line.name)))
        for column, key in keys:
            before = seen.setdefault(key, line)
            if before is not line:
                what = f"与工作表“{before.sheet}”第 {before.row} 行重复"
                yield line.problem(column, what, "删去其中一行，或改正")
                break
