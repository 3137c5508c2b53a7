"""From a job in the ledger's database to its terminal and back, over a real broker: a roll-out goes
on by itself, a liar is not believed, and a log is followed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from doubles.waiting import eventually
from sqlalchemy import Engine
from test_publisher import CLOCK, SCOPE, settle

from linli.ledger.database import open_database, reading
from linli.ledger.feed.publisher import Publisher
from linli.ledger.fleet.jobs.giving import add_jobs, hold_lists
from linli.ledger.fleet.jobs.log_tail import LogTail
from linli.ledger.fleet.jobs.reading import Rollout, jobs_of, rollouts
from linli.ledger.fleet.jobs.rollouts import Plan, RolloutState, begin
from linli.ledger.fleet.jobs.watch import JobWatch, new_id
from linli.ledger.terminals.registry import register
from linli.sync import topics
from linli.sync.broker import Broker
from linli.sync.job_messages import CollectLogs, Jobs, JobStatus, LogLines, Restart
from linli.sync.jobs import JobState
from linli.sync.link import Link
from linli.sync.messages import encode

NAMES = ("one", "two")


class Terminal:
    """Hears its jobs and says what it is told to say."""

    def __init__(self, name: str, broker: Broker) -> None:
        self.name = name
        self.jobs: list[str] = []
        self._lock = threading.Lock()
        self.link = Link(name, "127.0.0.1", broker.port, "boot", CLOCK, "0", presence=False)
        self.link.subscribe(topics.jobs(name), self._arrived)
        self.link.start()

    def _arrived(self, _topic: str, payload: bytes) -> None:
        self.jobs = [job.id for job in msgspec.json.decode(payload, type=Jobs).jobs]

    def has_a_job(self) -> str:
        eventually(lambda: self.jobs)
        return self.jobs[0]

    def says(self, job: str, state: JobState, under: str = "") -> None:
        told = JobStatus(terminal=self.name, id=job, state=state, at=CLOCK.now())
        self.link.publish(topics.job_status(under or self.name), encode(told))


class Ledger:
    """What of a running ledger has to do with jobs."""

    def __init__(self, engine: Engine, broker: Broker) -> None:
        self.engine, self.tail = engine, LogTail()
        self.link = Link("ledger", "127.0.0.1", broker.port, "boot", CLOCK, "0", presence=False)
        self.publisher = Publisher(engine, self.link, CLOCK)
        self.jobs = JobWatch(engine, self.link, CLOCK, self.tail, self.publisher.poke)
        self.publisher.start()
        self.jobs.start()
        self.link.start()
        eventually(lambda: self.link.online)

    def rolls_out(self) -> None:
        with self.engine.begin() as connection:
            plan = Plan(Restart(part="app"), [["one"], ["two"]], 0, 1, "why")
            begin(connection, plan, "m", new_id, CLOCK.now())
        self.publisher.poke()

    def rollout(self) -> Rollout:
        with reading(self.engine) as connection:
            return rollouts(connection, SCOPE)[0]

    def close(self) -> None:
        self.publisher.close()
        self.link.close()
        self.jobs.close()


@pytest.fixture
def ledger(tmp_path: Path, broker: Broker) -> Iterator[Ledger]:
    engine = open_database(tmp_path / "ledger.db")
    settle(engine)
    with engine.begin() as connection:
        register(
            connection,
            name="two",
            kind="terminal",
            public_key="22" * 32,
            scope=SCOPE,
            centre="centre",
            now=CLOCK.now(),
        )
    ledger = Ledger(engine, broker)
    yield ledger
    ledger.close()
    engine.dispose()


@pytest.fixture
def terminals(broker: Broker) -> Iterator[dict[str, Terminal]]:
    made = {name: Terminal(name, broker) for name in NAMES}
    yield made
    for one in made.values():
        one.link.close()


def test_a_roll_out_goes_on_by_what_terminals_say_and_by_no_liars_word(
    ledger: Ledger, terminals: dict[str, Terminal]
) -> None:
    ledger.rolls_out()
    one, two = terminals["one"], terminals["two"]
    job = one.has_a_job()
    two.says(job, JobState.FAILED)
    two.says(job, JobState.FAILED, under="one")
    one.says(job, JobState.SUCCEEDED)
    two.says(two.has_a_job(), JobState.SUCCEEDED)
    eventually(lambda: ledger.rollout().state is RolloutState.OVER)
    assert ledger.rollout().done == 2
    eventually(lambda: not one.jobs and not two.jobs)


def test_lines_of_a_log_that_nobody_follows_are_not_kept(
    ledger: Ledger, terminals: dict[str, Terminal]
) -> None:
    with ledger.engine.begin() as connection:
        hold_lists(connection, ["one"])
        until = CLOCK.now().replace(year=2100)
        follow = CollectLogs(follow_s=60)
        (job,) = add_jobs(connection, ["one"], follow, until, "m", new_id, CLOCK.now())
    for terminal, id_ in (("two", job), ("one", "no-such-job"), ("one", job)):
        told = LogLines(terminal=terminal, id=id_, number=1, lines=[f"of {terminal}"])
        terminals[terminal].link.publish(topics.logs(terminal), encode(told))
    eventually(lambda: ledger.tail.after(job, 0))
    with reading(ledger.engine) as connection:
        assert jobs_of(connection, "one")[0].id == job
    assert [line.text for line in ledger.tail.after(job, 0)] == ["of one"]
    assert ledger.tail.after("no-such-job", 0) == []


def test_a_terminal_that_floods_keeps_no_other_from_being_heard(
    ledger: Ledger, terminals: dict[str, Terminal]
) -> None:
    ledger.rolls_out()
    one, two = terminals["one"], terminals["two"]
    job = one.has_a_job()
    for _ in range(300):
        two.says("no-such-job", JobState.FAILED)
    one.says(job, JobState.SUCCEEDED)
    two.has_a_job()
    eventually(lambda: ledger.rollout().done == 1)
