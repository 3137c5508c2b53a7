"""How the replica keeps rows: each as its JSON, beside the columns that are looked up by.

The file is a cache: one of another version or scope, or a damaged one, is deleted and made anew.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, Index, Integer, LargeBinary, MetaData, String, Table
from sqlalchemy.exc import DatabaseError

from linli.sync.messages import (
    ActivityRow,
    AttendanceRow,
    BoardPlanRow,
    CardRow,
    DeedRow,
    DoorRow,
    HolderRow,
    LeaseRow,
    MomentRow,
    NoticeRow,
    OrgRow,
    Row,
    StandardChangeRow,
    StandingRow,
    StoryRow,
    Stream,
    UrgentRow,
    WareRow,
    WindowRow,
)
from linli.sync.sqlite import open_engine

VERSION = 6
"""Raise it with every change of a table below."""
DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

metadata = MetaData()


def _table(name: str, *columns: Column[Any] | Index) -> Table:
    return Table(name, metadata, *columns, Column("body", LargeBinary, nullable=False))


def _key(name: str) -> Column[str]:
    return Column(name, String, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, String, nullable=False)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


org = _table("org", _key("id"))
activity = _table(
    "activity", _key("id"), _number("starts"), _number("ends"), Index("activity_by_start", "starts")
)
standing = _table(
    "standing",
    _key("account"),
    _key("period"),
    _text("kind"),
    _text("building"),
    _number("posted"),
    _number("total"),
    _number("reached"),
    Index("standing_by_total", "period", "kind", "total", "account"),
    Index("standing_by_building", "building", "period", "kind", "total"),
)
moment = _table("moment", _key("id"), _number("at"), Index("moment_by_time", "at", "id"))
notice = _table("notice", _key("month"))
story = _table(
    "story",
    _key("id"),
    _number("shown"),
    _number("at"),
    Index("story_by_time", "shown", "at", "id"),
)
ware = _table("ware", _key("id"), _key("centre"), _number("on_sale"))
window = _table(
    "window", _key("quarter"), _number("opens"), _number("closes"), Index("window_by_end", "closes")
)
board_plan = _table("board_plan", _key("id"))
urgent = _table(
    "urgent", _key("id"), _number("starts"), _number("ends"), Index("urgent_by_end", "ends")
)
standard_change = _table("standard_change", _key("version"), _text("day"))
holder = _table("holder", _key("account"))
card = _table(
    "card", _key("card"), _text("uid"), _number("active"), Index("card_by_uid", "uid", "active")
)
attendance = _table(
    "attendance",
    _key("account"),
    _key("activity"),
    _number("inside"),
    Index("attendance_by_activity", "activity", "inside"),
)
deed = _table(
    "deed", _key("id"), _text("account"), _number("done"), Index("deed_by_day", "account", "done")
)
lease = _table("lease", _key("id"), _text("terminal"), Index("lease_by_terminal", "terminal"))
door = _table("door", _key("terminal"), Column("door", Integer, primary_key=True))

position = Table("position", metadata, _key("stream"), _number("number"))
document = Table(
    "document", metadata, _key("name"), _key("version"), Column("body", LargeBinary, nullable=False)
)
"""`standard` by the day it takes effect, and the newest `hotlist`, each under one version."""


def micros(at: dt.datetime) -> int:
    """Microseconds since 1970: sorts the same whatever the offset a moment was written with."""
    return (at - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class RowKind:
    """Where a kind of row lives, and its columns there."""

    struct: type[Any]
    table: Table
    stream: Stream
    columns: Callable[[Any], dict[str, Any]]


KINDS: tuple[RowKind, ...] = (
    RowKind(OrgRow, org, Stream.CHANGES, lambda r: {"id": r.id}),
    RowKind(
        ActivityRow,
        activity,
        Stream.CHANGES,
        lambda r: {"id": r.id, "starts": micros(r.starts_at), "ends": micros(r.ends_at)},
    ),
    RowKind(
        StandingRow,
        standing,
        Stream.CHANGES,
        lambda r: {
            "account": r.account,
            "period": r.period,
            "kind": r.kind.value,
            "building": r.building,
            "posted": r.posted,
            "total": r.pending + r.posted,
            "reached": micros(r.reached_at),
        },
    ),
    RowKind(MomentRow, moment, Stream.CHANGES, lambda r: {"id": r.id, "at": micros(r.at)}),
    RowKind(NoticeRow, notice, Stream.CHANGES, lambda r: {"month": r.month}),
    RowKind(
        StoryRow,
        story,
        Stream.CHANGES,
        lambda r: {"id": r.id, "shown": int(r.shown), "at": micros(r.at)},
    ),
    RowKind(
        WareRow,
        ware,
        Stream.CHANGES,
        lambda r: {"id": r.id, "centre": r.centre, "on_sale": int(r.on_sale)},
    ),
    RowKind(
        WindowRow,
        window,
        Stream.CHANGES,
        lambda r: {"quarter": r.quarter, "opens": micros(r.opens), "closes": micros(r.closes)},
    ),
    RowKind(BoardPlanRow, board_plan, Stream.CHANGES, lambda r: {"id": "plan"}),
    RowKind(
        UrgentRow,
        urgent,
        Stream.CHANGES,
        lambda r: {"id": r.id, "starts": micros(r.starts_at), "ends": micros(r.until)},
    ),
    RowKind(
        StandardChangeRow,
        standard_change,
        Stream.CHANGES,
        lambda r: {"version": r.version, "day": r.effective_from.isoformat()},
    ),
    RowKind(HolderRow, holder, Stream.HOLDERS, lambda r: {"account": r.account}),
    RowKind(
        CardRow,
        card,
        Stream.HOLDERS,
        lambda r: {"card": r.card, "uid": r.uid.lower(), "active": int(r.status == "active")},
    ),
    RowKind(
        AttendanceRow,
        attendance,
        Stream.HOLDERS,
        lambda r: {
            "account": r.account,
            "activity": r.activity,
            "inside": int(r.in_at is not None and r.out_at is None),
        },
    ),
    RowKind(
        DeedRow,
        deed,
        Stream.HOLDERS,
        lambda r: {"id": r.id, "account": r.account, "done": micros(r.done_at)},
    ),
    RowKind(LeaseRow, lease, Stream.HOLDERS, lambda r: {"id": r.id, "terminal": r.terminal}),
    RowKind(DoorRow, door, Stream.HOLDERS, lambda r: {"terminal": r.terminal, "door": r.door}),
)
KIND_OF: dict[type[Row], RowKind] = {kind.struct: kind for kind in KINDS}


def open_replica(path: Path, scope: str) -> Engine:
    """The engine on a sound replica of `scope`, an empty one where there was none."""
    engine = open_engine(path, durable=False)
    try:
        sound = _is_sound(engine, scope)
    except (DatabaseError, sqlite3.DatabaseError) as error:
        if not is_damage(error):
            raise
        sound = False
    if sound:
        return engine
    return remake_replica(engine, path, scope)


def remake_replica(old: Engine, path: Path, scope: str) -> Engine:
    """Delete the file and make an empty one."""
    old.dispose()
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    engine = open_engine(path, durable=False)
    with engine.begin() as connection:
        metadata.create_all(connection)
        connection.execute(document.insert().values(name="scope", version=scope, body=b""))
        connection.exec_driver_sql(f"PRAGMA user_version={VERSION}")
    return engine


def is_damage(error: Exception) -> bool:
    """Whether the file itself is broken (not merely locked, or the disk full). Without tables it
    was deleted, or the disk was full while it was being made anew."""
    cause = error.orig if isinstance(error, DatabaseError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        return False
    return code & 0xFF in DAMAGE or str(cause).startswith("no such table")


def _is_sound(engine: Engine, scope: str) -> bool:
    with engine.connect() as connection:
        if connection.exec_driver_sql("PRAGMA user_version").scalar() != VERSION:
            return False
        query = document.select().where(document.c.name == "scope")
        known = connection.execute(query).first()
        if known is None or known.version != scope:
            return False
        return connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"
