"""What the desk's tests do again and again."""

from __future__ import annotations

from httpx2 import Response
from sqlalchemy import select

from linli.ledger.schema import card, holder
from tests.unit.ledger.web.site import Browser, VillageSite

HOLDER = "/console/people/holder"
WANG = {
    "name": "王建国",
    "kind": "resident",
    "place": "b1",
    "door": "301",
    "phone": "13800001234",
    "birthday": "1960-05-01",
    "consent": "yes",
}


def enrol(clerk: Browser, **changed: str) -> Response:
    return clerk.submit("/console/people/new", {**WANG, **changed})


def holder_of(site: VillageSite, account: str) -> object:
    with site.engine.connect() as connection:
        return connection.execute(select(holder).where(holder.c.account == account)).first()


def cards_of(site: VillageSite, account: str) -> dict[str, str]:
    """Their states by their numbers."""
    with site.engine.connect() as connection:
        rows = connection.execute(select(card).where(card.c.account == account))
        return {row.id: row.status for row in rows}


def act(clerk: Browser, account: str, what: str, **fields: str) -> Response:
    """Send the form `what` of the holder's page."""
    path = f"{HOLDER}/{what}?account={account}"
    return clerk.submit(path, {"account": account, **fields})
