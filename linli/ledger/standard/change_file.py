"""Reads a monthly adjustment from YAML, as somebody at a shell writes it down.

month: 2026-12
effective_from: 2026-12-01
changes:
  - {code: B05, field: points, old: 20, new: 25, reason: 夜间值守多}
  - {code: B05, field: limit, old: {n: 4, per: month}, reason: 不再设上限}
  - code: C06
    field: added
    new: {class_code: C, item: {code: C06, name: 文明养猫劝导, points: 5, record: checkin}}
    reason: 居民提议
  - {code: D05, field: withdrawn, reason: 改由街道登记}

What is withdrawn is not written out again: its old value is what the version says. Elsewhere a
value that is left out is none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import yaml
from msgspec import Struct

from linli.ledger.standard.applying import current
from linli.ledger.standard.changes import Change, Field, read_value, written
from linli.ledger.standard.faults import AdjustError, Fault
from linli.ledger.standard.sets import Entry
from linli.sync.messages import StandardDoc


class _Change(Struct, forbid_unknown_fields=True):
    code: str
    field: Field
    reason: str
    old: Any = None
    new: Any = None


class _File(Struct, forbid_unknown_fields=True):
    month: str
    effective_from: dt.date
    changes: list[_Change]


@dataclass(frozen=True, slots=True)
class Written:
    """An adjustment as it was written down."""

    month: str
    effective_on: dt.date
    entries: Sequence[Entry]


def parse_changes(text: str, base: StandardDoc) -> Written:
    """The adjustment of `base` in `text`. Raises AdjustError."""
    try:
        found = msgspec.convert(yaml.safe_load(text), type=_File)
        entries = [Entry(_change(one, base), one.reason) for one in found.changes]
    except AdjustError:
        raise
    except (yaml.YAMLError, ValueError) as error:
        raise AdjustError(Fault.BAD_VALUE, f"not readable as an adjustment: {error}") from error
    return Written(found.month, found.effective_from, entries)


def _change(one: _Change, base: StandardDoc) -> Change:
    if one.field is Field.WITHDRAWN and one.old is None:
        return Change(one.code, one.field, current(base, one.code, one.field), None)
    old, new = (read_value(one.field, written(value)) for value in (one.old, one.new))
    return Change(one.code, one.field, old, new)
