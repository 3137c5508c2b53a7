"""Helping one terminal from afar (远程操作): what it is asked to do, how that stands, and what it
found. Every look at a picture or a log is in the audit log."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.fleet.jobs.giving import JobError, cancel, give
from linli.ledger.fleet.jobs.reading import Job, jobs_of, one_job
from linli.ledger.fleet.jobs.results import JSON, LINES, PNG, Kept, result_of
from linli.ledger.fleet.jobs.watch import new_id
from linli.ledger.people.access_log import note
from linli.ledger.staff.submissions import first_time
from linli.ledger.terminals.watching import watched_one
from linli.ledger.web import job_words
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.again import require_password
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.fleet.task_form import task_of
from linli.ledger.web.console.guard import Maintainer, Visitor
from linli.ledger.web.forms import Form
from linli.ledger.web.refusals import DoneBefore, Refused
from linli.ledger.web.rendering import download, go, page
from linli.ledger.web.site import Here, Site
from linli.sync.job_messages import ShowMessage, Task, UpdateApp, UpdateFirmware

ONE = "/console/terminals/one"
NOT_HERE = "您的社区没有这台终端，或者没有这项操作，请从列表里打开。"
NO_RESULT = "这项操作没有结果，或者已经过了保存的时间。"
HOLDS = dt.timedelta(hours=1)
"""How long a job waits for a terminal that is away."""
SHOWN_LINES, LONGEST_LINE, MOST_CHECKS = 1000, 2000, 100
FIRST = ("bad", "warn", "good", "")
"""Of what a self-test found, what somebody has to look after."""
routes = APIRouter(prefix="/console/terminals")


@dataclass(frozen=True, slots=True)
class Check:
    """One finding of a self-test."""

    subject: str
    state: str
    chip: str
    says: str
    remedy: str


@routes.get("/one/jobs")
def part(request: Request, site: Here, visitor: Maintainer, name: str = "") -> Response:
    """The list alone, for a page that is open."""
    with reading(site.engine) as connection:
        one = watched_one(connection, visitor.scope, name)
        if one is None:
            raise Refused(404, NOT_HERE)
        jobs = jobs_of(connection, name)
    listed = "console/fleet/terminal_jobs_list.html"
    return page(request, listed, visitor=visitor, of=one, jobs=jobs)


@routes.post("/one/jobs")
def ask(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    name, now = form.text("name"), site.clock.now()
    asked = task_of(form, now)
    where = f"{ONE}?name={name}&scope={visitor.scope}#jobs"
    with reading(site.engine) as connection:
        if watched_one(connection, visitor.scope, name) is None:
            raise Refused(404, NOT_HERE)
    if isinstance(asked, UpdateApp | UpdateFirmware):  # as a roll-out to one asks for it
        require_password(request, site, visitor, form)
    until = asked.until if isinstance(asked, ShowMessage) else now + HOLDS
    try:
        with site.engine.begin() as connection:
            if not first_time(connection, form.token, visitor.worker.login, now):
                raise DoneBefore(where)
            by = visitor.worker.name
            give(connection, name, asked, until, by, new_id, now)
            note(
                connection, visitor.signature, f"ask {name}: {plain(asked)}", None, _why(form), now
            )
    except JobError as error:
        raise Refused(422, in_chinese(str(error))) from error
    site.committed()
    return go(request, where, f"已发给 {name}：{job_words.task(asked)}。")


@routes.post("/one/jobs/cancel")
def leave(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    id_, now = form.text("id"), site.clock.now()
    found, scope = _job_and_scope(site, visitor, id_)
    try:
        with site.engine.begin() as connection:
            cancel(connection, id_, visitor.worker.name, now)
            what = f"cancel at {found.terminal}: {plain(found.task)}"
            note(connection, visitor.signature, what, None, _why(form), now)
    except JobError as error:
        raise Refused(409, in_chinese(str(error))) from error
    site.committed()
    return go(request, f"{ONE}?name={found.terminal}&scope={scope}#jobs", "已请它不要做。")


@routes.get("/job")
def show(request: Request, site: Here, visitor: Maintainer, id: str = "") -> Response:
    found, scope = _job_and_scope(site, visitor, id)
    with reading(site.engine) as connection:
        kept = result_of(connection, id)
    lines = _lines(kept)
    followed = found.followed_until
    if lines or followed:
        _note(site, visitor, f"look at the log of {found.terminal}", id)
    return console_page(
        request,
        visitor,
        "fleet/job.html",
        job=found,
        scope=scope,
        kept=kept,
        checks=_checks(kept),
        lines=lines[-SHOWN_LINES:],
        all_lines=len(lines),
        more=site.tail.after(id, 0),
        follows=followed is not None and site.clock.now() < followed,
        followed=followed,
    )


@routes.get("/job/lines")
def more(request: Request, site: Here, visitor: Maintainer, id: str, after: int = 0) -> Response:
    """The new lines of a log that is followed, and where to ask for the next ones."""
    found = _job(site, visitor, id)
    followed = found.followed_until
    return page(
        request,
        "console/fleet/job_lines.html",
        job=found,
        after=after,
        more=site.tail.after(id, max(0, after)),
        follows=followed is not None and site.clock.now() < followed,
    )


@routes.get("/job/picture")
def picture(site: Here, visitor: Maintainer, id: str = "") -> Response:
    found, kept = _result(site, visitor, id, PNG)
    _note(site, visitor, f"look at the screen of {found.terminal}", id)
    return download(kept.data, f"{found.terminal}-{id}.png", PNG, inline=True)


@routes.get("/job/file")
def file(site: Here, visitor: Maintainer, id: str = "") -> Response:
    found, kept = _result(site, visitor, id, LINES, JSON)
    _note(site, visitor, f"take a file of {found.terminal}", id)
    ending = "log" if kept.media_type == LINES else "json"
    return download(kept.data, f"{found.terminal}-{id}.{ending}", f"{kept.media_type}")


def plain(asked: Task) -> str:
    """In a word for the audit log."""
    kind = type(asked).__struct_config__.tag
    part = getattr(asked, "part", None) or getattr(asked, "version", None)
    return f"{kind} {part}" if part else str(kind)


def _job(site: Site, visitor: Visitor, id_: str) -> Job:
    return _job_and_scope(site, visitor, id_)[0]


def _job_and_scope(site: Site, visitor: Visitor, id_: str) -> tuple[Job, str]:
    """Of a terminal of theirs. Raises Refused."""
    with reading(site.engine) as connection:
        found = one_job(connection, id_)
    if found is None or found[1] not in dict(visitor.communities):
        raise Refused(404, NOT_HERE)
    return found


def _result(site: Site, visitor: Visitor, id_: str, *kinds: str) -> tuple[Job, Kept]:
    found = _job(site, visitor, id_)
    with reading(site.engine) as connection:
        kept = result_of(connection, id_)
    if kept is None or kept.media_type not in kinds or not kept.agreed:
        raise Refused(404, NO_RESULT)
    return found, kept


def _note(site: Site, visitor: Visitor, what: str, why: str) -> None:
    with site.engine.begin() as connection:
        note(connection, visitor.signature, what, None, why, site.clock.now())


def _why(form: Form) -> str:
    return form.text("why")[:200] or "-"


def _lines(kept: Kept | None) -> list[str]:
    if kept is None or kept.media_type != LINES or not kept.agreed:
        return []
    return [line[:LONGEST_LINE] for line in kept.data.decode("utf-8", "replace").splitlines()]


def _checks(kept: Kept | None) -> list[Check]:
    """The findings, as far as they are what a doctor says: a terminal may say anything."""
    if kept is None or kept.media_type != JSON:
        return []
    try:
        told = json.loads(kept.data)
        checks = [_check(row) for row in told["checks"][:MOST_CHECKS]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []
    return sorted(checks, key=lambda one: FIRST.index(one.chip))


def _check(row: dict[str, Any]) -> Check:
    state, chip = job_words.FOUND[row["state"]]
    says, remedy = (str(row[part]["zh_CN"])[:500] for part in ("says", "remedy"))
    subject = job_words.SUBJECT.get(row["subject"], str(row["subject"])[:40])
    return Check(subject, state, chip, says, remedy)
