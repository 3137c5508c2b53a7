"""Cells of spreadsheets that hold what people typed.

A spreadsheet would compute what begins like a formula: such text is kept as text, in a workbook
marked as quoted, in a CSV behind an apostrophe.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
MONEY = "0.00"


def put(cell: Any, value: object) -> None:
    """Write a value as what it is: text stays text, whatever it begins with. None is left out."""
    assert isinstance(cell, Cell)  # noqa: S101 - nothing is merged
    if value is None:
        return
    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(DANGEROUS)
        return
    if isinstance(value, float):
        cell.number_format = MONEY
    assert isinstance(value, int | float | dt.date)  # noqa: S101 - a moment is given as text
    cell.value = value


def without_formula(value: object) -> object:
    """The same value for a CSV's cell."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return value
