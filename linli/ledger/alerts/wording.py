"""What a message says: a subject, plain text, and the same for programs. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import msgspec

from linli.ledger.alerts.judging import DISTRICT
from linli.ledger.alerts.phrases import local
from linli.ledger.alerts.rules import RULE, Fault
from linli.ledger.alerts.sending import TEST, Message, Told

MOST_TOLD = 20
"""Alerts that one message spells out."""
TURN = {"began": "新", "still": "仍未解决", "ended": "已恢复"}
PAGE = "/console/alerts"


def subject(message: Message) -> str:
    """Of an e-mail: one line."""
    if message.kind == TEST:
        return "[邻里] 测试：告警通知可以收到"
    began = [one for one in message.told if one.turn != "ended"]
    if not began:
        return f"[邻里] 恢复：{_headline(message.told[0])}{_others(len(message.told))}"
    return f"[邻里] {_headline(began[0])}{_others(len(message.told))}"


def text(
    message: Message, names: Mapping[str, str], public_url: str, most: int | None = None
) -> str:
    """The whole message; `names` are those of communities. With `most`, in no more bytes than
    that, where one alert fits."""
    if message.kind == TEST:
        return f"这是一条测试消息。收到它，说明告警能送到这里。\n\n{_link(public_url)}\n"
    count = min(len(message.told), MOST_TOLD)
    said = _said(message, names, public_url, count)
    while most is not None and count > 1 and len(said.encode()) > most:
        count -= 1
        said = _said(message, names, public_url, count)
    return said


def _said(message: Message, names: Mapping[str, str], public_url: str, count: int) -> str:
    blocks = [_block(one, names) for one in message.told[:count]]
    if more := len(message.told) - count:
        blocks.append(f"还有 {more} 条，请到告警页面查看。")
    blocks.append(f"查看、认领：{_link(public_url)}")
    return "\n\n".join(blocks) + "\n"


def document(message: Message, public_url: str, now: dt.datetime) -> bytes:
    """JSON, as a webhook gets it."""
    told = [_plain(one) for one in message.told[:MOST_TOLD]]
    return msgspec.json.encode(
        {
            "id": message.id,
            "kind": message.kind,
            "at": now.isoformat(timespec="seconds"),
            "alerts": told,
            "more": len(message.told) - len(told),
            "link": _link(public_url),
        }
    )


def title_of(fault: str) -> str:
    """Of a fault that an older program does not know: its name."""
    return RULE[Fault(fault)].title if fault in Fault.__members__.values() else fault


def remedy_of(fault: str) -> str:
    return RULE[Fault(fault)].remedy if fault in Fault.__members__.values() else ""


def subject_of(one: str) -> str:
    return "全区" if one == DISTRICT else one


def _headline(one: Told) -> str:
    return f"{subject_of(one.subject)} {title_of(one.fault)}"


def _others(count: int) -> str:
    return f"（另有 {count - 1} 条）" if count > 1 else ""


def _block(one: Told, names: Mapping[str, str]) -> str:
    community = f"（{names.get(one.scope, one.scope)}）" if one.scope else ""
    head = f"【{TURN.get(one.turn, one.turn)}】{_headline(one)}{community}"
    if one.turn == "ended":
        until = f"，{local(one.ended)} 恢复" if one.ended else ""
        return f"{head}\n{local(one.began)} 开始{until}"
    return f"{head}\n{one.says}（{local(one.began)} 起）\n怎么办：{remedy_of(one.fault)}"


def _plain(one: Told) -> Mapping[str, object]:
    return {
        "number": one.number,
        "turn": one.turn,
        "fault": one.fault,
        "title": title_of(one.fault),
        "about": one.about,
        "subject": one.subject,
        "scope": one.scope,
        "urgency": one.urgency.name.lower(),
        "says": one.says,
        "remedy": remedy_of(one.fault),
        "began": one.began.isoformat(timespec="seconds"),
        "ended": one.ended.isoformat(timespec="seconds") if one.ended else None,
    }


def _link(public_url: str) -> str:
    return f"{public_url.rstrip('/')}{PAGE}"
