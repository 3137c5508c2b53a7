"""How a terminal goes through the jobs it was given, one at a time.

Nothing is begun before the disk says that it is under way; no end is said before the disk has it.
The one end that is said without that is that the disk does not take it. A job whose result the
ledger must have is under way until the ledger has it.

It owns no thread: `keeper.py` calls it from one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

import structlog
from msgspec import Struct
from msgspec.structs import replace

from linli.kiosk.jobs.answering import FAULT, answer, ended_by
from linli.kiosk.jobs.book import Book, Entry, heard, stands
from linli.kiosk.jobs.doing import Doer, Doers, Done
from linli.kiosk.jobs.uploading import NotUploadedError, Results
from linli.sync import jobs
from linli.sync.backoff import pause
from linli.sync.clock import Clock
from linli.sync.job_messages import RESULT_BYTES, Jobs, JobStatus, Task, digest_of_result
from linli.sync.jobs import Job, JobState, ended
from linli.sync.parsing import parse
from linli.sync.signing import MalformedError

log = structlog.get_logger()
NOT_SAVED, UNKNOWN_TASK = "not-saved", "unknown-task"
TOO_LARGE, NOT_UPLOADED, NOT_TAKEN = "too-large", "not-uploaded", "not-taken"
WAITS_FOR_CLOCK, SOMEBODY_THERE = "waits-for-clock", "somebody-there"
"""Why a job is queued still."""
REASON, DETAIL = 48, 200
"""Lengths (see JobStatus)."""
SPENT_KEPT_S = 30.0
"""How much of the time spent a power cut may lose: each write wears the disk."""
FIRST_S, CAP_S = 2.0, 60.0
SAID_AGAIN_S = 10.0
"""A list that still names a job whose end was said so long ago: the ledger has not heard it."""


class Keeps(Protocol):
    """`kept.BookFile`."""

    def read(self) -> Book: ...

    def write(self, book: Book) -> None: ...


@dataclass(frozen=True)
class Around:
    """What the desk needs of the program. Tasks of the types in `calm` are begun while nobody
    stands before the terminal (`alone`); those in `looking` change nothing, and go before one that
    waits for that. `say` is False where a status could not be handed over."""

    doers: Doers
    results: Results
    say: Callable[[JobStatus], bool]
    alone: Callable[[], bool]
    calm: Collection[type[Struct]] = ()
    looking: Collection[type[Struct]] = ()
    random: Random = field(default_factory=Random)


class Desk:
    """Raises OSError where its book cannot be read."""

    def __init__(self, terminal: str, file: Keeps, clock: Clock, around: Around) -> None:
        self._terminal, self._file, self._clock, self._around = terminal, file, clock, around
        self._book = self._saved = file.read()
        self._disk_refused = False
        self._said: dict[str, tuple[str, float]] = {}
        self._waits = ""
        self._done: tuple[str, Done] | None = None
        self._tries, self._again_at = 0, 0.0
        self._counted_at = clock.monotonic()

    @property
    def idle(self) -> bool:
        """Nothing to be done before something is heard."""
        return self._book.next is None and self._weight(self._book) == self._weight(self._saved)

    # --- what is heard -----------------------------------------------------------------------

    def connected(self) -> None:
        """Whoever listens may have missed what was said before."""
        self._said.clear()

    def listed(self, payload: bytes) -> None:
        """The retained list. One that makes no sense changes nothing."""
        try:
            told = parse(payload, Jobs)
        except MalformedError as error:
            log.warning("a list of jobs makes no sense", error=str(error))
            return
        if told.terminal != self._terminal:
            log.warning("a list of jobs for another terminal", reason=told.terminal)
            return
        self._book = heard(self._book, told.jobs)
        now = self._clock.monotonic()
        self._said = {id_: said for id_, said in self._said.items() if now - said[1] < SAID_AGAIN_S}

    # --- what is done ------------------------------------------------------------------------

    def turn(self) -> None:
        """One step of the job whose turn it is; about once a second."""
        self._count()
        entry, self._waits = self._book.next, ""
        if entry is not None:
            self._begin(entry) if entry.job.state is JobState.QUEUED else self._go_on(entry)
        if self._waits == SOMEBODY_THERE and (other := self._that_looks()) is not None:
            self._begin(other)
        self._save()
        self._say_all()

    def _begin(self, entry: Entry) -> None:
        job, known = entry.job, self._known(entry)
        if known is None:
            self._end(jobs.rejected(job, UNKNOWN_TASK))
            return
        doer, task = known
        job = jobs.begun(job, self._clock.now(), clock_good=self._clock.good())
        if job.state is JobState.QUEUED:
            self._waits = WAITS_FOR_CLOCK
        elif ended(job):
            self._end(job)
        elif type(task) in self._around.calm and not self._around.alone():
            self._waits = SOMEBODY_THERE
        else:
            job = jobs.acted(job)
            self._book = stands(self._book, job)
            if not self._save():
                self._end(jobs.failed(job, NOT_SAVED))
                return
            log.info("a job is begun", job=job.id, task=type(task).__name__)
            self._take(job, answer(lambda: doer.begin(job.id, task)))

    def _that_looks(self) -> Entry | None:
        """A terminal at which somebody stands for ever is looked at all the same."""
        waiting = (e for e in self._book.entries if e.job.state is JobState.QUEUED)
        return next((e for e in waiting if type(_task(e)) in self._around.looking), None)

    def _go_on(self, entry: Entry) -> None:
        job = entry.job
        if self._done is not None and self._done[0] == job.id:
            self._upload(job, self._done[1])
            return
        known = self._known(entry)
        if known is None:  # an older version of the program came back
            self._end(jobs.failed(job, UNKNOWN_TASK))
            return
        doer, task = known
        self._take(job, answer(lambda: doer.look(job.id, task)))

    def _take(self, job: Job, done: Done | None) -> None:
        """What a doer knows, None where that is nothing yet."""
        if done is None:
            late = jobs.spent(job, 0.0)
            if ended(late):
                self._end(late)
        elif not done.data:
            self._end(ended_by(job, done), done.detail)
        elif len(done.data) > RESULT_BYTES:
            self._end(jobs.failed(job, TOO_LARGE), f"{len(done.data)} bytes")
        else:
            self._done, self._tries, self._again_at = (job.id, done), 0, self._clock.monotonic()
            self._upload(job, done)

    def _upload(self, job: Job, done: Done) -> None:
        """As often as it takes, until the job's time is spent."""
        now = self._clock.monotonic()
        if now < self._again_at:
            if ended(jobs.spent(job, 0.0)):
                self._end(jobs.failed(job, NOT_UPLOADED))
            return
        try:
            self._around.results.upload(job.id, done)
        except NotUploadedError as error:
            log.info("a result is not uploaded", job=job.id, error=str(error))
            if error.final:
                self._end(jobs.failed(job, NOT_TAKEN), str(error))
            elif ended(jobs.spent(job, 0.0)):
                self._end(jobs.failed(job, NOT_UPLOADED), str(error))
            else:
                self._again_at = now + pause(self._tries, FIRST_S, CAP_S, self._around.random)
                self._tries += 1
            return
        except Exception as error:
            # Else the job would be under way for ever, and all others would wait for it.
            log.exception("a result stumbled")
            self._end(jobs.failed(job, FAULT), type(error).__name__)
            return
        self._end(ended_by(job, done), done.detail, digest_of_result(done.data))

    def _end(self, job: Job, detail: str = "", result: str = "") -> None:
        self._done = None
        log.info("a job ended", job=job.id, state=job.state.value, reason=job.reason)
        self._book = stands(self._book, job, detail[:DETAIL], result)

    def _known(self, entry: Entry) -> tuple[Doer[Any], Any] | None:
        """Who does it, and what is to be done; None for what this version does not know."""
        task = _task(entry)
        if task is None:
            log.warning("a job is of no known kind", job=entry.job.id)
            return None
        doer = self._around.doers.get(type(task))
        return None if doer is None else (doer, task)

    def _count(self) -> None:
        """The time since the turn before was spent on what is under way. That it is too much shows
        after it was looked at once more."""
        now, entry = self._clock.monotonic(), self._book.next
        passed, self._counted_at = now - self._counted_at, now
        if entry is not None and entry.job.state is JobState.IN_PROGRESS:
            more = replace(entry.job, spent_s=entry.job.spent_s + max(0.0, passed))
            self._book = stands(self._book, more)

    # --- on the disk, and to the ledger --------------------------------------------------------

    def _save(self) -> bool:
        """Whether the disk has all that must be known after a power cut."""
        if self._weight(self._book) == self._weight(self._saved):
            return True
        try:
            self._file.write(self._book)
        except OSError as error:
            if not self._disk_refused:
                log.warning("the book of jobs is not kept", error=str(error))
            self._disk_refused = True
            return False
        self._saved, self._disk_refused = self._book, False
        return True

    @staticmethod
    def _weight(book: Book) -> list[tuple[str, JobState, int]]:
        """What is queued stands at the broker, and needs no disk."""
        return [
            (e.job.id, e.job.state, int(e.job.spent_s / SPENT_KEPT_S))
            for e in book.entries
            if e.job.state is not JobState.QUEUED
        ]

    def _say_all(self) -> None:
        for entry in self._book.entries:
            if entry.listed and (word := self._word(entry)):
                self._say(entry, word)

    def _word(self, entry: Entry) -> str:
        """What there is to say of it, as a key; empty where that is nothing."""
        job = entry.job
        if job.state is JobState.QUEUED:
            head = self._book.next
            return self._waits if head is not None and head.job.id == job.id else ""
        saved = self._saved.of(job.id)
        kept = saved is not None and saved.job.state is job.state
        return job.state.value if kept or job.reason == NOT_SAVED else ""

    def _say(self, entry: Entry, word: str) -> None:
        job = entry.job
        if self._said.get(job.id, ("", 0.0))[0] == word:
            return
        status = JobStatus(
            terminal=self._terminal,
            id=job.id,
            state=job.state,
            at=self._clock.now(),
            reason=(job.reason if ended(job) else self._waits)[:REASON],
            detail=entry.detail,
            result=entry.result,
        )
        if self._around.say(status):
            self._said[job.id] = (word, self._clock.monotonic())


def _task(entry: Entry) -> Any:
    """None for what this version does not know."""
    try:
        return parse(bytes(entry.task), Task)  # type: ignore[arg-type]
    except MalformedError:
        return None
