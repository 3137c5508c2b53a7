"""Reads a points standard from YAML and says exactly what is wrong with it, and where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import msgspec
import yaml

from linli.sync.messages import Item, ItemClass, ItemLimit, StandardDoc, encode

RECORDS = ("checkin", "report", "declare", "task")
PERIODS = ("day", "week", "month", "quarter", "year")


class StandardError(ValueError):
    """The standard cannot be taken; the text names line, field and what is expected there."""


@dataclass(frozen=True)
class _Map:
    """A YAML mapping with the line it starts on and the lines of its fields."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


def parse_standard(text: str) -> StandardDoc:
    """The standard in `text` (the form of assets/points-standard.yaml), checked as a whole.

    Raises StandardError."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        top = _plain(node)
    except (yaml.YAMLError, ValueError) as error:
        raise StandardError(f"not readable as YAML: {error}") from error
    if not isinstance(top, _Map):
        raise StandardError("line 1: expected version, effective_from and classes")
    doc = StandardDoc(
        version=_text(top, "version"),
        effective_from=_day(top, "effective_from"),
        classes=[_class(entry) for entry in _maps(top, "classes")],
    )
    _check_unique(top)
    require_readable(doc)
    return doc


def require_readable(doc: StandardDoc) -> None:
    """Raises StandardError for a value that no message can carry."""
    try:
        msgspec.json.decode(encode(doc), type=StandardDoc)
    except msgspec.ValidationError as error:
        raise StandardError(f"no terminal could read it: {error}") from error


def _class(entry: _Map) -> ItemClass:
    _only(entry, "code", "name", "items")
    return ItemClass(
        code=_text(entry, "code"),
        name=_text(entry, "name"),
        items=[_item(item) for item in _maps(entry, "items")],
    )


def _item(entry: _Map) -> Item:
    _only(entry, "code", "name", "points", "record", "limit", "duration_min")
    limit = entry.values.get("limit")
    if limit is not None and not isinstance(limit, _Map):
        _wrong(entry, "limit", "{n: …, per: …}")
    return Item(
        code=_text(entry, "code"),
        name=_text(entry, "name"),
        points=_positive(entry, "points"),
        record=_one_of(entry, "record", RECORDS),
        limit=None if limit is None else _limit(limit),
        duration_min=_positive(entry, "duration_min") if "duration_min" in entry.values else None,
    )


def _limit(entry: _Map) -> ItemLimit:
    _only(entry, "n", "per")
    return ItemLimit(n=_positive(entry, "n"), per=_one_of(entry, "per", PERIODS))


def _check_unique(top: _Map) -> None:
    """Codes name an item or class for ever, so none may appear twice."""
    seen: dict[str, int] = {}
    for entry in _coded(top):
        code, line = entry.values["code"], entry.lines["code"]
        if code in seen:
            raise StandardError(f"line {line}: code {code} is already used on line {seen[code]}")
        seen[code] = line


def _coded(top: _Map) -> Iterator[_Map]:
    for entry in _maps(top, "classes"):
        yield entry
        yield from _maps(entry, "items")


# --- fields ----------------------------------------------------------------------------------


def _text(entry: _Map, name: str) -> str:
    value = entry.values.get(name)
    if not isinstance(value, str) or not value.strip():
        _wrong(entry, name, "a text")
    return value


def _positive(entry: _Map, name: str) -> int:
    value = entry.values.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        _wrong(entry, name, "a whole number above 0")
    return value


def _one_of(entry: _Map, name: str, choices: tuple[str, ...]) -> str:
    value = entry.values.get(name)
    if value not in choices:
        _wrong(entry, name, f"one of {', '.join(choices)}")
    return str(value)


def _day(entry: _Map, name: str) -> dt.date:
    value = entry.values.get(name)
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        _wrong(entry, name, "a day such as 2026-01-01")
    return value


def _maps(entry: _Map, name: str) -> list[_Map]:
    value = entry.values.get(name)
    if not isinstance(value, list) or not value:
        _wrong(entry, name, "a list that is not empty")
    for position, member in enumerate(value, start=1):
        if not isinstance(member, _Map):
            _wrong(entry, name, f"fields with a code in entry {position}")
    return value


def _only(entry: _Map, *names: str) -> None:
    for name in entry.values.keys() - set(names):
        raise StandardError(
            f"line {entry.lines[name]}: {name} is not known here; expected {', '.join(names)}"
        )


def _wrong(entry: _Map, name: str, expected: str) -> NoReturn:
    line = entry.lines.get(name, entry.line)
    value = entry.values.get(name)
    if value is None:
        raise StandardError(f"line {line}: {name} is missing; expected {expected}")
    raise StandardError(f"line {line}: {name} is {_shown(value)}; expected {expected}")


def _shown(value: Any) -> str:
    return "a list or fields" if isinstance(value, list | _Map) else repr(value)


# --- YAML with line numbers ------------------------------------------------------------------


def _plain(node: yaml.Node | None) -> Any:
    """Mappings as `_Map`, sequences as lists, scalars as YAML's safe types."""
    if isinstance(node, yaml.MappingNode):
        return _mapping(node)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child) for child in node.value]
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    return None


def _mapping(node: yaml.MappingNode) -> _Map:
    found = _Map(node.start_mark.line + 1)
    for key, value in node.value:
        line = key.start_mark.line + 1
        name = str(key.value)
        if name in found.values:
            raise StandardError(f"line {line}: {name} is given twice")
        found.values[name] = _plain(value)
        found.lines[name] = line
    return found


def _scalar(node: yaml.ScalarNode) -> Any:
    readers: dict[str, Callable[[str], Any]] = {
        "tag:yaml.org,2002:int": int,
        "tag:yaml.org,2002:timestamp": _as_day,
        "tag:yaml.org,2002:null": lambda _: None,
    }
    try:
        return readers.get(node.tag, str)(node.value)
    except ValueError:
        return node.value


def _as_day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
