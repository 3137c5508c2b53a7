"""What a trial of settings looks at in a running terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import requests
from sqlalchemy.exc import SQLAlchemyError

from linli.devices.displays.finding import connectors
from linli.kiosk.remote.keeper import Around
from linli.kiosk.remote.keeping import Begun
from linli.kiosk.settings import TerminalSettings
from linli.kiosk.terminal import Terminal

REACH_S = 5.0


def around(
    begun: Begun,
    terminal: Terminal,
    drew: Callable[[], bool],
    alone: Callable[[], bool],
    restart: Callable[[], None],
    root: Path = Path("/"),
) -> Around:
    """`root` is below what screens are looked for."""
    return Around(
        drew=drew,
        database=lambda: _answers(terminal),
        display=lambda: _is_there(begun, root),
        reached=lambda: _reached(begun.settings.connection.ledger_url),
        alone=alone,
        restart=restart,
    )


def _answers(terminal: Terminal) -> bool:
    try:
        terminal.outbox.waiting()
    except SQLAlchemyError:
        return False
    return True


def _is_there(begun: Begun, root: Path) -> bool:
    """A screen that the terminal's own file names is not put to question here."""
    output = _output(begun.settings)
    if output is None or output == _output(begun.local):
        return True
    return any(one.name == output and one.connected for one in connectors(root))


def _output(settings: TerminalSettings) -> str | None:
    return settings.display.output if settings.display is not None else None


def _reached(url: str) -> bool:
    try:
        return requests.get(f"{url.rstrip('/')}/healthz", timeout=REACH_S).ok
    except requests.RequestException:
        return False
