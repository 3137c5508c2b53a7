"""All routes of the pages for everybody."""

from __future__ import annotations

from linli.ledger.web.public import board, check, community, notices, standard, stories

PUBLIC_ROUTES = (
    community.routes,
    board.routes,
    notices.routes,
    stories.routes,
    standard.routes,
    check.routes,
)
