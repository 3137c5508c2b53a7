"""All routes of the desk."""

from __future__ import annotations

from linli.ledger.web.console.people import (
    card_orders,
    cards,
    closing,
    enrolling,
    everybody,
    exporting,
    holder,
    households,
    importing,
    merging,
    moving,
    objecting,
    personal,
    phones,
    pins,
)

ROUTES = (
    everybody.routes,
    enrolling.routes,
    holder.routes,
    personal.routes,
    exporting.routes,
    moving.routes,
    closing.routes,
    merging.routes,
    objecting.routes,
    cards.routes,
    card_orders.routes,
    phones.routes,
    pins.routes,
    households.routes,
    importing.routes,
)
