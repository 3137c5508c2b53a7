"""The annual awards (年度评选): candidates by rule, the panel's ballots, and certificates."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.awards.deciding import AwardError, certificate, propose_candidates, vote
from linli.ledger.awards.reading import Honour, honours, tallies, years
from linli.ledger.awards.rules import Title
from linli.ledger.database import reading
from linli.ledger.documents.render import pdf
from linli.ledger.people.access_log import note
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.directory import read_holders
from linli.ledger.people.persons import look
from linli.ledger.review.panel import members, quorum_of
from linli.ledger.staff.roles import Right
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Leader, Reader, Reviewer, Visitor
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Format, as_file
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import download, go
from linli.ledger.web.site import Here, Site
from linli.ledger.web.words import AWARD
from linli.sync.messages import Kind
from linli.sync.periods import business_day

routes = APIRouter(prefix="/console/awards")
AWARDS = "/console/awards"
HEAD = ("年度", "称号", "姓名", "名次", "积分", "赞成", "反对", "证书编号")
LONGEST_NAME = 40


@routes.get("")
def awards(
    request: Request,
    site: Here,
    visitor: Reader,
    year: str = "",
    format_: Format = "",
) -> Response:
    now = site.clock.now()
    last = str(business_day(now).year - 1)
    with reading(site.engine) as connection:
        known = years(connection, visitor.scope)
        chosen = year or (known[0] if known else last)
        found = {title: tallies(connection, visitor.scope, chosen, title) for title in Title}
        if format_:
            rows = (
                (
                    chosen,
                    AWARD[title.value],
                    one.holder.name_masked,
                    one.candidate.rank,
                    one.candidate.points,
                    one.in_favour,
                    one.against,
                    one.candidate.number or "",
                )
                for title, some in found.items()
                for one in some
            )
            return as_file(format_, f"awards-{visitor.scope}-{chosen}", HEAD, rows)
        seats = members(connection, visitor.scope, now)
        return console_page(
            request,
            visitor,
            "awards.html",
            year=chosen,
            years=known,
            found=found,
            quorum=quorum_of(connection, visitor.scope),
            member=visitor.worker.account if visitor.may(Right.REVIEW) else None,
            sits=visitor.worker.account in seats,
            may_propose=visitor.may(Right.LEAD) and last not in known,
            last=last,
        )


@routes.post("/propose")
def propose(request: Request, site: Here, visitor: Leader, form: Form) -> Response:
    year, now = form.text("year"), site.clock.now()
    try:
        with site.engine.begin() as connection:
            found = propose_candidates(connection, visitor.scope, year, now)
            note(connection, visitor.signature, f"propose awards {year}", None, "by rule", now)
    except AwardError as error:
        raise Refused(409, in_chinese(str(error))) from error
    said = "、".join(f"{AWARD[title.value]} {len(some)} 人" for title, some in found.items())
    return go(request, f"{AWARDS}?year={year}", f"已按规则提名：{said}。")


@routes.post("/vote")
def cast(request: Request, site: Here, visitor: Reviewer, form: Form) -> Response:
    year, account, word = form.text("year"), form.text("account"), form.text("word")
    title, now = _title(form.text("title")), site.clock.now()
    if word not in ("yes", "no"):
        raise Refused(422, "请选择赞成或者反对。")
    try:
        with site.engine.begin() as connection:
            chosen = vote(
                connection,
                visitor.scope,
                year,
                title,
                account,
                visitor.account,
                now,
                in_favour=word == "yes",
            )
            what = f"vote {title.value} {year}: {word}"
            note(connection, visitor.signature, what, account, "annual award", now)
    except AwardError as error:
        raise Refused(409, in_chinese(str(error))) from error
    said = "达到通过人数，已当选。" if chosen else "已记下您的意见，可以改，以最后一次为准。"
    return go(request, f"{AWARDS}?year={year}", said)


@routes.post("/certificate")
def print_certificate(site: Here, visitor: Reader, form: Form) -> Response:
    """It bears the full name, so that the look at it is written down before it is shown."""
    if not (visitor.may(Right.DESK) or visitor.may(Right.LEAD)):
        raise Refused(403, "证书由服务台或者考评小组组长打印。")
    number, now = form.text("number"), site.clock.now()
    with site.engine.begin() as connection:
        honour = _honour(connection, visitor, number)
        name = _full_name(connection, site, visitor, honour, form.text("name"))
        note(connection, visitor.signature, "print certificate", honour.account, number, now)
        made = certificate(connection, number, name, site.issuer, business_day(now))
    return download(pdf(made), f"certificate-{number}.pdf", "application/pdf")


def _title(text: str) -> Title:
    try:
        return Title(text)
    except ValueError:
        raise Refused(422, "没有这个称号，请从本系统的页面进入。") from None


def _honour(connection: Connection, visitor: Visitor, number: str) -> Honour:
    for honour in honours(connection, visitor.scope):
        if honour.number == number:
            return honour
    raise Refused(404, "没有这个编号的证书：可能还没有当选，或者是别的社区的。")


def _full_name(
    connection: Connection, site: Site, visitor: Visitor, honour: Honour, typed: str
) -> str:
    """As it was typed, or as it is kept of them; a unit's is public."""
    if typed:
        if len(typed) > LONGEST_NAME:
            raise Refused(422, f"姓名最多 {LONGEST_NAME} 个字。")
        return typed
    bearer = read_holders(connection, [honour.account])[honour.account]
    if bearer.kind is Kind.UNIT:
        return bearer.name_masked
    try:
        now = site.clock.now()
        why = f"certificate {honour.number}"
        kept = look(connection, honour.account, ["name"], site.ring, visitor.signature, why, now)
    except PeopleError as error:
        raise Refused(422, "账本里没有这位的全名，请填写姓名后再打印。") from error
    name = kept["name"]
    if not name:
        raise Refused(422, "账本里没有这位的全名，请填写姓名后再打印。")
    return name
