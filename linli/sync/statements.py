"""Shapes of SQLite statements that are built once, at import: to build one costs more than to run
it. What changes from run to run is a parameter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, Table, bindparam, func, select
from sqlalchemy.dialects.sqlite import Insert, insert

Combine = Callable[[ColumnElement[Any], ColumnElement[Any]], ColumnElement[Any]]


def upsert(table: Table, **combine: Combine) -> Insert:
    """Insert a row, or replace what another with its key holds. `combine` says, for a column,
    how what is there meets what comes."""
    statement = insert(table)
    came = statement.excluded
    others = [column for column in table.columns if not column.primary_key]
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={
            column.name: combine[column.name](column, came[column.name])
            if column.name in combine
            else came[column.name]
            for column in others
        },
    )


def one_of(column: Column[Any], name: str) -> ColumnElement[bool]:
    """That `column` is among the values given, as `listed` writes them, in the parameter
    `name`."""
    values = func.json_each(bindparam(name)).table_valued("value")
    return column.in_(select(values.c.value))


def listed(values: Iterable[str]) -> str:
    """Values for `one_of`."""
    return msgspec.json.encode(list(values)).decode()
