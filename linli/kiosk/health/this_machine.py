"""This very machine, and where its programs' ends are written down."""

from __future__ import annotations

import shutil
from pathlib import Path

from linli.devices.programs import run
from linli.kiosk.health.machine import Instruments, Machine
from linli.sync.clock import Clock

RESTARTS = "restarts.jsonl"
"""Beside a program's data, by its supervisor."""


def machine_at(data: Path, clock: Clock) -> Machine:
    asks = shutil.which("vcgencmd") is not None  # to look for it anew would be most of the work
    ask = (lambda what: run(["vcgencmd", what])) if asks else None
    return Machine(data, clock, Instruments(vcgencmd=ask))
