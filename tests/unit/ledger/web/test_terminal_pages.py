"""What a maintainer sees of terminals, and does about what was set aside."""

from __future__ import annotations

import pytest

from linli.kiosk.maintenance.wiring import fingerprint
from linli.ledger.staff.roles import Role
from linli.ledger.terminals.doubles import hear
from linli.sync.enrolment import code_of
from linli.sync.messages import CheckIn, Trust
from tests.unit.ledger.village import at
from tests.unit.ledger.web.newcomers import NEW, Newcomer, naming
from tests.unit.ledger.web.site import PASSWORD, VillageSite

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


# --- taking a newcomer in ------------------------------------------------------------------------


@pytest.fixture
def newcomer(site: VillageSite) -> Newcomer:
    return Newcomer(site, None)


def test_a_code_shows_the_newcomer_with_its_key(site: VillageSite, newcomer: Newcomer) -> None:
    maintainer = site.log_in(Role.MAINTAINER)
    page = maintainer.text(f"{NEW}?code={newcomer.code().lower()}")
    assert fingerprint(newcomer.key.public_key().public_bytes_raw()) in page
    assert "南门" in page


def test_nobody_is_taken_in_before_the_key_was_compared(
    site: VillageSite, newcomer: Newcomer
) -> None:
    code = newcomer.code()
    maintainer = site.log_in(Role.MAINTAINER)
    fields = {**naming(code), "compared": ""}
    answer = maintainer.submit(NEW, fields, seen=f"{NEW}?code={code}")
    assert answer.status_code == 422
    assert "请先对一遍公钥" in answer.text


def test_the_second_maintainer_hears_who_was_first(site: VillageSite, newcomer: Newcomer) -> None:
    code = newcomer.code()
    first = site.log_in(Role.MAINTAINER, "wang")
    second = site.log_in(Role.MAINTAINER, "zhao")
    second.text(f"{NEW}?code={code}")
    assert "t2 已登记" in first.submit(NEW, naming(code), seen=f"{NEW}?code={code}").text
    late = second.submit(NEW, naming(code, name="t3"), seen=NEW)
    assert late.status_code == 422
    assert "wang同志" in late.text
    assert "t2" in second.get(f"{NEW}?code={code}").text
    assert "enrol t2" in " ".join(site.audited())


def test_a_slip_of_the_finger_costs_nothing_and_guessing_costs_waiting(
    site: VillageSite, newcomer: Newcomer
) -> None:
    maintainer = site.log_in(Role.MAINTAINER)
    code = newcomer.code()
    for _ in range(10):
        assert "不是登记码" in maintainer.get(f"{NEW}?code={code[:-1]}").text
    for number in range(6):
        assert maintainer.get(f"{NEW}?code={code_of(number)}").status_code == 422
    assert "请等" in maintainer.get(f"{NEW}?code={code}").text


# --- one terminal --------------------------------------------------------------------------------


def test_an_identity_in_use_twice_is_shown_until_somebody_has_looked(site: VillageSite) -> None:
    village = site.village
    maintainer = site.log_in(Role.MAINTAINER)
    with site.engine.begin() as connection:
        for boot in ("one", "two", "one"):
            hear(connection, "t1", boot, village.now)
    assert "两处在用" in maintainer.text(TERMINALS)
    assert "一个身份两处在用" in maintainer.text("/console")
    assert "t1" in maintainer.text(f"{TERMINALS}?state=twice")
    one = f"{TERMINALS}/one?name=t1"
    assert "在后启动的之后又说话了" in maintainer.text(one)
    done = maintainer.submit(f"{TERMINALS}/one/settle", {"name": "t1", "why": "换卡"}, seen=one)
    assert "已记下" in done.text
    assert "两处在用" not in maintainer.text(one)


def test_a_terminal_is_retired_after_its_name_was_typed_again(site: VillageSite) -> None:
    maintainer = site.log_in(Role.MAINTAINER)
    one, act = f"{TERMINALS}/one?name=t1", f"{TERMINALS}/one/retire"
    fields = {"name": "t1", "why": "主板烧坏", "lost": "no", "again": "t2", "password": PASSWORD}
    assert maintainer.submit(act, fields, seen=one).status_code == 422
    assert "t1 已停用" in maintainer.submit(act, {**fields, "again": "t1"}, seen=one).text
    page = maintainer.text(one)
    assert "主板烧坏" in page
    assert "停用 t1" not in page
    assert "retire t1" in site.audited()


def test_a_terminal_of_another_community_is_not_shown(site: VillageSite) -> None:
    maintainer = site.log_in(Role.MAINTAINER)
    assert maintainer.get(f"{TERMINALS}/one?name=t9").status_code == 404
