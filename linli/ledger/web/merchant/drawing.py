"""A merchant's page: the template inside the frame with the merchant's name."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from linli.ledger.web.merchant.guard import Till
from linli.ledger.web.rendering import page


def till_page(
    request: Request, till: Till | None, template: str, status: int = 200, /, **values: Any
) -> HTMLResponse:
    """`till` is None on the pages before the login."""
    return page(request, f"merchant/{template}", status, till=till, **values)
