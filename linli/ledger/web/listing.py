"""Long lists: cut into pages on the screen, whole as a file.

A cell that a spreadsheet would take for a formula is written as text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import Response
from openpyxl import Workbook
from openpyxl.styles import Font

from linli.ledger.documents.cells import put, without_formula
from linli.ledger.web.rendering import download

T = TypeVar("T")
PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Format = Annotated[str, Query(alias="format")]
"""Of a list's address: empty for the page, else which file of the whole list is asked for."""
LONGEST_SOUGHT = 64
BOM = "\ufeff"
"""Without it, spreadsheets take the file for GB 18030."""


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """One page of a list. `number` counts from 1."""

    rows: Sequence[T]
    number: int
    total: int
    request: Request
    size: int = PER_PAGE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    def address(self, **changed: str | int) -> str:
        """This page's address with some of its parameters changed."""
        parameters = dict(self.request.query_params) | {k: str(v) for k, v in changed.items()}
        return f"?{urlencode({k: v for k, v in parameters.items() if v})}"


def page_number(request: Request) -> int:
    """The page that is asked for; the first where that is none."""
    text = request.query_params.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def cut(rows: Sequence[T], request: Request, size: int = PER_PAGE) -> Listing[T]:
    """A page of a list that is in memory; the last one where fewer are left than asked for."""
    last = max(1, -(-len(rows) // size))
    number = min(page_number(request), last)
    return Listing(rows[(number - 1) * size : number * size], number, len(rows), request, size)


def has(sought: str, *values: object) -> bool:
    """Whether what was typed stands in one of these; nothing typed stands everywhere."""
    text = sought.strip()[:LONGEST_SOUGHT].casefold()
    return any(text in str(value).casefold() for value in values if value is not None)


def as_file(
    form: str, name: str, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> Response:
    """The whole list as `xlsx`, or as `csv` for anything else."""
    if form == "xlsx":
        return download(_xlsx(head, rows), f"{name}.xlsx", XLSX)
    return download(_csv(head, rows), f"{name}.csv", "text/csv; charset=utf-8")


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([without_formula(value) for value in row] for row in rows)
    return (BOM + out.getvalue()).encode()


def _xlsx(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has one sheet
    for number, row in enumerate((head, *rows), start=1):
        for column, value in enumerate(row, start=1):
            put(sheet.cell(number, column), value)
    for column in range(1, len(head) + 1):
        sheet.cell(1, column).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
