"""The ledger's database: one set of tables, SQLite or PostgreSQL, and what differs between them.

Everything that is not the same SQL in both is in this file and in the migrations, nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    and_,
    any_,
    bindparam,
    cast,
    create_engine,
    func,
    inspect,
    make_url,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from linli.ledger.moment_text import MomentText as MomentText
from linli.sync.sqlite import READ_ONLY, open_engine

MIGRATIONS = Path(__file__).parent / "migrations"
metadata = MetaData()
T = TypeVar("T")
IN_LIST = 500
"""Values in one IN list: SQLite and PostgreSQL both take some tens of thousands, slowly."""


def open_database(url_or_path: str | Path) -> Engine:
    """An engine on an up-to-date ledger database; a SQLite file is made where there was none.

    All migrations run in one transaction: a power cut in them leaves the old schema."""
    engine = _engine(str(url_or_path))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return engine


class NoLedgerError(OSError):
    """The database is no ledger, or one of another version; the text says which."""


def open_unchanged(url_or_path: str | Path) -> Engine:
    """An engine on a ledger that is up to date already. Raises NoLedgerError, and changes
    nothing: who checks a ledger must not be the one that makes it."""
    engine = _engine(str(url_or_path))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect().execution_options(**READ_ONLY) as connection:
        if not inspect(connection).has_table("received"):
            raise NoLedgerError(f"{url_or_path} is no ledger: it has none of its tables")
        version = MigrationContext.configure(connection).get_current_revision()
    if version != newest:
        raise NoLedgerError(
            f"{url_or_path} is a ledger of version {version}, this program's is {newest}: start"
            " `linli ledger serve` once to bring it up to date"
        )
    return engine


def _engine(text: str) -> Engine:
    if "://" in text and not text.startswith("sqlite"):
        return create_engine(text)
    return open_engine(Path(text.removeprefix("sqlite:///")), durable=True)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection on which every query sees the same moment of the ledger; it holds up no
    writer."""
    isolation = {"isolation_level": "REPEATABLE READ"} if _is_postgresql(engine) else {}
    with engine.connect().execution_options(**READ_ONLY, **isolation) as connection:
        yield connection


def in_chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """The distinct values in their order, cut so that each part fits into one IN list."""
    rest = iter(dict.fromkeys(values))
    while chunk := list(islice(rest, IN_LIST)):
        yield chunk


# --- many rows at once -----------------------------------------------------------------------

Row = Mapping[str, Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert `rows`; all name the same columns. Raises IntegrityError for one that is there."""
    _write(connection, table, rows, "insert")


def upsert(
    connection: Connection, table: Table, rows: Sequence[Row], *, added: tuple[str, ...] = ()
) -> None:
    """Insert `rows`, or overwrite those whose primary key is there; columns in `added` are
    added to instead."""
    _write(connection, table, rows, "upsert", added)


def insert_missing(connection: Connection, table: Table, rows: Sequence[Row]) -> int:
    """Insert those of `rows` whose primary key is not there and return how many; the others stay
    as they are."""
    return _write(connection, table, rows, "missing")


def add_to_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add to the rows with these primary keys what `rows` say, one after the other in the order of
    their keys; those that are not there are passed over."""
    keys = [column.name for column in table.primary_key]
    ordered = sorted(rows, key=lambda row: tuple(row[key] for key in keys))
    _write(connection, table, ordered, "add")


def update_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Overwrite in the rows with these primary keys what `rows` say, like `add_to_rows`."""
    keys = [column.name for column in table.primary_key]
    ordered = sorted(rows, key=lambda row: tuple(row[key] for key in keys))
    _write(connection, table, ordered, "set")


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
    rows: Sequence[Row],
    way: str,
    added: tuple[str, ...] = (),
) -> int:
    """How many rows were written."""
    if not rows:
        return 0
    names = tuple(rows[0])
    on_postgresql = _is_postgresql(connection)
    text, order = _prepared(on_postgresql, table, names, way, added)
    columns = [[row[name] for row in rows] for name in order]
    for place, name in enumerate(order):
        if convert := bound(table.c[name].type, connection.dialect):
            columns[place] = list(map(convert, columns[place]))
    if on_postgresql:
        return connection.exec_driver_sql(
            text, dict(zip(order, map(_array, columns), strict=True))
        ).rowcount
    return connection.exec_driver_sql(text, list(zip(*columns, strict=True))).rowcount


@lru_cache
def bound(type_: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes a value of this type one that the driver takes; None where nothing has to."""
    if isinstance(type_, LargeBinary):
        return None  # bytes are taken as they are
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
    """The rows are locked in their order first: two writers do not wait for each other in a
    circle."""
    keys, others = _keys_and_others(table, names)
    listed = select(*(_listed(table, name) for name in names)).subquery("listed")
    known = table.alias("known")
    locked = (
        select(*(known.c[key] for key in keys), *(listed.c[name] for name in others))
        .join(listed, and_(*(known.c[key] == listed.c[key] for key in keys)))
        .order_by(*(known.c[key] for key in keys))
        .with_for_update(of=known)
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
    try:
        words = '","'.join(values)
    except TypeError:
        return "{" + ",".join(map(_element, values)) + "}"
    if "\\" in words or words.count('"') != 2 * len(values) - 2:
        return "{" + ",".join(map(_element, values)) + "}"
    return f'{{"{words}"}}'


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


def _is_postgresql(where: Connection | Engine) -> bool:
    return where.dialect.name == "postgresql"
