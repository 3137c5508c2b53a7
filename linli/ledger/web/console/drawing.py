"""A console page: the template inside the frame with menu and name."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from linli.ledger.staff.roles import RIGHTS
from linli.ledger.web.console.guard import Visitor
from linli.ledger.web.console.navigation import menu_for
from linli.ledger.web.refusals import Refused
from linli.ledger.web.rendering import page


def console_page(
    request: Request, visitor: Visitor, template: str, status: int = 200, /, **values: Any
) -> HTMLResponse:
    return page(
        request,
        f"console/{template}",
        status,
        visitor=visitor,
        menu=menu_for(RIGHTS[visitor.worker.role]),
        **values,
    )


def form_page(
    request: Request, visitor: Visitor, template: str, error: Refused | None, /, **values: Any
) -> HTMLResponse:
    """A form to be filled in, or filled in as it was sent, with the sentence why it is refused."""
    status, sentence = (200, "") if error is None else (error.status, error.sentence)
    return console_page(request, visitor, template, status, error=sentence, **values)
