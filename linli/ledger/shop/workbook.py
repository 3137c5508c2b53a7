"""A merchant's month as a spreadsheet.

The same month makes the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.writer.excel import ExcelWriter

from linli.ledger.documents.cells import put
from linli.ledger.shop.settlement import MerchantMonth

HEAD = ("券号", "优惠", "日期", "积分", "社区承担(元)", "商户承担(元)")
WIDTHS = (18, 36, 12, 8, 14, 14)
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can have."""


def settlement_sheet(of: MerchantMonth) -> bytes:
    """An .xlsx file: who and when, a line for each voucher, and what they come to."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has one sheet
    sheet.title = of.month
    lines: list[tuple[object, ...]] = [
        (of.merchant.name, of.merchant.number, of.month),
        HEAD,
        *(
            (
                one.number,
                one.good,
                one.day,
                one.points,
                one.community_fen / 100,
                one.merchant_fen / 100,
            )
            for one in of.vouchers
        ),
        ("合计", "", "", of.points, of.community_fen / 100, of.merchant_fen / 100),
    ]
    for number, line in enumerate(lines, start=1):
        for column, value in enumerate(line, start=1):
            put(sheet.cell(number, column), value)
            if number in (2, len(lines)):
                sheet.cell(number, column).font = Font(bold=True)
    for letter, width in zip("ABCDEF", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A3"
    book.properties.creator = "Linli"
    book.properties.created = book.properties.modified = dt.datetime(*EPOCH)  # noqa: DTZ001
    return _packed(book)


def _packed(book: Workbook) -> bytes:
    """The file, without the time at which it was written."""
    written, packed = io.BytesIO(), io.BytesIO()
    # `book.save` would stamp the moment into it.
    ExcelWriter(book, zipfile.ZipFile(written, "w")).save()
    with (
        zipfile.ZipFile(written) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
