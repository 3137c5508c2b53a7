"""Acts of which much hangs ask for the password once more: a computer that somebody left open, or
that was stolen, is not enough for them."""

from __future__ import annotations

from fastapi import Request

from linli.ledger.staff.attempts import TooManyAttemptsError
from linli.ledger.staff.sessions import LoginError, prove
from linli.ledger.web.chinese import in_chinese
from linli.ledger.web.console.guard import Visitor
from linli.ledger.web.forms import Posted
from linli.ledger.web.refusals import Refused
from linli.ledger.web.site import Site

WRONG = "请再输入一遍您自己的登录密码：没有输入，或者不对。什么都没有改变。"


def require_password(request: Request, site: Site, visitor: Visitor, form: Posted) -> None:
    """The form's `password` is the visitor's own; wrong ones count like those at the login.
    Raises Refused."""
    address = request.client.host if request.client else "unknown"
    password, now = form.text("password"), site.clock.now()
    try:
        prove(site.engine, visitor.worker.login, password, address, now)
    except TooManyAttemptsError as error:
        raise Refused(403, in_chinese(str(error))) from error
    except LoginError as error:
        raise Refused(403, WRONG) from error
