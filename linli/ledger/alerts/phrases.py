"""What an alert says of its device, in a few words: how hot, since when, which door. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from linli.ledger.alerts.judges import papers
from linli.ledger.alerts.observed import Observed
from linli.ledger.fleet.health.phrases import PARTS
from linli.sync.health_messages import Health, PartHealth
from linli.sync.periods import SHANGHAI

Says = Callable[[Observed, dt.datetime], str]
MOST_NAMED = 3


def local(moment: dt.datetime) -> str:
    """11-28 14:05, in Asia/Shanghai."""
    return f"{moment.astimezone(SHANGHAI):%m-%d %H:%M}"


def always(words: str) -> Says:
    return lambda _one, _now: words


def with_health(says: Callable[[Health], str]) -> Says:
    return lambda one, _now: says(one.health) if one.health is not None else ""


def silent_parts(parts: Callable[[Health], Sequence[PartHealth]]) -> Says:
    return with_health(lambda health: _silent(parts(health)))


def away(one: Observed, _now: dt.datetime) -> str:
    return f"从 {local(one.away_since)} 起没有消息" if one.away_since else ""


def certified(one: Observed, now: dt.datetime) -> str:
    if one.certified_until is None:
        return ""
    over = one.certified_until <= now
    return f"{'已在' if over else '将在'} {local(one.certified_until)} 到期"


def backlog(health: Health) -> str:
    oldest = health.outbox_oldest_s / 60
    long = f"{oldest / 60:.0f} 小时" if oldest >= 120 else f"{oldest:.0f} 分钟"
    return f"{health.outbox} 条记录还没有送到账本，最早的等了 {long}"


def disk(health: Health) -> str:
    return f"只剩 {health.machine.disk_free_mb or 0:,} MB"


def wear(health: Health) -> str:
    return f"已用掉寿命的 {health.machine.disk_worn_percent or 0}%"


def heat(health: Health) -> str:
    return f"{health.machine.celsius or 0:.0f} °C"


def frame(health: Health) -> str:
    return f"画面已有 {health.frame_age_s or 0:.0f} 秒没有动"


def clock(health: Health) -> str:
    off = health.machine.clock_offset_ms
    if off is None or not health.machine.clock_good:
        return "终端不知道准确的时间"
    return f"差了 {abs(off) / 1000:,.0f} 秒"


def doors(health: Health) -> str:
    numbers = [str(number) for number in health.doors_open]
    more = f"等 {len(numbers)} 扇" if len(numbers) > MOST_NAMED else ""
    return f"{'、'.join(numbers[:MOST_NAMED])} 号门{more}开着"


def paper(health: Health) -> str:
    low = all(one.problem == "paper-low" for one in papers(health))
    return "纸快用完了" if low else "纸用完了"


def _silent(parts: Sequence[PartHealth]) -> str:
    names = [_one_line(f"{PARTS.get(one.what, one.what)} {one.name}") for one in parts]
    more = f"等 {len(names)} 个" if len(names) > MOST_NAMED else ""
    return f"{'、'.join(names[:MOST_NAMED])}{more} 没有反应"


def _one_line(text: str) -> str:
    """What a device calls something goes into messages: nothing in it that breaks a line."""
    return "".join(c for c in text if c.isprintable())[:40].strip()
