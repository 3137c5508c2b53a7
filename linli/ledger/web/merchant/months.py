"""A merchant's months: what was taken, what the community owes, how people found it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.documents.model import DocumentError
from linli.ledger.documents.render import pdf
from linli.ledger.shop.settlement import footfall, rating, settle, statement
from linli.ledger.shop.settling import Settled, settlements
from linli.ledger.shop.workbook import settlement_sheet
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.listing import XLSX, Format, as_file
from linli.ledger.web.merchant.drawing import till_page
from linli.ledger.web.merchant.guard import AtTill
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import download
from linli.ledger.web.shop_answers import shop_answers
from linli.ledger.web.site import Here, Site
from linli.sync.periods import business_day, period_of

routes = APIRouter(prefix="/merchant")
HEAD = ("月份", "核销", "积分", "社区应付(元)", "本店承担(元)", "结算")


@routes.get("/months")
def show(
    request: Request, site: Here, till: AtTill, month: str = "", format_: Format = ""
) -> Response:
    """One month, this one unless another is asked for, and a way to the others."""
    this_month = period_of(site.clock.now(), "month")
    wanted = month or this_month
    with shop_answers(), reading(site.engine) as connection:
        found = settle(connection, till.merchant.id, wanted)
        settled = settlements(connection, till.merchant.id)
        if format_:
            return as_file(format_, f"months-{till.merchant.id}", HEAD, map(_row, settled))
        return till_page(
            request,
            till,
            "months.html",
            found=found,
            this_month=this_month,
            settled={one.month: one for one in settled},
            days=footfall(connection, till.merchant.id, wanted),
            stars=rating(connection, till.merchant.id, wanted),
        )


def _row(one: Settled) -> Sequence[object]:
    return (
        one.month,
        one.vouchers,
        one.points,
        one.community_fen / 100,
        one.merchant_fen / 100,
        business_day(one.made_at),
    )


@routes.get("/months/{month}/settlement.xlsx")
def as_sheet(site: Here, till: AtTill, month: str) -> Response:
    return settlement_xlsx(site, till.merchant.id, month)


@routes.get("/months/{month}/settlement.pdf")
def as_pdf(site: Here, till: AtTill, month: str) -> Response:
    return settlement_pdf(site, till.merchant.id, month)


def settlement_xlsx(site: Site, merchant_id: str, month: str) -> Response:
    """Each voucher of a merchant's month. Raises Refused."""
    with shop_answers(), reading(site.engine) as connection:
        found = settle(connection, merchant_id, month)
    return download(settlement_sheet(found), f"settlement-{merchant_id}-{month}.xlsx", XLSX)


def settlement_pdf(site: Site, merchant_id: str, month: str) -> Response:
    """The month as it is signed and stamped. Raises Refused."""
    try:
        with shop_answers(), reading(site.engine) as connection:
            found = settle(connection, merchant_id, month)
            signed = statement(connection, found, _made_on(site))
        drawn = pdf(signed)
    except DocumentError as error:
        raise Refused(422, in_chinese(str(error))) from error
    return download(drawn, f"settlement-{merchant_id}-{month}.pdf", "application/pdf")


def _made_on(site: Site) -> dt.date:
    return business_day(site.clock.now())
