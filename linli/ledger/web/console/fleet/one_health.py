"""How one terminal is: what its page shows of its last word, its presence and its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from linli.ledger.fleet.health.history import Entry, history
from linli.ledger.fleet.health.listing import Device, last_word
from linli.ledger.fleet.health.phrases import STRAINS, lasting
from linli.ledger.fleet.health.spans import Piece, by_day, spans
from linli.ledger.web.rendering import moment
from linli.sync.health_messages import Health

DAYS = 7
SHOWN = 60
"""Lines of the history."""


@dataclass(frozen=True, slots=True)
class Looked:
    """`facts` are titles and values; `days` the bars of presence, today first."""

    word: Health | None
    facts: Sequence[tuple[str, str]]
    days: Sequence[tuple[dt.date, Sequence[Piece]]]
    lately: Sequence[Entry]


def looked(connection: Connection, one: Device, now: dt.datetime) -> Looked:
    name = one.of.name
    word = last_word(connection, name)
    since = now - dt.timedelta(days=DAYS)
    entries = history(connection, name, since)
    bars = by_day(spans(entries, one.presence, since, now), now, DAYS)
    facts = [] if word is None else list(_facts(word, now))
    return Looked(word, facts, bars, entries[:SHOWN])


def _facts(word: Health, now: dt.datetime) -> Iterator[tuple[str, str]]:
    machine = word.machine
    firmware = f"，控制板固件 {word.firmware}" if word.firmware else ""
    yield "版本", f"{word.version}{'（试用中）' if word.trial else ''}{firmware}"
    yield "程序启动", moment(word.began_at)
    yield "时钟", _clock(word)
    if machine.celsius is not None:
        yield "温度", f"{machine.celsius:.0f} °C"
    if machine.throttled_now or machine.throttled_since_start:
        yield "供电和散热", _strains(word)
    if machine.disk_free_mb is not None:
        whole = f"，共 {_size(machine.disk_total_mb)}" if machine.disk_total_mb else ""
        yield "磁盘剩余", f"{_size(machine.disk_free_mb)}{whole}"
    if machine.disk_worn_percent is not None:
        yield "存储卡寿命", f"用掉 {machine.disk_worn_percent}%"
    if machine.memory_mb is not None:
        yield "程序占内存", f"{machine.memory_mb} MB"
    yield "排队的记录", _queue(word)
    if word.last_card_at is not None:
        yield "最近有人刷卡", moment(word.last_card_at)
    if word.frame_age_s is not None:
        alive = word.frame_age_s < 60
        stood = lasting(dt.timedelta(seconds=min(word.frame_age_s, 1e9)))
        yield "画面", "正常" if alive else f"停住 {stood}"


def _clock(word: Health) -> str:
    machine = word.machine
    if not machine.clock_good:
        return "没有校准：还没有听到时间服务器"
    source = {"timesyncd": "网络校时", "kernel": "系统校时"}.get(machine.clock_source, "")
    said = [part for part in ("准", source) if part]
    if machine.clock_offset_ms is not None:
        said.append(f"差 {abs(machine.clock_offset_ms):.0f} 毫秒")
    return "，".join(said)


def _strains(word: Health) -> str:
    machine = word.machine
    now = "、".join(STRAINS.get(one, one) for one in machine.throttled_now)
    earlier = [one for one in machine.throttled_since_start if one not in machine.throttled_now]
    before = "、".join(STRAINS.get(one, one) for one in earlier)
    said = [f"现在{now}"] if now else []
    return "；".join([*said, f"开机以来有过{before}"] if before else said)


def _queue(word: Health) -> str:
    if not word.outbox:
        return "没有，全部收齐"
    oldest = lasting(dt.timedelta(seconds=min(word.outbox_oldest_s, 1e9)))
    return f"{word.outbox:,} 条，最早的等了 {oldest}"


def _size(megabytes: int) -> str:
    return f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{megabytes} MB"
