"""Writes what a terminal or board was told down as its settings file, whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from linli.sync.enrolment import Enrolled

WEBSOCKET_PATH = "/mqtt"


def settings_text(
    told: Enrolled,
    data: Path,
    ledger_url: str,
    *,
    board: bool,
    websockets: bool,
    releases: str = "",
) -> str:
    """TOML. What is plugged in (readers, locker, printer, sound) is added by hand."""
    lines = [*_lines(told, data, board), "", *_connection(told, ledger_url, websockets)]
    if releases and not board:
        lines += ["", "[releases]", _line("address", releases)]
    return "\n".join(lines) + "\n"


def _lines(told: Enrolled, data: Path, board: bool) -> Iterator[str]:
    yield "# Written when this was enrolled; docs/operations.md says what else may stand here."
    yield _line("name", told.name)
    yield _line("scope", told.scope)
    yield _line("place", told.place)
    if not board:
        yield _line("centre", told.centre)
        yield _line("centre_name", told.centre_name)
    yield _line("data", str(data))
    if not board:
        if told.public_url:
            yield _line("public_url", told.public_url)
        if told.record_key:
            yield _line("record_key", told.record_key)


def _connection(told: Enrolled, ledger_url: str, websockets: bool) -> Iterator[str]:
    by_websockets = websockets and told.websockets > 0
    yield "[connection]"
    yield _line("broker_host", told.broker_host)
    yield f"broker_port = {told.websockets if by_websockets else told.broker_port}"
    yield _line("ledger_url", ledger_url)
    if told.certified.certificate:
        yield "tls = true"
    if by_websockets:
        yield _line("websocket_path", WEBSOCKET_PATH)


def write_new(path: Path, text: str) -> None:
    """Raises FileExistsError where there is one already, OSError."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)  # unlike a rename, it replaces nothing
    finally:
        beside.unlink()


def _line(name: str, value: str) -> str:
    """JSON's strings are TOML's basic strings, but for DEL, which no setting has."""
    return f"{name} = {json.dumps(value, ensure_ascii=False)}"
