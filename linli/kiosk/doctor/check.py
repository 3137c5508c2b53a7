"""A check, and how all are run: one after the other, none able to stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

import structlog

from linli.kiosk.doctor.finding import Code, Finding, State, Subject

log = structlog.get_logger()


class Check(Protocol):
    """`look` takes some seconds at most, more only where it waits for a person."""

    subject: Subject

    def look(self) -> Finding: ...


def looked(check: Check) -> Finding:
    """A check that fails itself is told like what it found: the others go on."""
    try:
        return check.look()
    except Exception as error:
        log.exception("a check stumbled", subject=check.subject.value)
        values = {"error": str(error) or type(error).__name__}
        return Finding(check.subject, State.BROKEN, Code.STUMBLED, values)


def run_all(checks: Iterable[Check], found: Callable[[Finding], None]) -> None:
    for check in checks:
        found(looked(check))
