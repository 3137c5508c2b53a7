"""Whose phone asks for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Connection, select

from linli.ledger.database import reading
from linli.ledger.people.schema import holder, org
from linli.ledger.phones.linking import Phone, is_due, phone_of, seen
from linli.ledger.web.cookies import PHONE
from linli.ledger.web.refusals import LoginNeeded
from linli.ledger.web.site import Here, Site
from linli.sync.messages import Kind

WELCOME = "/me/welcome"


@dataclass(frozen=True, slots=True)
class Resident:
    """An account holder with their phone: `name` is masked; `scope` is the
    community, `community` its name."""

    phone: Phone
    account: str
    kind: Kind
    name: str
    scope: str
    community: str


def resident_of(request: Request, site: Site) -> Resident | None:
    """Whose phone the request comes from, if it is linked."""
    token, now = request.cookies.get(PHONE, ""), site.clock.now()
    if not token:
        return None
    with reading(site.engine) as connection:
        phone = phone_of(connection, token, now)
        found = None if phone is None else _read(connection, phone)
    if found is not None and is_due(found.phone, now):
        with site.engine.begin() as connection:
            seen(connection, found.phone, now)
    return found


def linked(request: Request, site: Here) -> Resident:
    """Raises LoginNeeded for a phone that is not linked."""
    found = resident_of(request, site)
    if found is None:
        raise LoginNeeded(WELCOME)
    return found


Me = Annotated[Resident, Depends(linked)]


def _read(connection: Connection, phone: Phone) -> Resident:
    query = (
        select(holder, org.c.name.label("community"))
        .join(org, org.c.id == holder.c.scope)
        .where(holder.c.account == phone.account)
    )
    row = connection.execute(query).one()
    return Resident(
        phone=phone,
        account=row.account,
        kind=Kind(row.kind),
        name=row.name_masked,
        scope=row.scope,
        community=row.community,
    )
