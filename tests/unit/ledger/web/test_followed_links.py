"""Whoever looks at the console can follow what they are shown: no page offers its reader a link
that is refused."""

from __future__ import annotations

import re
from collections import deque

import pytest

from linli.ledger.notice.objecting import Way, object_to
from linli.ledger.staff.roles import Role
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.web.site import VillageSite
from tests.unit.ledger.web.test_overseeing import freeze, post_all

LINK = re.compile(r'href="(/console[^"#]*)"')
PANEL = {Role.LEADER: "a1", Role.MEMBER: "a2"}
MOST = 120
"""Pages of one reader: lists name many alike, and these are one kind of page each."""


def kind_of(link: str) -> str:
    """One page for all that differ only in whose or which it is."""
    return re.sub(r"[^/]*\d[^/]*", "#", link.split("?")[0])


@pytest.fixture
def busy(site: VillageSite) -> VillageSite:
    """A village with deeds, a notice that hangs, and an objection nobody has answered."""
    village = site.village
    village.send(
        village.check_in("a5", "patrol", "09:00"), village.sign_out("a5", "patrol", "10:05")
    )
    (deed,) = post_all(site)
    village.send(village.check_in("a6", "patrol", "09:00"))
    site.clock.wall = site.clock.wall.replace(month=12, day=5, tzinfo=SHANGHAI)
    freeze(site)
    with site.engine.begin() as connection:
        object_to(connection, deed, "a3", Way.DESK, "人没有来", site.clock.now())
    return site


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_no_page_of_the_console_offers_its_reader_a_link_that_is_refused(
    busy: VillageSite, role: Role
) -> None:
    browser = busy.log_in(role, f"{role.value}-reader", PANEL.get(role))
    waiting, met, refused = deque(["/console"]), {"/console"}, []
    while waiting and len(met) < MOST:
        page = waiting.popleft()
        answer = browser.get(page)
        if answer.status_code in (403, 404) or answer.status_code >= 500:
            refused.append((page, answer.status_code))
            continue
        for link in LINK.findall(answer.text.replace("&amp;", "&")):
            if (kind := kind_of(link)) not in met and "format=" not in link:
                met.add(kind)
                waiting.append(link)
    assert refused == []
    assert len(met) > 8
