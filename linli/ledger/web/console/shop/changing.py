"""Changes of the shop by staff: done once for each form, and written down."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from linli.ledger.people.access_log import note
from linli.ledger.staff.submissions import first_time
from linli.ledger.web.console.guard import Visitor
from linli.ledger.web.forms import Posted
from linli.ledger.web.shop_answers import shop_answers
from linli.ledger.web.site import Site

T = TypeVar("T")
Work = Callable[[Connection, dt.datetime], T]


def change(
    site: Site,
    visitor: Visitor,
    form: Posted,
    what: str,
    work: Work[T],
    account: str | None = None,
) -> T | None:
    """Do it, unless this form was taken before: then None. `what` goes into the log of what staff
    did. Raises Refused where the shop refuses."""
    now = site.clock.now()
    with shop_answers(site), site.engine.begin() as connection:
        if not first_time(connection, form.token, visitor.worker.login, now):
            return None
        done = work(connection, now)
        note(connection, visitor.signature, what, account, visitor.scope, now)
    site.committed()
    return done


def serve(site: Site, visitor: Visitor, form: Posted, what: str, account: str, work: Work[T]) -> T:
    """Serve a person by a request that the ledger itself answers alike when it comes again, as a
    form sent twice does. Raises Refused where the shop refuses."""
    now = site.clock.now()
    with shop_answers(site), site.engine.begin() as connection:
        first = first_time(connection, form.token, visitor.worker.login, now)
        done = work(connection, now)
        if first:
            note(connection, visitor.signature, what, account, visitor.scope, now)
    site.committed()
    return done


def new_id(kind: str) -> str:
    """An id that nobody has to think of."""
    return f"{kind}-{secrets.token_hex(4)}"
