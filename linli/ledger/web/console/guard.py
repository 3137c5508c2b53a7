"""Who asks for a console page, and whether they may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from sqlalchemy import select

from linli.ledger.database import reading
from linli.ledger.people.access_log import Staff
from linli.ledger.people.schema import org
from linli.ledger.staff.accounts import Worker
from linli.ledger.staff.roles import Right, may
from linli.ledger.staff.sessions import resume
from linli.ledger.web.cookies import STAFF
from linli.ledger.web.refusals import LoginNeeded, Refused
from linli.ledger.web.site import Here

LOGIN, PASSWORD, CODE = "/console/login", "/console/password", "/console/code"
FORBIDDEN = "您的岗位不能做这件事。需要的话，请联系系统管理员。"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A member of staff before a page, and the community that they look at. `communities` are
    all that they may choose from, id and name."""

    worker: Worker
    scope: str
    community: str
    communities: tuple[tuple[str, str], ...]

    def may(self, right: Right) -> bool:
        return may(self.worker.role, right)

    @property
    def signature(self) -> Staff:
        return self.worker.signature()

    @property
    def account(self) -> str:
        """Their own points account. Raises Refused for who has none: only panel members decide."""
        if self.worker.account is None:
            raise Refused(403, FORBIDDEN)
        return self.worker.account


def signed_in(request: Request, site: Here) -> Worker:
    """Raises LoginNeeded."""
    token = request.cookies.get(STAFF, "")
    worker = resume(site.engine, token, site.clock.now()) if token else None
    if worker is None:
        where = request.url.path if request.method == "GET" else "/console"
        raise LoginNeeded(f"{LOGIN}?next={quote(where)}")
    return worker


SignedIn = Annotated[Worker, Depends(signed_in)]


def allowed(right: Right) -> Callable[[Request, Here, Worker], Visitor]:
    """The dependency of routes that need this right."""

    def visitor(request: Request, site: Here, worker: SignedIn) -> Visitor:
        if worker.must_change:
            raise LoginNeeded(PASSWORD)
        if worker.needs_code:
            raise LoginNeeded(CODE)
        if not may(worker.role, right):
            raise Refused(403, FORBIDDEN)
        with reading(site.engine) as connection:
            query = select(org.c.id, org.c.name).where(org.c.level == "community")
            rows = connection.execute(query.order_by(org.c.id)).all()
        communities = tuple((row.id, row.name) for row in rows)
        known = dict(communities)
        scope = worker.scope or request.query_params.get("scope", "")
        if scope not in known and communities:
            scope = communities[0][0]
        return Visitor(
            worker,
            scope,
            known.get(scope, ""),
            communities if worker.scope is None else ((scope, known.get(scope, "")),),
        )

    return visitor


Reader = Annotated[Visitor, Depends(allowed(Right.READ))]
Reviewer = Annotated[Visitor, Depends(allowed(Right.REVIEW))]
Leader = Annotated[Visitor, Depends(allowed(Right.LEAD))]
Clerk = Annotated[Visitor, Depends(allowed(Right.DESK))]
Overseer = Annotated[Visitor, Depends(allowed(Right.OVERSEE))]
Maintainer = Annotated[Visitor, Depends(allowed(Right.TERMINALS))]
Administrator = Annotated[Visitor, Depends(allowed(Right.STAFF))]
