"""All routes of the staff console."""

from __future__ import annotations

from linli.ledger.web.console import (
    adjusting,
    audit,
    awards,
    board,
    by_hand,
    calendar,
    card_keys,
    entering,
    evidence,
    home,
    notices,
    objections,
    publishing,
    record,
    returned,
    review,
    staff,
    standard,
    stories,
    survey_form,
    surveys,
    terminals,
)
from linli.ledger.web.console.people import desk
from linli.ledger.web.console.shop.routes import SHOP_ROUTES

CONSOLE_ROUTES = (
    entering.routes,
    home.routes,
    review.routes,
    returned.routes,
    by_hand.routes,
    evidence.routes,
    *desk.ROUTES,
    *SHOP_ROUTES,
    notices.routes,
    objections.routes,
    standard.routes,
    adjusting.routes,
    publishing.routes,
    survey_form.routes,
    surveys.routes,
    awards.routes,
    stories.routes,
    board.routes,
    calendar.routes,
    record.routes,
    terminals.routes,
    card_keys.routes,
    audit.routes,
    staff.routes,
)
