"""A maintainer takes a newcomer in (登记新终端): the code from its screen, its key compared, a
name."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.people.access_log import note
from linli.ledger.staff.attempts import TooManyAttemptsError, failed, require_patience
from linli.ledger.terminals.claiming import Claim, ClaimError, Naming, confirm, find_claim, refuse
from linli.ledger.terminals.registry import RegistryError
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Maintainer, Visitor
from linli.ledger.web.forms import Form
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go
from linli.ledger.web.site import Here, Site
from linli.ledger.web.words import DEVICE
from linli.sync.enrolment import grouped, read_code

NEW = "/console/terminals/new"
routes = APIRouter(prefix=NEW)


@routes.get("")
def show(request: Request, site: Here, visitor: Maintainer, code: str = "") -> Response:
    """Without a code it is asked for; with one the newcomer is shown beside what is still to be
    said of it."""
    wrong, found = "", None
    if code:
        try:
            found = _looked_for(site, visitor, code, site.clock.now())
        except (ClaimError, TooManyAttemptsError) as error:
            wrong = in_chinese(str(error))
    status = 422 if wrong else 200
    shown = "" if found is None else grouped(found.code)
    return console_page(
        request,
        visitor,
        "fleet/newcomer.html",
        status,
        of=found,
        code=shown,
        typed=code[:20],
        wrong=wrong,
    )


@routes.post("")
def take_in(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    now, code = site.clock.now(), form.text("code")
    if form.text("compared") != "yes":
        raise Refused(422, "请先对一遍公钥：终端屏幕上的和这里的每一位都一样，再勾选。")
    naming = Naming(form.text("name"), visitor.scope, form.text("centre"), form.text("centre_name"))
    try:
        with site.engine.begin() as connection:
            made = confirm(connection, code, naming, visitor.worker.name, now)
            what = f"enrol {made.name}: key {made.public_key[:16]}"
            note(connection, visitor.signature, what, None, visitor.scope, now)
    except (ClaimError, RegistryError) as error:
        raise Refused(422, in_chinese(str(error))) from error
    site.committed()
    said = f"{DEVICE[made.kind]} {made.name} 已登记，几秒后它会自己连上来。"
    return go(request, f"/console/terminals?scope={visitor.scope}", said)


@routes.post("/refuse")
def turn_away(request: Request, site: Here, visitor: Maintainer, form: Form) -> Response:
    now, code = site.clock.now(), form.text("code")
    try:
        with site.engine.begin() as connection:
            refuse(connection, code, visitor.worker.name, now)
            note(connection, visitor.signature, f"refuse newcomer {code}", None, "refused", now)
    except ClaimError as error:
        raise Refused(422, in_chinese(str(error))) from error
    return go(request, NEW, "已拒绝，它不会连上来。如果不是您自己装的终端，请告诉系统管理员。")


def _looked_for(site: Site, visitor: Visitor, typed: str, now: dt.datetime) -> Claim:
    """A code that cannot be one is a slip of the finger; one that nobody shows may be a guess, and
    a few of those cost waiting. Raises ClaimError, TooManyAttemptsError."""
    tries = [f"claim:{visitor.worker.login}"]
    with site.engine.begin() as connection:
        require_patience(connection, tries, now)
        try:
            return find_claim(connection, typed, now)
        except ClaimError as error:
            refused = error
            if read_code(typed) is not None:
                failed(connection, tries, now)
    raise refused
