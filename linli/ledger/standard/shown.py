"""Changes as people read them: item by item, each with its name, old → new in words. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from linli.ledger.standard.changes import Change, Field, Placed, classes_of, items_of
from linli.ledger.standard.sets import Entry
from linli.ledger.standard.wording import FIELDS, value_words
from linli.sync.messages import Item, StandardDoc


class Turn(StrEnum):
    """What becomes of an item."""

    CHANGED = "changed"
    ADDED = "added"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Line:
    """One field: 分值, 20 分, 25 分. `old` and `new` are empty where there is nothing."""

    field: str
    old: str
    new: str
    stale: bool = False


@dataclass(frozen=True, slots=True)
class ShownItem:
    """`item` is the whole item where it came or goes; its `lines` are empty then."""

    code: str
    name: str
    turn: Turn
    item: Item | None
    lines: tuple[Line, ...]
    reasons: tuple[str, ...]


def show(
    entries: Sequence[Entry], before: StandardDoc | None, stale: Collection[Change] = ()
) -> list[ShownItem]:
    """`before` is the version that is changed: it knows the names."""
    grouped: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        grouped[entry.change.code].append(entry)
    names = {} if before is None else _names(before)
    return [_shown(code, of, names, stale) for code, of in grouped.items()]


def _shown(
    code: str, entries: list[Entry], names: dict[str, str], stale: Collection[Change]
) -> ShownItem:
    reasons = tuple(dict.fromkeys(entry.reason for entry in entries if entry.reason))
    whole = _whole(entry.change for entry in entries)
    if whole is not None:
        turn, placed = whole
        return ShownItem(code, placed.item.name, turn, placed.item, (), reasons)
    lines = tuple(_line(entry.change, entry.change in stale) for entry in entries)
    return ShownItem(code, names.get(code, code), Turn.CHANGED, None, lines, reasons)


def _whole(changes: Iterable[Change]) -> tuple[Turn, Placed] | None:
    for change in changes:
        if change.field is Field.ADDED and isinstance(change.new, Placed):
            return Turn.ADDED, change.new
        if change.field is Field.WITHDRAWN and isinstance(change.old, Placed):
            return Turn.WITHDRAWN, change.old
    return None


def _line(of: Change, stale: bool) -> Line:
    return Line(
        FIELDS[of.field], value_words(of.field, of.old), value_words(of.field, of.new), stale
    )


def _names(doc: StandardDoc) -> dict[str, str]:
    return classes_of(doc) | {code: placed.item.name for code, placed in items_of(doc).items()}
