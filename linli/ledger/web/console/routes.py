"""All routes of the staff console."""

from __future__ import annotations

from linli.ledger.web.console import (
    audit,
    by_hand,
    calendar,
    entering,
    evidence,
    home,
    notices,
    objections,
    returned,
    review,
    staff,
)
from linli.ledger.web.console.people import desk

CONSOLE_ROUTES = (
    entering.routes,
    home.routes,
    review.routes,
    returned.routes,
    by_hand.routes,
    evidence.routes,
    *desk.ROUTES,
    notices.routes,
    objections.routes,
    calendar.routes,
    audit.routes,
    staff.routes,
)
