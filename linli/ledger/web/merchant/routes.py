"""All routes of a merchant's phone."""

from __future__ import annotations

from linli.ledger.web.merchant import entering, months, taking

MERCHANT_ROUTES = (entering.routes, taking.routes, months.routes)
