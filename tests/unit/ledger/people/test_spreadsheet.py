"""Lists come as xlsx or csv, in whatever encoding, and not every file is a list."""

from __future__ import annotations

import io
import zipfile

import pytest

from linli.ledger.people import spreadsheet
from linli.ledger.people.spreadsheet import FORMULA, INEXACT, Sheet, SheetError, read_sheets
from tests.unit.ledger.people.lists import HEAD, csv_text, xlsx

WANG = ("王建国", "居民", "1号楼")


def texts(sheet: Sheet) -> list[list[str]]:
    return [[cell.text for cell in row if cell.text] for row in sheet.rows]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("comma", [",", "\t", ";", "，"])
def test_a_csv_file_is_read_in_its_encoding(code: str, comma: str) -> None:
    text = csv_text(HEAD[:3], WANG).replace(",", comma)
    (sheet,) = read_sheets(text.encode(code))
    assert texts(sheet) == [list(HEAD[:3]), list(WANG)]


def test_a_title_above_the_columns_does_not_hide_the_separator() -> None:
    (sheet,) = read_sheets("阳光社区名单\n姓名;类别\n王建国;居民\n".encode())
    assert texts(sheet)[1:] == [["姓名", "类别"], ["王建国", "居民"]]


def test_an_xlsx_file_is_read_sheet_by_sheet() -> None:
    (sheet,) = read_sheets(xlsx(HEAD[:3], WANG))
    assert (sheet.name, texts(sheet)) == ("名单", [list(HEAD[:3]), list(WANG)])


def test_numbers_are_read_as_they_are_written() -> None:
    (sheet,) = read_sheets(xlsx(["手机"], [13800001234], [13800001234.0], [1234567890123456789]))
    assert texts(sheet)[1:3] == [["13800001234"], ["13800001234"]]
    assert sheet.rows[3][0].wrong == INEXACT


def test_a_formula_is_never_computed() -> None:
    (sheet,) = read_sheets(xlsx(["姓名"], ["=HYPERLINK(1)"]))
    assert sheet.rows[1][0].wrong == FORMULA
    (sheet,) = read_sheets("姓名\n=cmd|x\n".encode())
    assert sheet.rows[1][0].wrong == FORMULA


def test_every_cell_of_a_merged_range_has_its_value() -> None:
    data = xlsx(HEAD[:3], WANG, ("李明", "居民", ""), merged=["C2:C3"])
    (sheet,) = read_sheets(data)
    assert [row[2].text for row in sheet.rows[1:]] == ["1号楼", "1号楼"]
    assert sheet.rows[2][2].merged == (2, 1)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(600), "旧版 xls"),
        (b"PK\x03\x04" + bytes(100), "已损坏"),
        (xlsx(WANG)[:-400], "已损坏"),
        (b"\x81\xff\xff", "文字编码认不出"),
        ("姓名\n\0".encode(), "不是表格文件"),
        ('姓名\n"王\n'.encode(), "引号不成对"),
        (b"x\n" * 5001, "多于 5000 行"),
        (bytes(8 * 1024 * 1024 + 1), "超过 8 MB"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(data: bytes, says: str) -> None:
    with pytest.raises(SheetError, match=says):
        read_sheets(data)


def packed(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_a_file_that_unpacks_to_far_more_is_refused() -> None:
    bomb = packed(bomb=bytes(spreadsheet.UNPACKED_CAP + 1))
    assert len(bomb) < 100_000
    with pytest.raises(SheetError, match="解开后太大"):
        read_sheets(bomb)


def test_a_zip_that_is_no_xlsx_is_refused() -> None:
    with pytest.raises(SheetError, match="不是 xlsx"):
        read_sheets(packed(readme=b"x"))


def changed(data: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with something else in its first sheet."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(file, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert old in content
                content = content.replace(old, new)
            after.writestr(name, content)
    return file.getvalue()


def test_a_row_a_million_rows_further_down_is_refused_at_once() -> None:
    data = changed(xlsx(HEAD[:3], WANG), b'<row r="2"', b'<row r="900000000"')
    with pytest.raises(SheetError, match="多于 5000 行"):
        read_sheets(data)


def test_merged_ranges_without_end_are_refused() -> None:
    data = xlsx(*[WANG] * 4000, merged=["A1:B2"])
    many = b"".join(b'<mergeCell ref="A1:Z4000"/>' for _ in range(1000))
    with pytest.raises(SheetError, match="合并的单元格太多"):
        read_sheets(changed(data, b'<mergeCell ref="A1:B2" />', many))


def test_entities_that_multiply_are_refused() -> None:
    levels = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 9))
    bomb = b'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">' + levels + b"]><worksheet "
    with pytest.raises(SheetError):
        read_sheets(
            changed(changed(xlsx(HEAD[:3], WANG), b"<worksheet ", bomb), "王建国".encode(), b"&e8;")
        )
