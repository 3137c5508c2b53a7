"""What terminals say of their settings is kept, whatever one of them says."""

from __future__ import annotations

import time
from collections.abc import Callable

from doubles.clock import HandClock

from linli.ledger.fleet.settings.reporting import ReportWatch
from linli.ledger.fleet.settings.wishes import Said, said
from linli.sync.messages import encode
from linli.sync.shadow_messages import Reported, ShadowState
from tests.unit.ledger.fleet.fleet import Fleet
from tests.unit.ledger.village import Village


class Told:
    """Where a link would hand over what it hears."""

    def subscribe(self, topic: str, handler: Callable[[str, bytes], None]) -> None:
        self.hears = handler


def kept(fleet: Fleet, name: str) -> Said | None:
    with fleet.engine.connect() as connection:
        return said(connection, name)


def test_a_report_that_the_database_refuses_takes_no_others_with_it(village: Village) -> None:
    fleet, told, clock = Fleet(village, "t2", "t3"), Told(), HandClock()
    watch = ReportWatch(fleet.engine, told, clock)  # type: ignore[arg-type]
    for name, detail in (("t3", ""), ("t2", "a\0b"), ("t1", "")):
        report = Reported(
            terminal=name, version=1, state=ShadowState.APPLIED, at=fleet.now, detail=detail
        )
        told.hears(f"linli/v1/t/{name}/reported", encode(report))
    watch.start()
    until = time.monotonic() + 10
    while not (kept(fleet, "t1") and kept(fleet, "t3")) and time.monotonic() < until:
        time.sleep(0.01)
    watch.close()
    assert kept(fleet, "t1")
    assert kept(fleet, "t3")
