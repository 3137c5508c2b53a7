"""公开账本签署: the weekly checkpoint, who cosigned it, and how a panel's leader does.

The leader's key never comes here: they download the checkpoint, cosign it on a machine of their
own, and bring the file back.
"""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.people.access_log import note
from linli.ledger.record.cosigning import Kept, checkpoints, key_of, read_note, take_cosignature
from linli.ledger.record.log import RecordError
from linli.ledger.staff.roles import Right
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Leader, Reader
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Format, as_file, cut
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import download, go, moment
from linli.ledger.web.site import Here
from linli.sync.record.notes import LONGEST_NOTE

RECORD = "/console/record"
routes = APIRouter(prefix=RECORD)
HEAD = ("签署时间", "行数", "根指纹", "共同签署")
STATES = {"signed": "组长已共同签署", "unsigned": "还没有人共同签署"}
LONGEST_SIZE = 15


@routes.get("")
def show(
    request: Request,
    site: Here,
    visitor: Reader,
    state: str = "",
    year: str = "",
    format_: Format = "",
) -> Response:
    with reading(site.engine) as connection:
        every = checkpoints(connection)
        key = key_of(connection, visitor.worker.login)
    found = [
        one
        for one in every
        if state in ("", "signed" if one.cosigned else "unsigned")
        and year in ("", str(one.made_at.year))
    ]
    if format_:
        return as_file(format_, "checkpoints", HEAD, map(_row, found))
    return console_page(
        request,
        visitor,
        "record.html",
        newest=every[0] if every else None,
        page=cut(found, request),
        state=state,
        states=STATES,
        year=year,
        years=sorted({str(one.made_at.year) for one in every}, reverse=True),
        key=key,
        cosigns=visitor.may(Right.LEAD),
        url=(site.public_url or str(request.base_url)).rstrip("/"),
    )


def _row(one: Kept) -> Sequence[object]:
    names = "、".join(f"{who.name} {moment(who.at)}" for who in one.cosigned)
    return (moment(one.made_at), one.checkpoint.size, one.checkpoint.root.hex(), names)


@routes.get("/{size}.checkpoint")
def take_home(site: Here, _visitor: Reader, size: str) -> Response:
    try:
        if not (size.isascii() and size.isdigit() and len(size) <= LONGEST_SIZE):
            raise RecordError(f"there is no checkpoint of {size[:LONGEST_SIZE]} leaves")
        with reading(site.engine) as connection:
            body = read_note(connection, int(size))
    except RecordError as error:
        raise Refused(404, in_chinese(str(error))) from error
    return download(body, f"linli-{size}.checkpoint", "text/plain; charset=utf-8")


@routes.post("")
def bring_back(request: Request, site: Here, visitor: Leader, form: Form) -> Response:
    files = form.files("cosigned")
    if len(files) != 1:
        raise Refused(422, "请选择命令写好的那个文件，再上传。")
    raw, now = files[0].file.read(LONGEST_NOTE + 1), site.clock.now()
    login = visitor.worker.login
    try:
        with site.engine.begin() as connection:
            taken = take_cosignature(connection, login, raw, form.text("key"), now)
            what = f"cosign {taken.size} leaves"
            note(connection, visitor.signature, what, None, form.text("key")[:200], now)
    except RecordError as error:
        raise Refused(422, in_chinese(str(error))) from error
    return go(request, RECORD, f"核对无误，{taken.size} 行的签署版本已加上您的共同签署。")
