"""All routes of the shop in the console."""

from __future__ import annotations

from linli.ledger.web.console.shop import (
    desk,
    doors,
    merchants,
    orders,
    settlements,
    shelves,
    troubles,
    windows,
)

SHOP_ROUTES = (
    desk.routes,
    orders.routes,
    doors.routes,
    troubles.routes,
    shelves.routes,
    windows.routes,
    merchants.routes,
    settlements.routes,
)
