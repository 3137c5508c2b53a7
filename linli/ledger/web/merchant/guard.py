"""Which merchant's phone asks for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from sqlalchemy import select

from linli.ledger.database import reading
from linli.ledger.people.schema import org
from linli.ledger.shop.merchant_access import SEEN_EVERY, Device, resume, seen
from linli.ledger.shop.merchants import Merchant, read_merchant
from linli.ledger.web.cookies import MERCHANT
from linli.ledger.web.refusals import LoginNeeded
from linli.ledger.web.site import Here, Site

HOME, LOGIN = "/merchant", "/merchant/login"


@dataclass(frozen=True, slots=True)
class Till:
    """A phone that is logged in, whose it is, and the merchant's community by its name."""

    device: Device
    merchant: Merchant
    community: str


def till_of(request: Request, site: Site) -> Till | None:
    """The till that the request comes from, if it is logged in."""
    token, now = request.cookies.get(MERCHANT, ""), site.clock.now()
    if not token:
        return None
    with reading(site.engine) as connection:
        device = resume(connection, token, now)
        of = None if device is None else read_merchant(connection, device.merchant)
        if device is None or of is None:
            return None
        community = connection.execute(select(org.c.name).where(org.c.id == of.scope)).scalar_one()
    if now - device.seen_at >= SEEN_EVERY:
        with site.engine.begin() as connection:
            seen(connection, device, now)
    return Till(device, of, community)


def logged_in(request: Request, site: Here) -> Till:
    """Raises LoginNeeded. Who scanned a voucher before logging in comes back to it."""
    found = till_of(request, site)
    if found is None:
        where = request.url.path
        if request.url.query:
            where += f"?{request.url.query}"
        raise LoginNeeded(f"{LOGIN}?next={quote(where if request.method == 'GET' else HOME)}")
    return found


AtTill = Annotated[Till, Depends(logged_in)]
