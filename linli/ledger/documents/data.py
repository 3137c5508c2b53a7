"""A document as the data its template reads: text made printable, and what is drawn or worked out
from it."""

from __future__ import annotations

import datetime as dt
import io
import re
from functools import cache
from typing import Any

import msgspec
import segno

from linli.ledger.documents.amounts import in_words
from linli.ledger.documents.glyphs import printable
from linli.ledger.documents.model import (
    Adjustment,
    Document,
    DocumentError,
    Minutes,
    Notice,
    Poster,
    Proof,
    Settlement,
)

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_WEEK = re.compile(r"(\d{4})-W(\d\d)")
_ROOT = re.compile(r"(?:[0-9a-fA-F]{4})+")
GROUP = 4
"""Hex digits a person compares at a glance."""


def data_of(document: Document) -> dict[str, Any]:
    """Plain values of the document, every text printable. Raises DocumentError for a month, week
    or proof that is none."""
    data: dict[str, Any] = _printable(msgspec.to_builtins(document))
    match document:
        case Notice(month=month, proof=proof) | Poster(month=month, proof=proof):
            _check_month(month)
            data["proof"] = _shown(proof)
        case Minutes(week=week):
            data["week"] = _named_week(week)
        case Adjustment(month=month):
            _check_month(month)
        case Settlement(month=month, vouchers=vouchers):
            _check_month(month)
            data["owed_in_words"] = in_words(sum(voucher.community_fen for voucher in vouchers))
    return data


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: _printable(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(part) for part in value]
    return value


def _check_month(month: str) -> None:
    if not _MONTH.fullmatch(month):
        raise DocumentError(f"{month!r} is no month: write it as 2026-10")


def _named_week(week: str) -> dict[str, Any]:
    found = _WEEK.fullmatch(week)
    try:
        if not found:
            raise ValueError
        year, number = int(found[1]), int(found[2])
        monday = dt.date.fromisocalendar(year, number, 1)
    except ValueError as error:
        raise DocumentError(f"{week!r} is no week: write it as 2026-W44") from error
    sunday = monday + dt.timedelta(days=6)
    return {
        "year": year,
        "number": number,
        "first": monday.isoformat(),
        "last": sunday.isoformat(),
    }


def _shown(proof: Proof) -> dict[str, Any]:
    if not _ROOT.fullmatch(proof.root):
        raise DocumentError("a checkpoint's root is written in hex, in groups of four")
    root = proof.root.lower()
    groups = [root[at : at + GROUP] for at in range(0, len(root), GROUP)]
    return {"groups": groups, "qr": _qr(proof.url)}


@cache
def _qr(url: str) -> str:
    """The QR code as SVG, its dark modules only: the quiet zone is the template's."""
    try:
        code = segno.make_qr(url, error="m")
    except ValueError as error:
        raise DocumentError("the address does not fit into a QR code") from error
    out = io.BytesIO()
    code.save(out, kind="svg", border=0, xmldecl=False, svgns=True, dark="#1f1b16")
    return out.getvalue().decode("ascii")
