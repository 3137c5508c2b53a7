"""Pictures of the town's windows, each kind of screen once."""

from __future__ import annotations

import time
from pathlib import Path

from linli.town.town import Town

AT_REST_S = 0.4
"""How long a screen may take to come to rest."""


class Pictures:
    """They are saved into `shots`; None takes none."""

    def __init__(self, town: Town, shots: Path | None) -> None:
        self._town = town
        self._shots = shots
        self._taken: set[str] = set()

    def take(self, name: str, program: str = "kiosk") -> None:
        """Save `name`.png of that window, unless there is one already."""
        if self._shots is None or name in self._taken:
            return
        self._taken.add(name)
        time.sleep(AT_REST_S)
        town = self._town
        control = town.kiosk_control if program == "kiosk" else town.board_control
        control.do("screenshot", str(self._shots / f"{name}.png"))
