"""What terminals upload for their jobs: bounded in size, number and age, and each only once."""

from __future__ import annotations

import datetime as dt
import struct
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from linli.ledger.fleet.jobs.giving import hold_lists
from linli.ledger.fleet.jobs.schema import job, job_result
from linli.sync.job_messages import (
    RESULT_BYTES,
    CollectLogs,
    JobResult,
    Screenshot,
    SelfTest,
    Task,
    digest_of_result,
)
from linli.sync.parsing import parse

KEPT = dt.timedelta(days=14)
MOST = 10
"""Results of one terminal: with one more the oldest goes."""
PNG, LINES, JSON = "image/png", "application/x-ndjson", "application/json"
PNG_BEGINS = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
LARGEST_SIDE = 8192
MEDIA_TYPE: dict[type[Task], str] = {Screenshot: PNG, CollectLogs: LINES, SelfTest: JSON}


class NoJobError(LookupError):
    """The terminal has no such job; the text says so."""


class ResultError(ValueError):
    """The result is not taken; the text says why."""


class OtherResultError(ResultError):
    """Another one is expected or was taken before."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A result and whose it is. `agreed` is False where the terminal said another digest than
    that of what it uploaded."""

    job: str
    terminal: str
    media_type: str
    data: bytes
    taken_at: dt.datetime
    kept_until: dt.datetime
    agreed: bool


def take_result(connection: Connection, told: JobResult, data: bytes, now: dt.datetime) -> str:
    """Its digest; the same again is answered alike. Raises NoJobError, ResultError."""
    hold_lists(connection, [told.terminal])
    of_it = (job.c.id == told.id) & (job.c.terminal == told.terminal)
    kept = connection.execute(select(job).where(of_it)).first()
    if kept is None:
        raise NoJobError(f"{told.terminal} has no job {told.id}")
    digest = digest_of_result(data)
    before = select(job_result.c.digest).where(job_result.c.job == told.id)
    taken = connection.execute(before).scalar()
    if taken == digest:
        return digest
    if taken is not None:
        raise OtherResultError(f"job {told.id} has another result already")
    if kept.digest not in ("", digest):
        raise OtherResultError(f"the terminal said another digest of job {told.id}'s result")
    _check(bytes(kept.task), told.media_type, data)
    row = {"media_type": told.media_type, "digest": digest, "size": len(data), "data": data}
    row |= {"job": told.id, "taken_at": now, "kept_until": now + KEPT}
    connection.execute(insert(job_result).values(row))
    _forget_oldest(connection, told.terminal)
    return digest


def result_of(connection: Connection, job_id: str) -> Kept | None:
    query = (
        select(job_result, job.c.terminal, job.c.digest.label("said"))
        .join(job, job.c.id == job_result.c.job)
        .where(job_result.c.job == job_id)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return Kept(
        job=row.job,
        terminal=row.terminal,
        media_type=row.media_type,
        data=bytes(row.data),
        taken_at=row.taken_at,
        kept_until=row.kept_until,
        agreed=row.said in ("", row.digest),
    )


def forget_results(connection: Connection, now: dt.datetime) -> int:
    """Delete those that were kept long enough; returns how many."""
    return connection.execute(delete(job_result).where(job_result.c.kept_until < now)).rowcount


def _check(task: bytes, media_type: str, data: bytes) -> None:
    wanted = MEDIA_TYPE.get(type(parse(task, Task)))  # type: ignore[arg-type]
    if wanted != media_type:
        raise ResultError(f"this job's result is {wanted or 'not wanted'}, not {media_type}")
    if len(data) > RESULT_BYTES:
        raise ResultError(f"a result has at most {RESULT_BYTES} bytes, this one {len(data)}")
    if media_type == PNG:
        _check_picture(data)


def _check_picture(data: bytes) -> None:
    """Its beginning (PNG, second edition, 11.2.2): a small file may claim to be a large picture."""
    if not data.startswith(PNG_BEGINS) or len(data) < 24:
        raise ResultError("it is no PNG")
    width, height = struct.unpack(">II", data[16:24])
    if not 0 < width <= LARGEST_SIDE or not 0 < height <= LARGEST_SIDE:
        raise ResultError(f"a picture has at most {LARGEST_SIDE} dots a side")


def _forget_oldest(connection: Connection, name: str) -> None:
    of_it = select(job.c.id).where(job.c.terminal == name)
    newest = select(job_result.c.job).where(job_result.c.job.in_(of_it))
    kept = connection.execute(newest.order_by(job_result.c.taken_at.desc())).scalars().all()
    if len(kept) > MOST:
        connection.execute(delete(job_result).where(job_result.c.job.in_(kept[MOST:])))
