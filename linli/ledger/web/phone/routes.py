"""All routes of residents' pages."""

from __future__ import annotations

from linli.ledger.web.phone import deeds, entering, home, naming, notices, phones, points

PHONE_ROUTES = (
    entering.routes,
    home.routes,
    points.routes,
    deeds.routes,
    notices.routes,
    naming.routes,
    phones.routes,
)
