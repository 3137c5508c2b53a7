"""商户结算: a month of all merchants, with what the community owes each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from linli.ledger.database import reading
from linli.ledger.shop.merchants import Merchant, read_merchant
from linli.ledger.shop.reading import merchants
from linli.ledger.shop.settlement import Rating, footfall, rating, settle
from linli.ledger.shop.settling import Settled, settlements
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.guard import Reader, Visitor
from linli.ledger.web.listing import Format, as_file, cut, has
from linli.ledger.web.merchant.months import settlement_pdf, settlement_xlsx
from linli.ledger.web.refusals import Refused
from linli.ledger.web.shop_answers import shop_answers
from linli.ledger.web.site import Here, Site
from linli.sync.periods import period_of

routes = APIRouter(prefix="/console/shop/settlements")
HEAD = (
    "商户",
    "编号",
    "月份",
    "核销",
    "人次",
    "积分",
    "社区应付(元)",
    "商户承担(元)",
    "评价",
    "状态",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A merchant's month; `settled` is None while it runs."""

    merchant: Merchant
    vouchers: int
    visits: int
    points: int
    community_fen: int
    merchant_fen: int
    stars: Rating
    settled: Settled | None


@routes.get("")
def show(
    request: Request,
    site: Here,
    visitor: Reader,
    month: str = "",
    q: str = "",
    format_: Format = "",
) -> Response:
    wanted = month or period_of(site.clock.now(), "month")
    with shop_answers(), reading(site.engine) as connection:
        every = merchants(connection, visitor.scope)
        found = [_line(connection, of, wanted) for of in every if has(q, of.name, of.number)]
    if format_:
        rows = (_row(one, wanted) for one in found)
        return as_file(format_, f"settlements-{visitor.scope}-{wanted}", HEAD, rows)
    return console_page(
        request,
        visitor,
        "shop/settlements.html",
        page=cut(found, request),
        month=wanted,
        q=q,
        community_fen=sum(one.community_fen for one in found),
    )


@routes.get("/{merchant_id}/{month}.xlsx")
def as_sheet(site: Here, visitor: Reader, merchant_id: str, month: str) -> Response:
    _require_mine(site, visitor, merchant_id)
    return settlement_xlsx(site, merchant_id, month)


@routes.get("/{merchant_id}/{month}.pdf")
def as_pdf(site: Here, visitor: Reader, merchant_id: str, month: str) -> Response:
    _require_mine(site, visitor, merchant_id)
    return settlement_pdf(site, merchant_id, month)


def _line(connection: Connection, of: Merchant, month: str) -> Line:
    found = settle(connection, of.id, month)
    days = footfall(connection, of.id, month)
    return Line(
        of,
        len(found.vouchers),
        sum(day.people for day in days),
        found.points,
        found.community_fen,
        found.merchant_fen,
        rating(connection, of.id, month),
        next((one for one in settlements(connection, of.id) if one.month == month), None),
    )


def _row(one: Line, month: str) -> Sequence[object]:
    average = one.stars.average
    return (
        one.merchant.name,
        one.merchant.number,
        month,
        one.vouchers,
        one.visits,
        one.points,
        one.community_fen / 100,
        one.merchant_fen / 100,
        "" if average is None else round(average, 1),
        "已结算" if one.settled else "进行中",
    )


def _require_mine(site: Site, visitor: Visitor, merchant_id: str) -> None:
    """Raises Refused for another community's."""
    with reading(site.engine) as connection:
        found = read_merchant(connection, merchant_id)
    if found is None or found.scope != visitor.scope:
        raise Refused(404, "本社区没有这家商户。")
