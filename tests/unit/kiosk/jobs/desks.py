"""A desk of jobs with all around it: a disk that fails, a doer that counts, a ledger that lists."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from doubles.clock import HandClock

from linli.kiosk.jobs.book import Book
from linli.kiosk.jobs.desk import Around, Desk
from linli.kiosk.jobs.doing import SUCCEEDED, Done
from linli.sync.job_messages import (
    JobOrder,
    Jobs,
    JobStatus,
    Maintain,
    Restart,
    SelfTest,
    Task,
    ordered,
)
from linli.sync.jobs import JobState
from linli.sync.messages import encode

ON = Maintain(on=True)


class PowerCutError(BaseException):
    """The machine stops here: nothing of the program may catch it."""


@dataclass
class Disk:
    """`cut_in` is after how many writes the power goes, and whether that write is kept; `full`
    takes nothing."""

    kept: Book = field(default_factory=Book)
    cut_in: int | None = None
    cut_keeps: bool = False
    full: bool = False
    writes: int = 0

    def read(self) -> Book:
        return self.kept

    def write(self, book: Book) -> None:
        if self.full:
            raise OSError(28, "No space left on device")
        self.writes += 1
        if self.cut_in is not None and self.writes > self.cut_in:
            if self.cut_keeps:
                self.kept = book
            raise PowerCutError
        self.kept = book


@dataclass
class Hand:
    """A doer that does what it is told to."""

    begins: Counter[str] = field(default_factory=Counter)
    answers: list[Done | None] = field(default_factory=list)
    looked: Done | None = SUCCEEDED

    def begin(self, job_id: str, task: object) -> Done | None:
        self.begins[job_id] += 1
        return self.answers.pop(0) if self.answers else SUCCEEDED

    def look(self, job_id: str, task: object) -> Done | None:
        return self.looked


@dataclass
class Ledger:
    """What it heard, and which results it was given; `refusal` is why it takes none."""

    heard: list[JobStatus] = field(default_factory=list)
    results: dict[str, Done] = field(default_factory=dict)
    linked: bool = True
    refusal: Exception | None = None

    def say(self, status: JobStatus) -> bool:
        if self.linked:
            self.heard.append(status)
        return self.linked

    def upload(self, job_id: str, done: Done) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.results[job_id] = done

    @property
    def said(self) -> list[tuple[str, JobState, str]]:
        return [(one.id, one.state, one.reason) for one in self.heard]


class Office:
    """One terminal's desk, which may be started again."""

    def __init__(self) -> None:
        self.clock, self.disk, self.hand, self.ledger = HandClock(), Disk(), Hand(), Ledger()
        self.alone = True
        self.start()

    def start(self) -> None:
        around = Around(
            {Maintain: self.hand, Restart: self.hand, SelfTest: self.hand},
            self.ledger,
            self.ledger.say,
            lambda: self.alone,
            (Restart,),
            (SelfTest,),
            Random(1),
        )
        self.desk = Desk("t-1", self.disk, self.clock, around)
        self.desk.connected()

    def lists(self, *orders: JobOrder) -> None:
        self.desk.listed(encode(Jobs(terminal="t-1", jobs=list(orders))))

    def order(
        self, id_: str, task: Task = ON, *, canceled: bool = False, for_s: float = 60
    ) -> JobOrder:
        until = self.clock.now() + dt.timedelta(days=1)
        return JobOrder(
            id=id_, until=until, deadline_s=for_s, task=ordered(task), canceled=canceled
        )

    def turns(self, times: int = 3, each_s: float = 1.0) -> None:
        for _ in range(times):
            self.desk.turn()
            self.clock.pass_(seconds=each_s)
