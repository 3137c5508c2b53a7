"""A village with more terminals, and what they say of their jobs.

fleet = Fleet(village)
job = fleet.give("t1", SelfTest())
fleet.say("t1", job, JobState.SUCCEEDED)
assert fleet.told("t1") == []
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

import msgspec

from linli.ledger.fleet.jobs.giving import give
from linli.ledger.fleet.jobs.hearing import Heard, give_up, hear
from linli.ledger.fleet.jobs.lists import listed
from linli.ledger.fleet.jobs.reading import Job, Rollout, one_job, one_rollout
from linli.ledger.fleet.jobs.rollouts import Plan, begin, go_on, hold, running, step
from linli.ledger.terminals.registry import register
from linli.sync import topics
from linli.sync.job_messages import JobOrder, Jobs, JobStatus, SelfTest, Task
from linli.sync.jobs import JobState
from tests.unit.ledger.village import Village

HOUR = dt.timedelta(hours=1)


class Fleet:
    """`now` may be moved on. `names` are terminals beside t1."""

    def __init__(self, village: Village, *names: str) -> None:
        self.engine = village.engine
        self.now = village.now
        self._ids = map("job-{}".format, itertools.count(1))
        with self.engine.begin() as connection:
            for number, name in enumerate(names, 1):
                register(
                    connection,
                    name=name,
                    kind="terminal",
                    public_key=f"{number:064x}",
                    scope="village",
                    centre="centre",
                    now=self.now,
                )

    def new_id(self) -> str:
        return next(self._ids)

    def give(self, name: str, task: Task, hours: int = 1) -> str:
        with self.engine.begin() as connection:
            until = self.now + hours * HOUR
            return give(connection, name, task, until, "m", self.new_id, self.now)

    def say(self, name: str, job: str, state: JobState, **more: str) -> Heard:
        """As `JobWatch` does, the roll-out's next step included."""
        told = JobStatus(terminal=name, id=job, state=state, at=self.now, **more)
        with self.engine.begin() as connection:
            word = hear(connection, told, self.now)
        if word.rollout is not None:
            self.step()
        return word.heard

    def step(self) -> None:
        with self.engine.begin() as connection:
            for one in running(connection):
                step(connection, one, self.new_id, self.now)

    def pass_(self, span: dt.timedelta) -> int:
        """How many jobs are given up by then."""
        self.now += span
        with self.engine.begin() as connection:
            ended = give_up(connection, self.now)
        self.step()
        return ended

    def orders(self, name: str) -> Sequence[JobOrder]:
        """What stands retained for it."""
        with self.engine.connect() as connection:
            for message in listed(connection, {}):
                if message.topic == topics.jobs(name):
                    return msgspec.json.decode(message.payload, type=Jobs).jobs
        return []

    def told(self, name: str) -> list[str]:
        """Of what it is to do, the ids."""
        return [order.id for order in self.orders(name) if not order.canceled]

    def job(self, id_: str) -> Job:
        with self.engine.connect() as connection:
            found = one_job(connection, id_)
        assert found is not None
        return found[0]

    # --- roll-outs ---------------------------------------------------------------------------

    def roll_out(
        self,
        *waves: Sequence[str],
        tolerated: int = 0,
        hours: int = 48,
        task: Task = SelfTest(),  # noqa: B008 - it cannot be changed
    ) -> str:
        plan = Plan(task, waves, tolerated, hours, "why")
        with self.engine.begin() as connection:
            return begin(connection, plan, "m", self.new_id, self.now)

    def rollout(self, id_: str) -> Rollout:
        with self.engine.connect() as connection:
            found = one_rollout(connection, id_)
        assert found is not None
        return found

    def end(self, id_: str, name: str, state: JobState = JobState.SUCCEEDED) -> None:
        """The terminal ends its job of the roll-out so."""
        self.say(name, self.rollout(id_).jobs[name].id, state)

    def hold(self, id_: str, seen: int | None = None) -> None:
        version = seen or self.rollout(id_).version
        with self.engine.begin() as connection:
            hold(connection, id_, version, "m", self.now)

    def go_on(self, id_: str, seen: int | None = None) -> None:
        version = seen or self.rollout(id_).version
        with self.engine.begin() as connection:
            go_on(connection, id_, version, "m", self.new_id, self.now)
