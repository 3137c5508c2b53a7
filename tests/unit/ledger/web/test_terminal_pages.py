"""What a maintainer sees of terminals, and does about what was set aside."""

from __future__ import annotations

from linli.kiosk.maintenance.wiring import fingerprint
from linli.ledger.staff.roles import Role
from linli.sync.messages import CheckIn, Trust
from tests.unit.ledger.village import at
from tests.unit.ledger.web.site import VillageSite

TERMINALS = "/console/terminals"
KEY = "ab" * 32


def tap_of_a_stranger(site: VillageSite) -> None:
    event = CheckIn(account="a99", card="card-a99", activity="patrol", trust=Trust.HIGH)
    site.village.send(site.village.event(event, at("09:00")))


def test_a_terminal_is_listed_with_what_arrived_of_it(site: VillageSite) -> None:
    village = site.village
    village.send(village.check_in("a1", "patrol", "09:00"))
    page = site.log_in(Role.MAINTAINER).text(TERMINALS)
    assert "t1" in page
    assert "2026-11-24 20:00" in page


def test_a_new_terminal_is_registered_once(site: VillageSite) -> None:
    maintainer = site.log_in(Role.MAINTAINER)
    fields = {"name": "t2", "kind": "terminal", "centre": "centre", "public_key": KEY}
    assert "t2 已登记" in maintainer.submit(TERMINALS, fields).text
    again = maintainer.submit(TERMINALS, fields)
    assert again.status_code == 422
    assert "已经登记过了" in again.text
    assert "register t2" in site.audited()


def test_a_key_that_was_copied_wrongly_is_asked_for_again(site: VillageSite) -> None:
    maintainer = site.log_in(Role.MAINTAINER)
    fields = {"name": "t2", "kind": "terminal", "centre": "centre", "public_key": KEY[:-1]}
    answer = maintainer.submit(TERMINALS, fields)
    assert answer.status_code == 422
    assert "请从终端上重新复制" in answer.text


def test_what_was_set_aside_says_why_and_is_tried_again(site: VillageSite) -> None:
    tap_of_a_stranger(site)
    maintainer = site.log_in(Role.MAINTAINER)
    page = maintainer.text("/console/parked")
    assert "没有这个账户" in page
    assert "收下了 0 条" in maintainer.submit("/console/parked", {}).text
    assert "没有这个账户" in maintainer.get("/console/parked?format=csv").text


def test_the_list_and_its_export_show_the_key_as_the_terminal_does(site: VillageSite) -> None:
    maintainer = site.log_in(Role.MAINTAINER)
    fields = {"name": "t2", "kind": "terminal", "centre": "centre", "public_key": KEY}
    shown = fingerprint(bytes.fromhex(KEY))
    assert shown in maintainer.submit(TERMINALS, fields).text
    assert shown in maintainer.get(f"{TERMINALS}?format=csv").text
