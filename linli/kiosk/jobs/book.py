"""Which jobs a terminal has been given, and how each stands: pure, and small enough to be written
whole at each change.

| heard                         | then                                                             |
|-------------------------------|------------------------------------------------------------------|
| a job that is not in the book | it is queued, in the order of the list                           |
| one that ended here           | nothing: its end is said again, whatever list it came in         |
| one that is `canceled`        | canceled, unless it was acted upon                               |
| no more of one that is queued | it is forgotten                                                  |
| no more of one under way      | it goes on to its end, as what is done is done                   |
| no more of one that ended     | its end is kept, the newest ENDS_KEPT of them: a list that comes |
|                               | late, or twice, must not have it done again                      |
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Raw, Struct
from msgspec.structs import replace

from linli.sync.job_messages import JobOrder
from linli.sync.jobs import Job, JobState, canceled, ended

ENDS_KEPT = 200


class Entry(Struct, frozen=True, kw_only=True):
    """`task` is empty once the job has ended: nothing of it is needed any more. `detail` and
    `result` go with the end (see JobStatus)."""

    job: Job
    task: Raw = Raw(b"null")
    listed: bool = True
    detail: str = ""
    result: str = ""


class Book(Struct, frozen=True):
    """In the order in which they are done; those that are not listed any more come first."""

    entries: tuple[Entry, ...] = ()

    def of(self, id_: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.job.id == id_), None)

    @property
    def next(self) -> Entry | None:
        """The one to be done: what is under way before what waits."""
        under_way = (e for e in self.entries if e.job.state is JobState.IN_PROGRESS)
        waiting = (e for e in self.entries if e.job.state is JobState.QUEUED)
        return next(under_way, None) or next(waiting, None)


def heard(book: Book, orders: Iterable[JobOrder]) -> Book:
    """The list that stands at the broker now."""
    known = {entry.job.id: entry for entry in book.entries}
    listed: dict[str, Entry] = {}
    for order in orders:
        if order.id not in listed:
            listed[order.id] = _taken(known.get(order.id), order)
    gone = (replace(e, listed=False) for e in book.entries if e.job.id not in listed)
    stay = [entry for entry in gone if entry.job.state is not JobState.QUEUED]
    under_way = [entry for entry in stay if not ended(entry.job)]
    ends = [entry for entry in stay if ended(entry.job)][-ENDS_KEPT:]
    return Book((*ends, *under_way, *listed.values()))


def stands(book: Book, job: Job, detail: str = "", result: str = "") -> Book:
    """That job stands so now."""

    def changed(entry: Entry) -> Entry:
        if entry.job.id != job.id:
            return entry
        if ended(job):
            return Entry(job=job, listed=entry.listed, detail=detail, result=result)
        return replace(entry, job=job)

    return Book(tuple(changed(entry) for entry in book.entries))


def _taken(entry: Entry | None, order: JobOrder) -> Entry:
    if entry is None:
        job = Job(id=order.id, until=order.until, deadline_s=order.deadline_s)
        entry = Entry(job=job, task=order.task)
    after = canceled(entry.job) if order.canceled else entry.job
    if ended(after) and not ended(entry.job):
        return Entry(job=after)
    return replace(entry, job=after, listed=True)
