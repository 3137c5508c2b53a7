"""What every page needs of the ledger it shows, as one value; and how a route gets at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine

from linli.ledger.fleet.jobs.log_tail import LogTail
from linli.ledger.people.vault import KeyRing
from linli.ledger.standard.versions import StandardShelf
from linli.ledger.web.uploads import Uploads
from linli.sync.clock import Clock, SystemClock

ISSUER = "社区党总支"
"""Who signs notices, unless the district says otherwise."""


def _nobody() -> None:
    """Where no publisher waits for news."""


@dataclass(frozen=True)
class Site:
    """`ring` opens personal data and one-time codes. `committed` is called after a page changed
    something: there may be news to publish. `public_url` is where people reach the pages; cookies
    are for HTTPS alone where it says so. `issuer` signs notices."""

    engine: Engine
    clock: Clock
    ring: KeyRing
    committed: Callable[[], None] = _nobody
    public_url: str = ""
    issuer: str = ISSUER
    shelf: StandardShelf = field(default_factory=StandardShelf)
    phones_time: Clock = field(default_factory=SystemClock)
    """What the clock of somebody's own phone says, for one-time codes: in a simulated town it is
    not the town's."""
    uploads: Uploads = field(default_factory=Uploads)
    tail: LogTail = field(default_factory=LogTail)

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")


def site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


Here = Annotated[Site, Depends(site_of)]
