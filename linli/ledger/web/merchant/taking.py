"""核销: a voucher's code is typed or scanned, shown, and taken with one touch.

The form that shows a voucher carries its request along. Pressed again, also after a lost answer, it
is the same request and gets the same answer; a code that this merchant took before, whoever asks,
leads to the page that says when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.shop.codes import read_code, shown
from linli.ledger.shop.reading import Held, taken_on, vouchers
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import redemption, voucher
from linli.ledger.shop.using import look_at, use
from linli.ledger.shop.vouchers import USED
from linli.ledger.staff.attempts import TooManyAttemptsError, failed, require_patience
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.forms import Form
from linli.ledger.web.listing import Format, as_file, cut
from linli.ledger.web.merchant.drawing import till_page
from linli.ledger.web.merchant.guard import AtTill, Till
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import go, moment
from linli.ledger.web.site import Here, Site
from linli.sync.periods import SHANGHAI, business_day

routes = APIRouter(prefix="/merchant")
DAY = dt.timedelta(days=1)
HEAD = ("核销时间", "优惠", "编码", "积分", "社区补贴(元)", "本店承担(元)")


@routes.get("")
def home(request: Request, site: Here, till: AtTill) -> Response:
    return _asking(request, site, till, "", "")


@routes.get("/check")
def check(request: Request, site: Here, till: AtTill, code: str = "") -> Response:
    """What the code is, before it is taken."""
    now = site.clock.now()
    try:
        _require_patience(site, till, now)
        with reading(site.engine) as connection:
            id_ = look_at(connection, code, till.merchant.id, now)
            (found,) = vouchers(connection, redemption.c.id == id_)
    except ShopError as error:
        return _refusal(request, site, till, code, error)
    return till_page(request, till, "check.html", one=found)


@routes.post("/use")
def take(request: Request, site: Here, till: AtTill, form: Form) -> Response:
    code, now = form.text("code"), site.clock.now()
    try:
        _require_patience(site, till, now)
        with site.engine.begin() as connection:
            taken = use(connection, code, till.merchant.id, form.text("request"), now)
    except ShopError as error:
        return _refusal(request, site, till, code, error)
    site.committed()
    return go(request, f"/merchant/taken?code={taken.code}")


@routes.get("/taken")
def show_taken(
    request: Request, site: Here, till: AtTill, code: str = "", again: bool = False
) -> Response:
    with reading(site.engine) as connection:
        found = _taken(connection, till, code)
    if found is None:
        raise Refused(404, "本店没有核销过这张券，请回到首页重新输入编码。")
    return till_page(request, till, "taken.html", one=found, again=again)


@routes.get("/day")
def one_day(
    request: Request, site: Here, till: AtTill, day: str = "", format_: Format = ""
) -> Response:
    today = business_day(site.clock.now())
    try:
        wanted = min(dt.date.fromisoformat(day), today) if day else today
        before, after = wanted - DAY, wanted + DAY
    except (ValueError, OverflowError):
        raise Refused(404, "没有这一天，请从首页进入。") from None
    with reading(site.engine) as connection:
        found = _on(connection, till, wanted)
    if format_:
        return as_file(format_, f"taken-{till.merchant.id}-{wanted}", HEAD, map(_row, found))
    return till_page(
        request,
        till,
        "day.html",
        day=wanted,
        before=before,
        after=after if after <= today else None,
        page=cut(found, request),
        community_fen=sum(one.community_fen for one in found),
    )


def _row(one: Held) -> Sequence[object]:
    return (
        moment(one.used_at),
        one.title,
        shown(one.code),
        one.points,
        one.community_fen / 100,
        one.merchant_fen / 100,
    )


def _asking(
    request: Request, site: Site, till: Till, typed: str, error: str, status: int = 200
) -> Response:
    """The page that asks for a code, with what is wrong with the last one."""
    with reading(site.engine) as connection:
        today = _on(connection, till, business_day(site.clock.now()))
    return till_page(request, till, "home.html", status, typed=typed[:40], error=error, today=today)


def _refusal(request: Request, site: Site, till: Till, typed: str, error: ShopError) -> Response:
    if error.refusal in (Refusal.USED, Refusal.OTHER_CONTENT):
        with reading(site.engine) as connection:
            if (found := _taken(connection, till, typed)) is not None:
                return go(request, f"/merchant/taken?code={found.code}&again=true")
    if error.refusal is Refusal.UNKNOWN:
        with site.engine.begin() as connection:
            failed(connection, [_name(till)], site.clock.now())
    status = 422 if error.refusal is Refusal.MISTYPED else 409
    return _asking(request, site, till, typed, in_chinese(str(error)), status)


def _taken(connection: Connection, till: Till, typed: str) -> Held | None:
    """The voucher of this code that the merchant took."""
    try:
        code = read_code(typed)
    except ShopError:
        return None
    mine = (voucher.c.code == code) & (voucher.c.merchant == till.merchant.id)
    found = vouchers(connection, mine & (voucher.c.state == USED))
    return found[0] if found else None


def _on(connection: Connection, till: Till, day: dt.date) -> list[Held]:
    since = dt.datetime.combine(day, dt.time(), SHANGHAI)
    return taken_on(connection, till.merchant.id, since, since + DAY)


def _require_patience(site: Site, till: Till, now: dt.datetime) -> None:
    """Codes that were never issued are not guessed here. Raises Refused."""
    try:
        with reading(site.engine) as connection:
            require_patience(connection, [_name(till)], now)
    except TooManyAttemptsError as error:
        raise Refused(429, in_chinese(str(error))) from error


def _name(till: Till) -> str:
    return f"till:{till.device.id}"
