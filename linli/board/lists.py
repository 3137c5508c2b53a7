"""Lists that may be longer than a page of the board: changes of the standard, and the shop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TypeVar

from linli.board.source import Source
from linli.board.state import Alterations, Altered, Shop, Sold
from linli.sync.messages import WareRow
from linli.sync.periods import SHANGHAI, business_day

T = TypeVar("T")
ALTERED_A_PAGE, SOLD_A_PAGE = 6, 6
ALTERED_SHOWN = dt.timedelta(days=14)
"""How long after its first day a change is still news."""
KINDS = ("good", "service", "voucher")


def alterations(source: Source, now: dt.datetime) -> list[Alterations]:
    """The parts in their order: what takes effect first comes first."""
    found = []
    for row in source.standard_changes(business_day(now) - ALTERED_SHOWN):
        items = [Altered(one.code, one.name, one.old, one.new) for one in row.changes]
        parts = _cut(items, ALTERED_A_PAGE)
        found += [
            Alterations(row.effective_from, tuple(part), number, len(parts))
            for number, part in enumerate(parts, start=1)
        ]
    return found


def shop(source: Source, now: dt.datetime) -> list[Shop]:
    """Nothing while no window is open. What is sold out everywhere is left out."""
    window = source.window(now)
    if window is None or window.opens > now:
        return []
    parts = _cut(_sold(source.wares()), SOLD_A_PAGE)
    closes = window.closes.astimezone(SHANGHAI)
    return [
        Shop(closes, tuple(part), number, len(parts)) for number, part in enumerate(parts, start=1)
    ]


def _sold(rows: Sequence[WareRow]) -> list[Sold]:
    """One line a ware, whatever centre has it."""
    found: dict[str, Sold] = {}
    for row in rows:
        before = found.get(row.id)
        left = row.left
        if left is not None and before is not None and before.left is not None:
            left += before.left
        found[row.id] = Sold(row.id, row.kind, row.name, row.points, left, row.merchant)
    there = [one for one in found.values() if one.left != 0]
    return sorted(there, key=lambda one: (_kind_order(one.kind), one.points, one.id))


def _kind_order(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def _cut(items: Sequence[T], most: int) -> list[Sequence[T]]:
    """Into parts of about the same length."""
    parts = -(-len(items) // most)
    if not parts:
        return []
    longer, rest = divmod(len(items), parts)
    cut, start = [], 0
    for number in range(parts):
        end = start + longer + (number < rest)
        cut.append(items[start:end])
        start = end
    return cut
