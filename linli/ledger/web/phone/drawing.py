"""A resident's page: the template inside the frame with their name and the way back."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from linli.ledger.web.phone.guard import Resident
from linli.ledger.web.rendering import page


def phone_page(
    request: Request, me: Resident | None, template: str, status: int = 200, /, **values: Any
) -> HTMLResponse:
    """`me` is None on pages that are also for phones that are not linked."""
    return page(request, f"phone/{template}", status, me=me, **values)
