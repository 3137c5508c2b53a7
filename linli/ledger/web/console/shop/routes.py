"""All routes of the shop in the console."""

from __future__ import annotations

from linli.ledger.web.console.shop import desk, merchants, orders, settlements, shelves, windows

SHOP_ROUTES = (
    desk.routes,
    orders.routes,
    shelves.routes,
    windows.routes,
    merchants.routes,
    settlements.routes,
)
