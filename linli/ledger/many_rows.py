"""Many rows written at once, and many values asked for at once, as each database does it best.

PostgreSQL takes lists and needs few statements; SQLite has no round trips to spare.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    BindParameter,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    LargeBinary,
    String,
    Table,
    and_,
    any_,
    bindparam,
    cast,
    func,
    make_url,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from linli.ledger.moment_text import MomentText

Row = Mapping[str, Any]


class Lines(NamedTuple):
    """Many rows of the same columns, each as a tuple in the order of `names`: where there are
    thousands, dictionaries cost more than what they hold."""

    names: tuple[str, ...]
    values: Sequence[tuple[Any, ...]]


Rows = Sequence[Row] | Lines


def insert_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert `rows`; all name the same columns. Raises IntegrityError for one that is there."""
    _write(connection, table, _lines(rows), "insert")


def upsert(
    connection: Connection, table: Table, rows: Rows, *, added: tuple[str, ...] = ()
) -> None:
    """Insert `rows`, or overwrite those whose primary key is there; columns in `added` are
    added to instead."""
    _write(connection, table, _lines(rows), "upsert", added)


def insert_or_upsert(
    connection: Connection, table: Table, lines: Lines, known: Collection[tuple[Any, ...]]
) -> None:
    """Overwrite the rows whose key, the first columns of each of `lines`, is `known`, and insert
    the others: PostgreSQL does that in two thirds of the time. Whoever else could write the same
    rows must be waiting. Raises IntegrityError for one that is there and not known."""
    names, values = lines
    size = len(table.primary_key)
    fresh = [line for line in values if line[:size] not in known] if known else values
    insert_rows(connection, table, Lines(names, fresh))
    if len(fresh) < len(values):
        upsert(connection, table, Lines(names, [line for line in values if line[:size] in known]))


def insert_missing(connection: Connection, table: Table, rows: Rows) -> int:
    """Insert those of `rows` whose primary key is not there and return how many; the others stay
    as they are."""
    return _write(connection, table, _lines(rows), "missing")


def add_to_rows(connection: Connection, table: Table, rows: Rows) -> int:
    """Add to the rows with these primary keys what `rows` say, one after the other in the order of
    their keys, and return how many; those that are not there are passed over."""
    return _write(connection, table, _by_key(table, _lines(rows)), "add")


def update_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Overwrite in the rows with these primary keys what `rows` say, like `add_to_rows`."""
    _write(connection, table, _by_key(table, _lines(rows)), "set")


def _lines(rows: Rows) -> Lines:
    if isinstance(rows, Lines):
        return rows
    names = tuple(rows[0]) if rows else ()
    return Lines(names, [tuple([row[name] for name in names]) for row in rows])


def _by_key(table: Table, lines: Lines) -> Lines:
    places = [lines.names.index(column.name) for column in table.primary_key if lines.values]
    return Lines(lines.names, sorted(lines.values, key=itemgetter(*places)) if places else ())


def lock_rows(connection: Connection, key: Column[str], values: Collection[str]) -> None:
    """Whoever else locks these rows waits until this transaction ends, each of them in the order
    of their keys. SQLite has one writer: there is nobody to wait for."""
    if _is_postgresql(connection):
        connection.exec_driver_sql(_locking(key), {"keys": _array(values)}).all()


@lru_cache
def _locking(key: Column[str]) -> str:
    query = select(key).where(among(key, "keys")).order_by(key).with_for_update()
    return str(query.compile(dialect=_dialect(on_postgresql=True)))


def _write(
    connection: Connection,
    table: Table,
    lines: Lines,
    way: str,
    added: tuple[str, ...] = (),
) -> int:
    """How many rows were written."""
    names, values = lines
    if not values:
        return 0
    on_postgresql = _is_postgresql(connection)
    text, order = _prepared(on_postgresql, table, names, way, added)
    columns: dict[str, Sequence[Any]] = dict(zip(names, zip(*values, strict=True), strict=True))
    for name in names:
        if convert := bound(table.c[name].type, connection.dialect):
            columns[name] = list(map(convert, columns[name]))
    given = [columns[name] for name in order]
    if on_postgresql:
        lists = dict(zip(order, map(_array, given), strict=True))
        return connection.exec_driver_sql(text, lists).rowcount
    return connection.exec_driver_sql(text, list(zip(*given, strict=True))).rowcount


_BITS = {None: None, False: 0, True: 1}


@lru_cache
def bound(type_: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes a value of this type one that the driver takes; None where nothing has to."""
    if isinstance(type_, LargeBinary):
        return None  # bytes are taken as they are
    if isinstance(type_, Boolean):
        return None if dialect.supports_native_boolean else _BITS.__getitem__
    return type_.dialect_impl(dialect).bind_processor(dialect)


@lru_cache
def _prepared(
    on_postgresql: bool, table: Table, names: tuple[str, ...], way: str, added: tuple[str, ...]
) -> tuple[str, Sequence[str]]:
    """The statement as the driver takes it, and its columns in their order.

    PostgreSQL takes all rows in one statement, a list for each column; SQLite has no round trips
    to spare, and takes them one by one."""
    if way in ("add", "set"):
        statement = (_update_lists if on_postgresql else _update_one)(table, names, way == "add")
    else:
        statement = (_insert_lists if on_postgresql else _insert_one)(table, names)
        if way == "missing":
            statement = statement.on_conflict_do_nothing()
        if way == "upsert":
            changes = {
                name: table.c[name] + statement.excluded[name]
                if name in added
                else statement.excluded[name]
                for name in names
                if not table.c[name].primary_key
            }
            keys = list(table.primary_key)
            statement = statement.on_conflict_do_update(index_elements=keys, set_=changes)
    compiled = statement.compile(dialect=_dialect(on_postgresql=on_postgresql))
    return str(compiled), compiled.positiontup or names


def _insert_one(table: Table, names: Sequence[str]) -> Any:
    return sqlite.insert(table).values({name: bindparam(name) for name in names})


def _insert_lists(table: Table, names: Sequence[str]) -> Any:
    lists = select(*(_listed(table, name) for name in names))
    return postgresql.insert(table).from_select(names, lists)


def _update_one(table: Table, names: Sequence[str], adds: bool) -> Any:
    keys, others = _keys_and_others(table, names)
    new: dict[str, Any] = {name: bindparam(name) for name in others}
    return (
        update(table)
        .where(*(table.c[key] == bindparam(key) for key in keys))
        .values({name: table.c[name] + new[name] if adds else new[name] for name in others})
    )


def _update_lists(table: Table, names: Sequence[str], adds: bool) -> Any:
    """The rows are locked in their order first: two writers do not wait for each other in a circle.
    No more than an update locks them: rows that point to them may be written meanwhile."""
    keys, others = _keys_and_others(table, names)
    listed = select(*(_listed(table, name) for name in names)).subquery("listed")
    known = table.alias("known")
    locked = (
        select(*(known.c[key] for key in keys), *(listed.c[name] for name in others))
        .join(listed, and_(*(known.c[key] == listed.c[key] for key in keys)))
        .order_by(*(known.c[key] for key in keys))
        .with_for_update(of=known, key_share=True)
        .subquery("locked")
    )
    return (
        update(table)
        .where(*(table.c[key] == locked.c[key] for key in keys))
        .values({n: table.c[n] + locked.c[n] if adds else locked.c[n] for n in others})
    )


def _keys_and_others(table: Table, names: Sequence[str]) -> tuple[list[str], list[str]]:
    keys = [column.name for column in table.primary_key]
    return keys, [name for name in names if name not in keys]


def _listed(table: Table, name: str) -> ColumnElement[Any]:
    # Text without its length: a cast would cut a longer one, where the column refuses it.
    type_ = table.c[name].type
    kind = String() if isinstance(type_, String | MomentText) else type_
    values = bindparam(name, type_=NullType())
    return func.unnest(cast(values, postgresql.ARRAY(kind))).label(name)


# --- for queries that are prepared ------------------------------------------------------------


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
        return _array if dialect.name == "postgresql" else _json


def _json(values: Iterable[Any]) -> str:
    return msgspec.json.encode(list(values)).decode()


def _array(values: Collection[Any]) -> str:
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


def _dialect(*, on_postgresql: bool) -> Dialect:
    url = make_url("postgresql+psycopg://" if on_postgresql else "sqlite://")
    return url.get_dialect()()


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"
