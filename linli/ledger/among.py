"""Many values asked for at once, as one value of a query: PostgreSQL has arrays, SQLite reads
JSON."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

import msgspec
from sqlalchemy import BindParameter, ColumnElement, Dialect, any_, bindparam, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine


class _Among(ColumnElement[bool]):
    inherit_cache = False
    # A Boolean would be compared with 1 on SQLite, and no index be used.
    type: TypeEngine[Any] = NullType()

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.values: BindParameter[Any] = bindparam(name, type_=_Values())


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """For a query that is `Prepared`: whether `column` holds one of the values given as `name`, of
    which there may be any number."""
    return _Among(column, name)


class _Values(TypeDecorator[Any]):
    """A list as one value: JSON for SQLite, PostgreSQL has arrays."""

    impl = NullType
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return array_text if dialect.name == "postgresql" else _json


def _json(values: Iterable[Any]) -> str:
    return msgspec.json.encode(list(values)).decode()


def array_text(values: Collection[Any]) -> str:
    """As PostgreSQL writes an array (its manual, section 8.15.6); most are of plain words. The
    driver's own way looks at each element thrice."""
    kinds = set(map(type, values))
    if kinds == {str}:
        words = '","'.join(values)
        if "\\" not in words and words.count('"') == 2 * len(values) - 2:
            return f'{{"{words}"}}'
    if kinds <= {int, bool}:
        return "{" + ",".join(map(str, values)) + "}"
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return '"\\\\x' + value.hex() + '"'
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


@compiles(_Among, "sqlite")
def _among_json(element: _Among, compiler: Any, **more: Any) -> str:
    each = func.json_each(element.values).table_valued("value")
    return str(compiler.process(element.column.in_(select(each.c.value)), **more))


@compiles(_Among, "postgresql")
def _among_array(element: _Among, compiler: Any, **more: Any) -> str:
    return str(compiler.process(element.column == any_(element.values), **more))
