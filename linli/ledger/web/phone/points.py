"""我的积分: what one has, in plain words, and where one stands."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from linli.ledger.database import reading
from linli.ledger.feed.rows import holder_rows
from linli.ledger.notice.debts import owed_by
from linli.ledger.notice.on_show import hanging
from linli.ledger.people.directory import read_holders
from linli.ledger.ranking.own import own_standing
from linli.ledger.shop.held_points import held_of
from linli.ledger.web.phone.drawing import phone_page
from linli.ledger.web.phone.guard import Me
from linli.ledger.web.site import Here
from linli.sync.periods import period_of

routes = APIRouter(prefix="/me")


@routes.get("/points")
def show(request: Request, site: Here, me: Me) -> Response:
    now = site.clock.now()
    with reading(site.engine) as connection:
        (purse,) = holder_rows(connection, [me.account])
        of = read_holders(connection, [me.account])[me.account]
        return phone_page(
            request,
            me,
            "points.html",
            purse=purse,
            held=held_of(connection, me.account),
            owed=owed_by(connection, me.account),
            month=own_standing(connection, of, period_of(now, "month")),
            year=own_standing(connection, of, period_of(now, "year")),
            building=of.building_name,
            on_notice=hanging(connection, me.scope, now),
        )
