"""What is said of a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from linli.kiosk.health.past_restarts import past_restarts
from linli.kiosk.health.plugged import Plugged
from linli.kiosk.health.recent_errors import remember_errors
from linli.kiosk.health.reporter import LOOK_S, Program, Reporter
from linli.kiosk.health.this_machine import RESTARTS, machine_at
from linli.kiosk.peripherals.plugged_in import PluggedIn
from linli.kiosk.settings import TerminalSettings
from linli.kiosk.terminal import Terminal
from linli.sync.clock import Clock
from linli.sync.outbox import Outbox


def terminal_reporter(
    settings: TerminalSettings,
    terminal: Terminal,
    plugged_in: PluggedIn,
    clock: Clock,
    *,
    trial: bool,
    maintained: Callable[[], bool] = lambda: False,
    look_s: float = LOOK_S,
) -> Reporter:
    output = settings.display.output if settings.display is not None else None
    program = Program(
        name=settings.name,
        boot_id=terminal.boot_id,
        readers=lambda: terminal.reception.readers_up,
        scanners=lambda: terminal.reception.scanners_up,
        backlog=lambda: backlog(terminal.outbox, clock.now()),
        last_card_at=lambda: terminal.reception.last_card_at,
        maintained=maintained,
        errors=remember_errors(clock.now).notes,
        restarts=past_restarts(settings.data / RESTARTS),
        trial=trial,
        plugged=Plugged(plugged_in.slips, plugged_in.locker, plugged_in.board, output),
    )
    return Reporter(program, machine_at(settings.data, clock), terminal.link, clock, look_s)


def backlog(outbox: Outbox, now: dt.datetime) -> tuple[int, float]:
    """Events that wait, and for how many seconds the first of them has; 0 where the clock was set
    back meanwhile. Raises SQLAlchemyError."""
    made_at = outbox.oldest()
    age = 0.0 if made_at is None else max(0.0, (now - made_at).total_seconds())
    return outbox.waiting(), round(age, 1)
