"""Spreadsheets as people send them, made by the tests."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook

HEAD = ("姓名", "类别", "楼栋", "户号", "手机", "卡号", "卡片UID", "同意公示", "未满14岁")


def xlsx(*rows: Sequence[object], merged: Sequence[str] = (), title: str = "名单") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for reference in merged:
        sheet.merge_cells(reference)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv_text(*rows: Sequence[object]) -> str:
    return "".join(",".join(map(str, row)) + "\r\n" for row in rows)
