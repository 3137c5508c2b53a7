"""One task for many terminals, wave after wave (批量更新): begun, watched, held, called off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.fleet.jobs.giving import JobError
from linli.ledger.fleet.jobs.reading import (
    Rollout,
    Taker,
    one_rollout,
    rollouts_alone,
    takers,
    with_jobs,
)
from linli.ledger.fleet.jobs.rollouts import Plan, begin, call_off, go_on, hold, in_waves
from linli.ledger.fleet.jobs.watch import new_id
from linli.ledger.fleet.settings.wishes import StaleError
from linli.ledger.people.access_log import note
from linli.ledger.staff.submissions import first_time
from linli.ledger.web import job_words
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.again import require_password
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.fleet.jobs import plain
from linli.ledger.web.console.fleet.task_form import hours_of, task_of
from linli.ledger.web.console.guard import Maintainer, Visitor
from linli.ledger.web.forms import Form, Posted
from linli.ledger.web.listing import Format, as_file, cut, has
from linli.ledger.web.refusals import DoneBefore, Refused
from linli.ledger.web.rendering import go, moment
from linli.ledger.web.site import Here, Site

ROLLOUTS = "/console/rollouts"
NEW, ONE = f"{ROLLOUTS}/new", f"{ROLLOUTS}/one"
NOT_HERE = "没有这次批量更新，或者它还涉及别的社区，请从列表里打开。"
MOST_WAVES = 20
_BETWEEN = re.compile(r"[\s,，、;；]+")
_REST = ("其余", "rest")
HEAD = ("发起", "做什么", "为什么", "第几批", "终端", "现在怎样", "原因", "说明", "最近消息")
routes = APIRouter(prefix=ROLLOUTS)


@routes.get("")
def show(
    request: Request,
    site: Here,
    visitor: Maintainer,
    q: str = "",
    state: str = "",
    format_: Format = "",
) -> Response:
    """As a file: every terminal of every one, and why it failed."""
    with reading(site.engine) as connection:
        found = [
            one
            for one in rollouts_alone(connection, visitor.worker.scope)
            if has(q, one.why, job_words.task(one.task), one.made_by)
            and state in ("", one.state.value)
        ]
        page = cut(found, request, 20)
        if format_:
            every = with_jobs(connection, found)
            return as_file(format_, "rollouts", HEAD, (row for one in every for row in _rows(one)))
        page = replace(page, rows=with_jobs(connection, page.rows))
    states = [(state.value, told) for state, (told, _) in job_words.ROLLOUT.items()]
    return console_page(
        request, visitor, "fleet/rollouts.html", page=page, q=q, state=state, states=states
    )


@routes.get("/new")
def plan(request: Request, site: Here, visitor: Maintainer) -> Response:
    there = _takers(site, visitor)
    names = dict(visitor.communities)
    by_community = {
        scope: [one for one in there if one.scope == scope]
        for scope in dict.fromkeys(one.scope for one in there)
    }
    return console_page(
        request,
        visitor,
        "fleet/rollout_new.html",
        communities=by_community,
        names=names,
        all=len(there),
    )


@routes.post("/new")
def start(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    now = site.clock.now()
    names = _chosen(form, _takers(site, visitor))
    wanted = Plan(
        task=task_of(form, now),
        waves=in_waves(names, _sizes(form.text("waves"))),
        tolerated=form.whole("tolerated"),
        hours=hours_of(form, "hours"),
        why=form.text("why"),
    )
    require_password(request, site, visitor, form)
    try:
        with site.engine.begin() as connection:
            if not first_time(connection, form.token, visitor.worker.login, now):
                raise DoneBefore(ROLLOUTS)
            made = begin(connection, wanted, visitor.worker.name, new_id, now)
            what = f"roll out {plain(wanted.task)} to {len(names)}"
            note(connection, visitor.signature, what, None, wanted.why, now)
    except JobError as error:
        raise Refused(422, in_chinese(str(error))) from error
    site.committed()
    return go(request, f"{ONE}?id={made}", f"第 1 批 {len(wanted.waves[0])} 台已发出。")


@routes.get("/one")
def look(request: Request, site: Here, visitor: Maintainer, id: str = "") -> Response:
    found = _rollout(site, visitor, id)
    state, chip = job_words.ROLLOUT[found.state]
    return console_page(request, visitor, "fleet/rollout.html", of=found, state=state, chip=chip)


@routes.post("/hold")
def pause(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    def work(connection: Connection, id_: str, seen: int, by: str) -> None:
        hold(connection, id_, seen, by, site.clock.now())

    return _decide(request, site, visitor, form, "hold", work, "已暂停，没有开始的都请它们先不做。")


@routes.post("/go-on")
def resume(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    def work(connection: Connection, id_: str, seen: int, by: str) -> None:
        go_on(connection, id_, seen, by, new_id, site.clock.now())

    return _decide(request, site, visitor, form, "go on with", work, "继续进行。")


@routes.post("/cancel")
def end(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    def work(connection: Connection, id_: str, seen: int, by: str) -> None:
        call_off(connection, id_, seen, by, site.clock.now())

    said = "已取消。没有开始的不会再做，正在做的会做完。"
    return _decide(request, site, visitor, form, "call off", work, said)


def _decide(
    request: Request,
    site: Site,
    visitor: Visitor,
    form: Posted,
    what: str,
    work: Callable[[Connection, str, int, str], None],
    said: str,
) -> Response:
    """Over what they saw: of two at once the second is told so. Raises Refused."""
    id_ = form.text("id")
    _rollout(site, visitor, id_)
    try:
        with site.engine.begin() as connection:
            work(connection, id_, form.whole("seen"), visitor.worker.name)
            now = site.clock.now()
            note(connection, visitor.signature, f"{what} roll-out {id_}", None, "-", now)
    except (JobError, StaleError) as error:
        raise Refused(409, in_chinese(str(error))) from error
    site.committed()
    return go(request, f"{ONE}?id={id_}", said)


def _rollout(site: Site, visitor: Visitor, id_: str) -> Rollout:
    """One that is wholly of terminals that they look after. Raises Refused."""
    with reading(site.engine) as connection:
        found = one_rollout(connection, id_)
    if found is None or visitor.worker.scope not in (None, found.scope):
        raise Refused(404, NOT_HERE)
    return found


def _rows(of: Rollout) -> Iterator[Sequence[object]]:
    for number, wave in enumerate(of.waves, 1):
        for name in wave:
            job = of.jobs.get(name)
            how = ("还没轮到", "", "", "")
            if job is not None:
                heard = moment(job.heard_at or job.given_at)
                how = (job_words.state(job), job_words.why(job), job.detail, heard)
            yield (moment(of.made_at), job_words.task(of.task), of.why, number, name, *how)


def _takers(site: Site, visitor: Visitor) -> list[Taker]:
    with reading(site.engine) as connection:
        return takers(connection, dict(visitor.communities))


def _chosen(form: Posted, there: list[Taker]) -> list[str]:
    """Those that were picked, all of a community of which none was, and the ones to begin with,
    first. Raises Refused."""
    known = {one.name for one in there}
    first = [name for name in _BETWEEN.split(form.text("first")) if name]
    scopes, picked = set(form.texts("scope")), form.texts("terminal")
    for name in (*first, *picked):
        if name not in known:
            raise Refused(422, f"没有在用的终端“{name[:48]}”，请检查名称。")
    whole = scopes - {one.scope for one in there if one.name in picked}
    rest = [one.name for one in there if one.scope in whole or one.name in picked]
    return list(dict.fromkeys([*first, *rest]))


def _sizes(text: str) -> list[int]:
    """Of the waves but the last, which takes the rest. Raises Refused."""
    words = [word for word in _BETWEEN.split(text) if word]
    if words and words[-1] in _REST:
        words.pop()
    wrong = len(words) > MOST_WAVES or not all(
        word.isascii() and word.isdecimal() and int(word[:6]) > 0 for word in words
    )
    if wrong:
        raise Refused(422, "分批请写每批的台数，例如 1、10、其余。")
    return [int(word[:6]) for word in words]
