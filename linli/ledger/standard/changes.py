"""What differs between two versions of the standard, change by change. Pure.

A change names one code and one field of it with the value before and after. The changes between
two versions, applied to the first (see applying.py), make the second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from linli.sync.messages import Item, ItemLimit, StandardDoc, encode, learn


class Field(StrEnum):
    """What of an item can change; the last two only come with a document imported as a whole."""

    POINTS = "points"
    NAME = "name"
    LIMIT = "limit"
    DURATION = "duration"
    RECORD = "record"
    ADDED = "added"
    WITHDRAWN = "withdrawn"
    CLASS = "class"
    CLASS_NAME = "class-name"


class Placed(Struct, frozen=True, kw_only=True):
    """An item and the code of its class."""

    class_code: str
    item: Item


learn(Placed)

Value = int | str | ItemLimit | Placed | None

KEPT_IN = {
    Field.POINTS: "points",
    Field.NAME: "name",
    Field.LIMIT: "limit",
    Field.DURATION: "duration_min",
    Field.RECORD: "record",
}
"""The attribute of an `Item` that a field is kept in."""
_TYPES: dict[Field, Any] = {
    Field.POINTS: int,
    Field.NAME: str,
    Field.LIMIT: ItemLimit | None,
    Field.DURATION: int | None,
    Field.RECORD: str,
    Field.ADDED: Placed | None,
    Field.WITHDRAWN: Placed | None,
    Field.CLASS: str,
    Field.CLASS_NAME: str | None,
}


@dataclass(frozen=True, slots=True)
class Change:
    """A new item has no `old`, a withdrawn one no `new`; both are whole items then. Of
    `CLASS_NAME`, the code is a class's, and a class can be new or go as well."""

    code: str
    field: Field
    old: Value
    new: Value


def difference(old: StandardDoc, new: StandardDoc) -> tuple[Change, ...]:
    """In the order of the new document; what went comes last."""
    return (*_of_classes(classes_of(old), classes_of(new)), *_of_items(old, new))


def classes_of(doc: StandardDoc) -> dict[str, str]:
    """The names of the classes by their codes."""
    return {class_.code: class_.name for class_ in doc.classes}


def items_of(doc: StandardDoc) -> dict[str, Placed]:
    return {
        item.code: Placed(class_code=class_.code, item=item)
        for class_ in doc.classes
        for item in class_.items
    }


def value_of(placed: Placed | None, field: Field) -> Value:
    """What an item says in one field; None for an item that is not there."""
    if placed is None or field is Field.ADDED:
        return None
    if field is Field.WITHDRAWN:
        return placed
    if field is Field.CLASS:
        return placed.class_code
    value: Value = getattr(placed.item, KEPT_IN[field])
    return value


def of_item(old: Placed, new: Placed) -> Iterator[Change]:
    """What differs between two states of one item, field by field."""
    for field in (*KEPT_IN, Field.CLASS):
        was, is_ = value_of(old, field), value_of(new, field)
        if was != is_:
            yield Change(old.item.code, field, was, is_)


def written(value: Value) -> str:
    """A value as it is kept and as a form carries it: JSON."""
    return encode(value).decode()


def read_value(field: Field, text: str) -> Value:
    """The opposite of `written`. Raises ValueError for what is no value of the field."""
    value: Value = msgspec.json.decode(text, type=_TYPES[field])
    return value


def _of_classes(old: dict[str, str], new: dict[str, str]) -> Iterator[Change]:
    for code in (*new, *(code for code in old if code not in new)):
        before, after = old.get(code), new.get(code)
        if before != after:
            yield Change(code, Field.CLASS_NAME, before, after)


def _of_items(old: StandardDoc, new: StandardDoc) -> Iterator[Change]:
    before, after = items_of(old), items_of(new)
    for code, placed in after.items():
        if code not in before:
            yield Change(code, Field.ADDED, None, placed)
            continue
        yield from of_item(before[code], placed)
    for code, placed in before.items():
        if code not in after:
            yield Change(code, Field.WITHDRAWN, placed, None)
