"""Reads a spreadsheet somebody sends, xlsx or csv, as rows of text. Pure.

The file may be anything: it is refused before it costs memory or time, and what a cell is worth is
never computed.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError, iterparse  # nosec B405

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

SIZE_CAP = 8 * 1024 * 1024
UNPACKED_CAP = 32 * 1024 * 1024
PARTS_CAP = 500
SHEETS_CAP = 20
ROWS_CAP = 5000
COLUMNS_CAP = 40
EXACT = 10**15
"""Spreadsheets keep numbers to 15 digits: a longer one has lost its end already."""
FORMULA = "单元格里是公式"
INEXACT = "数字太长，末几位已丢失"
FORMULA_SIGNS = ("=", "@")


class SheetError(ValueError):
    """The file cannot be read as a list; the text, in Chinese, says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`wrong` says why the text cannot be trusted; empty where it can. `merged` is how many rows
    and columns the cell covers, and None for a usual one."""

    text: str
    wrong: str = ""
    merged: tuple[int, int] | None = None


EMPTY = Cell("")


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows` begin with the first of the sheet; a row of a csv file is a line."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


def read_sheets(data: bytes) -> list[Sheet]:
    """The visible sheets. Cells of a merged range all have its value. Raises SheetError."""
    if len(data) > SIZE_CAP:
        raise SheetError(f"文件超过 {SIZE_CAP // 1024**2} MB：请分成几个文件")
    if data.startswith(b"PK\x03\x04"):
        return _xlsx(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetError("这是旧版 xls 或加密的文件：请去掉密码，另存为 xlsx")
    return [_csv(data)]


# --- xlsx ------------------------------------------------------------------------------------


def _xlsx(data: bytes) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bombs(archive)
            book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            if len(book.worksheets) > SHEETS_CAP:
                raise SheetError(f"工作表多于 {SHEETS_CAP} 个：请只留名单")
            shown = [s for s in book.worksheets if s.sheet_state == "visible"]
            return [_sheet(archive, sheet) for sheet in shown]
    except SheetError:
        raise
    except (
        *(zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError),
        *(AttributeError, IndexError, EOFError, OSError, RuntimeError, NotImplementedError),
    ) as error:  # a damaged file fails in openpyxl in all of these ways
        raise SheetError("文件已损坏或不是 xlsx：请在表格软件里另存为 xlsx 再试") from error


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    """No part is unpacked further than the size it claims, so the claims bound the whole."""
    parts = archive.infolist()
    if len(parts) > PARTS_CAP or sum(part.file_size for part in parts) > UNPACKED_CAP:
        raise SheetError("文件解开后太大：请只留名单，去掉图片和其他工作表")


def _sheet(archive: zipfile.ZipFile, sheet: Any) -> Sheet:
    rows: list[list[Cell]] = []
    # What the file says of its own size is not believed: it may claim a million columns.
    sheet.reset_dimensions()
    for row in sheet.iter_rows(max_col=COLUMNS_CAP, max_row=ROWS_CAP + 1):
        rows.append([_cell(cell) for cell in row])
        if len(rows) > ROWS_CAP:
            raise SheetError(
                f"工作表“{sheet.title}”多于 {ROWS_CAP} 行：请删去名单下方的空行，或分成几个文件"
            )
    # Merged ranges are not kept by openpyxl where it reads without keeping everything.
    with archive.open(sheet._worksheet_path) as part:
        filled = 0
        for reference in _merged(part):
            filled += _spread(rows, reference)
            if filled > ROWS_CAP * COLUMNS_CAP:
                raise SheetError(f"工作表“{sheet.title}”里合并的单元格太多：请取消合并")
    return Sheet(str(sheet.title), tuple(map(tuple, _without_end(rows))))


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return EMPTY
    if cell.data_type == "f":
        return Cell("", FORMULA)
    if cell.data_type == "e":
        return Cell("", f"单元格里是错误值 {value}")
    return _valued(value)


def _valued(value: object) -> Cell:
    if isinstance(value, bool):
        return Cell("是" if value else "否")
    if isinstance(value, int | float):
        if abs(value) >= EXACT:
            return Cell("", INEXACT)
        return Cell(str(int(value)) if value == int(value) else str(value))
    if isinstance(value, dt.datetime | dt.date):
        return Cell(value.isoformat()[:10])
    return Cell(str(value))


def _merged(part: Any) -> Iterator[str]:
    for _, element in iterparse(part):  # noqa: S314 - expat ends what unfolds itself  # nosec B314
        if element.tag.endswith("}mergeCell"):
            yield element.get("ref", "")
        element.clear()


def _spread(rows: list[list[Cell]], reference: str) -> int:
    """Give a range's value to all its cells; returns how many there were."""
    left, top, right, bottom = (bound or 1 for bound in range_boundaries(reference))
    if top > len(rows):
        return 1
    first = rows[top - 1]
    value = first[left - 1] if left <= len(first) else EMPTY
    filled = Cell(value.text, value.wrong, (bottom - top + 1, right - left + 1))
    for row in rows[top - 1 : bottom]:
        for column in range(left - 1, min(right, len(row))):
            row[column] = filled
    return (min(bottom, len(rows)) - top + 1) * COLUMNS_CAP


def _without_end(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Without the empty rows that a sheet ends with."""
    while rows and not any(cell.text or cell.wrong for cell in rows[-1]):
        rows.pop()
    return rows


# --- csv -------------------------------------------------------------------------------------


def _csv(data: bytes) -> Sheet:
    text = _decoded(data)
    if "\0" in text:
        raise SheetError("这不是表格文件：请用 xlsx，或以逗号分隔的 csv")
    head = "\n".join(text.splitlines()[:10])
    comma = max(",\t;，", key=head.count)
    rows: list[list[Cell]] = []
    try:
        for values in csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True):
            rows.append([_text_cell(value) for value in values[:COLUMNS_CAP]])
            if len(rows) > ROWS_CAP:
                raise SheetError(f"文件多于 {ROWS_CAP} 行：请分成几个文件")
    except csv.Error as error:
        raise SheetError(f"第 {len(rows) + 1} 行的引号不成对或内容太长：请改正") from error
    return Sheet("csv", tuple(map(tuple, _without_end(rows))))


def _decoded(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    codes = ["utf-16"] if wide else ["utf-8-sig", "gb18030"]
    for code in codes:
        try:
            return data.decode(code)
        except UnicodeDecodeError:
            continue
    raise SheetError("文件的文字编码认不出：请另存为 UTF-8 的 csv，或用 xlsx")


def _text_cell(value: str) -> Cell:
    return Cell("", FORMULA) if value.strip().startswith(FORMULA_SIGNS) else Cell(value)
