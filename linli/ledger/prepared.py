"""Queries that every batch asks: their text is made once, not each time.

SQLAlchemy's own cache still has to look at the whole query before it knows it again; for the
queries here that took longer than the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Executable

from linli.ledger.many_rows import bound


class Prepared:
    """A query whose text is made once for each kind of database. To make it anew costs more than
    the answer, for those that every batch asks."""

    def __init__(self, query: Executable) -> None:
        self._query = query
        self._known: dict[str, _Asked] = {}

    def all(self, connection: Connection, **values: Any) -> Sequence[tuple[Any, ...]]:
        """The rows, their columns as the tables' types say. `values` are those that the query
        names with `bindparam` and `among`."""
        dialect = connection.dialect
        asked = self._known.get(dialect.name)
        if asked is None:
            asked = self._known[dialect.name] = _Asked(self._query, dialect)
        return asked.all(connection, values)


class _Asked:
    def __init__(self, query: Any, dialect: Dialect) -> None:
        compiled = query.compile(dialect=dialect)
        self._text = str(compiled)
        self._order: list[str] | None = compiled.positiontup
        self._fixed: dict[str, Any] = compiled.params
        self._bound = {
            name: convert
            for name, parameter in compiled.binds.items()
            if (convert := bound(parameter.type, dialect))
        }
        results = [
            column.type.dialect_impl(dialect).result_processor(dialect, None)
            for column in query.exported_columns
        ]
        self._read = [(place, convert) for place, convert in enumerate(results) if convert]

    def all(self, connection: Connection, values: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
        given = self._fixed | values
        for name, convert in self._bound.items():
            given[name] = convert(given[name])
        asked: Any = given if self._order is None else tuple(given[name] for name in self._order)
        rows = connection.exec_driver_sql(self._text, asked).all()
        if not rows or not self._read:
            return rows
        columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
        for place, convert in self._read:
            columns[place] = map(convert, columns[place])
        return list(zip(*columns, strict=True))
