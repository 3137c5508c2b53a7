"""Who looks after jobs goes on, whatever one roll-out is about."""

from __future__ import annotations

import threading
from collections.abc import Callable

from doubles.clock import HandClock
from sqlalchemy import select, update

from linli.ledger.fleet.jobs.hearing import hear
from linli.ledger.fleet.jobs.log_tail import LogTail
from linli.ledger.fleet.jobs.schema import job, rollout
from linli.ledger.fleet.jobs.watch import JobWatch
from linli.sync.job_messages import JobStatus
from linli.sync.jobs import JobState
from tests.unit.ledger.fleet.fleet import Fleet
from tests.unit.ledger.village import Village


class NoLink:
    def subscribe(self, topic: str, handler: Callable[[str, bytes], None]) -> None:
        """Nothing is heard."""


def ends(fleet: Fleet, id_: str, name: str) -> None:
    """Its job of that roll-out; nobody has looked at the roll-out since."""
    with fleet.engine.begin() as connection:
        given = connection.execute(select(job.c.id).where(job.c.rollout == id_)).scalar_one()
        told = JobStatus(terminal=name, id=given, state=JobState.SUCCEEDED, at=fleet.now)
        hear(connection, told, fleet.now)


def test_a_roll_out_that_only_a_newer_ledger_understands_keeps_no_other_waiting(
    village: Village,
) -> None:
    fleet = Fleet(village, "t2")
    strange, known = fleet.roll_out(["t1"], ["t2"]), fleet.roll_out(["t2"], ["t1"])
    ends(fleet, strange, "t1")
    ends(fleet, known, "t2")
    with fleet.engine.begin() as connection:
        of_it = rollout.c.id == strange
        connection.execute(update(rollout).where(of_it).values(task=b'{"do":"paint-it-red"}'))
    clock, given = HandClock(), threading.Event()
    clock.wall = fleet.now
    watch = JobWatch(fleet.engine, NoLink(), clock, LogTail(), given.set)  # type: ignore[arg-type]
    watch.start()
    given.wait(10)
    watch.close()
    assert set(fleet.rollout(known).jobs) == {"t1", "t2"}
