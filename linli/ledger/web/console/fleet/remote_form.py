"""The form of settings from afar: what was typed becomes a document, and back.

A field that is left empty is not spoken of: the terminal's own file decides. The terminal checks
everything again; here a slip is said while the maintainer still looks at it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from linli.ledger.web.forms import Posted
from linli.ledger.web.refusals import Refused

Document = dict[str, Any]
_TIME = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")
_HOST = re.compile(r"^[A-Za-z0-9.:_-]{1,253}$")
_URL = re.compile(r"^https?://[^/\s]\S{0,250}$")
_SWITCH = {"yes": True, "no": False}
_SHOWN = {True: "yes", False: "no"}


def document_of(form: Posted) -> Document:
    """Raises Refused, in words."""
    document: Document = {}
    for field, (place, read) in _FIELDS.items():
        typed = form.text(field)
        if typed:
            table, _, name = place.rpartition(".")
            (document.setdefault(table, {}) if table else document)[name] = read(typed)
    _both(document, "sound", "quiet_from", "quiet_until", "安静时段")
    _both(document, "display", "off_from", "off_until", "关屏时段")
    return document


def typed_of(document: Document) -> dict[str, str]:
    """What stands in each of the form's fields for a document."""
    shown = dict.fromkeys(_FIELDS, "")
    for field, (place, _) in _FIELDS.items():
        table, _, name = place.rpartition(".")
        value = (document.get(table) or {} if table else document).get(name)
        if value is not None:
            shown[field] = _SHOWN[value] if isinstance(value, bool) else str(value)
    return shown


def _both(document: Document, table: str, begin: str, end: str, title: str) -> None:
    given = document.get(table, {})
    if (begin in given) != (end in given):
        raise Refused(422, f"{title}要写开始和结束两个时间，或者都不写。")


def _whole(least: int, most: int, title: str) -> Callable[[str], int]:
    def read(typed: str) -> int:
        if not typed.isascii() or not typed.isdecimal() or not least <= int(typed[:9]) <= most:
            raise Refused(422, f"{title}请写 {least} 到 {most} 的整数。")
        return int(typed)

    return read


def _matching(pattern: re.Pattern[str], said: str) -> Callable[[str], str]:
    def read(typed: str) -> str:
        if not pattern.match(typed):
            raise Refused(422, said)
        return typed

    return read


def _switch(typed: str) -> bool:
    if typed not in _SWITCH:
        raise Refused(422, "请从列表里选择。")
    return _SWITCH[typed]


_time = _matching(_TIME, "时间请写成 21:00 这样。")
_FIELDS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "language": ("language", _matching(re.compile("^(zh_CN|en)$"), "请从列表里选择语言。")),
    "large_type": ("large_type", _switch),
    "high_contrast": ("high_contrast", _switch),
    "volume": ("sound.volume", _whole(0, 100, "音量")),
    "quiet_from": ("sound.quiet_from", _time),
    "quiet_until": ("sound.quiet_until", _time),
    "rest_percent": ("display.rest_percent", _whole(0, 100, "无人时的亮度")),
    "off_from": ("display.off_from", _time),
    "off_until": ("display.off_until", _time),
    "broker_host": ("connection.broker_host", _matching(_HOST, "消息服务器请写名称或地址。")),
    "broker_port": ("connection.broker_port", _whole(1, 65535, "端口")),
    "ledger_url": ("connection.ledger_url", _matching(_URL, "账本地址请写成 https://… 这样。")),
}
