"""Many rows written at once, as each database does it best.

PostgreSQL takes lists and needs few statements; SQLite has no round trips to spare.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    LargeBinary,
    Select,
    String,
    Table,
    and_,
    bindparam,
    cast,
    func,
    make_url,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import NullType, TypeEngine

from linli.ledger.among import among, array_text
from linli.ledger.moment_text import MomentText

Row = Mapping[str, Any]
STATEMENTS = 1000
"""How many of them are kept for the next time."""


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
        connection.exec_driver_sql(_locking(key), {"keys": array_text(values)}).all()


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
    columns = dict(zip(names, zip(*values, strict=True), strict=True))
    if _is_postgresql(connection):
        return _write_lists(connection, table, columns, len(values), way, added)
    text, order = _for_each(table, names, way, added)
    given = [_bound_all(connection, table, name, columns[name]) for name in order]
    return connection.exec_driver_sql(text, list(zip(*given, strict=True))).rowcount


def _write_lists(
    connection: Connection,
    table: Table,
    columns: Mapping[str, Sequence[Any]],
    count: int,
    way: str,
    added: tuple[str, ...],
) -> int:
    """What all rows have in common is sent once: often that is most of them."""
    given: dict[str, Any] = {}
    same = []
    for name, column in columns.items():
        if column.count(column[0]) == count and (count == 1 or not table.c[name].primary_key):
            same.append(name)
            (given[name],) = _bound_all(connection, table, name, column[:1])
        else:
            given[name] = array_text(_bound_all(connection, table, name, column))
    text = _for_all(table, tuple(columns), tuple(same), way, added)
    return connection.exec_driver_sql(text, given).rowcount


def _bound_all(
    connection: Connection, table: Table, name: str, column: Sequence[Any]
) -> Sequence[Any]:
    convert = bound(table.c[name].type, connection.dialect)
    return list(map(convert, column)) if convert else column


_BITS = {None: None, False: 0, True: 1}


@lru_cache(STATEMENTS)
def bound(type_: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes a value of this type one that the driver takes; None where nothing has to."""
    if isinstance(type_, LargeBinary):
        return None  # bytes are taken as they are
    if isinstance(type_, Boolean):
        return None if dialect.supports_native_boolean else _BITS.__getitem__
    return type_.dialect_impl(dialect).bind_processor(dialect)


@lru_cache(STATEMENTS)
def _for_each(
    table: Table, names: tuple[str, ...], way: str, added: tuple[str, ...]
) -> tuple[str, Sequence[str]]:
    """The statement as SQLite takes it, for row after row, and its columns in their order."""
    if way in ("add", "set"):
        statement = _update_one(table, names, way == "add")
    else:
        values: dict[str, Any] = {name: bindparam(name) for name in names}
        statement = _conflicts(sqlite.insert(table).values(values), table, names, way, added)
    compiled = statement.compile(dialect=_dialect(on_postgresql=False))
    return str(compiled), compiled.positiontup or names


@lru_cache(STATEMENTS)
def _for_all(
    table: Table, names: tuple[str, ...], same: tuple[str, ...], way: str, added: tuple[str, ...]
) -> str:
    """The statement as PostgreSQL takes it, once: a list for each column, or what is the `same` in
    all rows."""
    listed = select(*(_listed(table, name, name in same) for name in names))
    if way in ("add", "set"):
        statement = _update_lists(table, names, listed, way == "add")
    else:
        insert = postgresql.insert(table).from_select(names, listed)
        statement = _conflicts(insert, table, names, way, added)
    return str(statement.compile(dialect=_dialect(on_postgresql=True)))


def _conflicts(
    statement: Any, table: Table, names: Sequence[str], way: str, added: tuple[str, ...]
) -> Any:
    if way == "missing":
        return statement.on_conflict_do_nothing()
    if way == "insert":
        return statement
    new = statement.excluded
    changes = {
        name: table.c[name] + new[name] if name in added else new[name]
        for name in names
        if not table.c[name].primary_key
    }
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=changes)


def _update_one(table: Table, names: Sequence[str], adds: bool) -> Any:
    keys, others = _keys_and_others(table, names)
    new: dict[str, Any] = {name: bindparam(name) for name in others}
    return (
        update(table)
        .where(*(table.c[key] == bindparam(key) for key in keys))
        .values({name: table.c[name] + new[name] if adds else new[name] for name in others})
    )


def _update_lists(table: Table, names: Sequence[str], lines: Select[Any], adds: bool) -> Any:
    """The rows are locked in their order first: two writers do not wait for each other in a circle.
    No more than an update locks them: rows that point to them may be written meanwhile."""
    keys, others = _keys_and_others(table, names)
    listed = lines.subquery("listed")
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


def _listed(table: Table, name: str, once: bool) -> ColumnElement[Any]:
    # Text without its length: a cast would cut a longer one, where the column refuses it.
    type_ = table.c[name].type
    kind = String() if isinstance(type_, String | MomentText) else type_
    values = bindparam(name, type_=NullType())
    listed = cast(values, kind) if once else func.unnest(cast(values, postgresql.ARRAY(kind)))
    return listed.label(name)


def _dialect(*, on_postgresql: bool) -> Dialect:
    url = make_url("postgresql+psycopg://" if on_postgresql else "sqlite://")
    return url.get_dialect()()


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"
