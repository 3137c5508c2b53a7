"""A maintainer follows one tap by the name that the logs give it."""

from __future__ import annotations

from linli.ledger.staff.roles import Role
from linli.sync.tracing import new_trace, traceparent
from tests.unit.ledger.web.site import VillageSite

TAP, TRACE = "/console/terminals/tap?name=t1", new_trace(bytes(range(16)))


def test_a_tap_is_found_by_its_number_and_says_how_far_it_came(site: VillageSite) -> None:
    village = site.village
    village.send(village.check_in("a1", "patrol", "09:00", traceparent=traceparent(TRACE)))
    maintainer = site.log_in(Role.MAINTAINER)
    page = maintainer.text(f"{TAP}&trace={TRACE.upper()}")
    assert "已入账" in page
    assert "已答复，终端不再重发" in page
    assert "没有找到" in maintainer.text(f"{TAP}&trace={new_trace()}")
    assert "编号不对" in maintainer.text(f"{TAP}&trace=abc")
    assert "刷卡编号" in maintainer.text(TAP)


def test_a_terminal_of_another_community_is_not_looked_through(site: VillageSite) -> None:
    assert site.log_in(Role.MAINTAINER).get("/console/terminals/tap?name=t9").status_code == 404


def test_what_was_set_aside_says_why(site: VillageSite) -> None:
    village = site.village
    village.send(village.check_in("a99", "patrol", "09:00", traceparent=traceparent(TRACE)))
    assert "没有这个账户" in site.log_in(Role.MAINTAINER).text(f"{TAP}&trace={TRACE}")
