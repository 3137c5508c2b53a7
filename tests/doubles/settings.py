"""Settings of a terminal and a board, as far as a test does not ask for others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from doubles.centre import CENTRE
from linli.kiosk.settings import Connection, TerminalSettings

NOWHERE = Connection(broker_host="127.0.0.1", broker_port=9, ledger_url="http://127.0.0.1:9")
"""Port 9 discards: the network is cut."""


def terminal_settings(
    data: Path, connection: Connection = NOWHERE, **others: Any
) -> TerminalSettings:
    """Of the terminal `t-1`, which keeps its files in `data`."""
    given = {"name": "t-1", "scope": "s-1", "centre": CENTRE, "centre_name": "邻里中心"}
    given |= {"place": "阳光社区", "data": data, "connection": connection}
    return TerminalSettings(**(given | others))
