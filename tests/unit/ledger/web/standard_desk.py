"""The village's standard as its pages see it: a draft is begun, filled and published."""

from __future__ import annotations

import html
import re

from httpx2 import Response

from linli.ledger.staff.roles import Role
from tests.unit.ledger.web.site import Browser, VillageSite

STANDARD = "/console/standard"
ID = "2026-12-1"
SHOWN = re.compile(r'name="shown" value="([^"]+)"')
SEEN = re.compile(r'name="seen" value="([0-9a-f]+)"')
B05 = {"name": "应急值守", "points": "20", "record": "checkin", "per": "month", "n": "4"}
"""The item's form as it comes, but for its duration."""


class StandardDesk:
    """The leader at work."""

    def __init__(self, site: VillageSite) -> None:
        self.site = site
        self.leader = site.log_in(Role.LEADER)

    def begin(self, browser: Browser | None = None, day: str = "2026-12-01") -> Response:
        fields = {"month": day[:7], "effective_on": day}
        return (browser or self.leader).submit(STANDARD, fields)

    def adjust(
        self, code: str = "B05", browser: Browser | None = None, id_: str = ID, **fields: str
    ) -> Response:
        """Send the item's form with these fields changed."""
        path = f"{STANDARD}/{id_}/item"
        at = browser or self.leader
        shown = SHOWN.findall(at.text(f"{path}?code={code}"))[0]
        typed = {**B05, "duration": "180", "reason": "夜间值守多", **fields}
        return at.submit(path, {"shown": html.unescape(shown), **typed}, seen=f"{path}?code={code}")

    def publish(self, id_: str = ID, browser: Browser | None = None) -> Response:
        at, preview = browser or self.leader, f"{STANDARD}/{id_}/preview"
        seen = (SEEN.findall(at.text(preview)) or [""])[0]
        return at.submit(f"{STANDARD}/{id_}/publish", {"seen": seen}, seen=preview)

    def published(self) -> None:
        """B05 gives 25 points from 1 December."""
        self.begin()
        self.adjust(points="25")
        assert self.publish().status_code == 200
