"""All routes of residents' pages."""

from __future__ import annotations

from linli.ledger.web.phone import (
    declaring,
    deeds,
    entering,
    following,
    home,
    naming,
    notices,
    phones,
    pins,
    points,
    shop,
    surveys,
    vouchers,
)

PHONE_ROUTES = (
    entering.routes,
    home.routes,
    points.routes,
    deeds.routes,
    declaring.routes,
    following.routes,
    notices.routes,
    naming.routes,
    surveys.routes,
    shop.routes,
    vouchers.routes,
    phones.routes,
    pins.routes,
)
