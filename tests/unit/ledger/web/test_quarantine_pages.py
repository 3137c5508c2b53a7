"""A maintainer sees a terminal that is in quarantine, and lets it out."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from linli.ledger.phones.refusals import PhoneError
from linli.ledger.staff.roles import Role
from linli.ledger.terminals.authority import found
from linli.ledger.terminals.quarantine import Cause, set_apart
from linli.ledger.web import app
from linli.ledger.web.words import QUARANTINE
from linli.sync.asks import AskRedeem
from linli.sync.signing import sign_request
from tests.unit.ledger.phones.handsets import Phones
from tests.unit.ledger.village import KEY
from tests.unit.ledger.web.asker import Asker
from tests.unit.ledger.web.newcomers import Newcomer
from tests.unit.ledger.web.site import VillageSite

ONE, OUT = "/console/terminals/one", "/console/terminals/one/let-out"
PAGE = f"{ONE}?name=t1"


def put_apart(site: VillageSite) -> None:
    with site.engine.begin() as connection:
        set_apart(connection, "t1", Cause.FLOOD, site.village.now)


def test_every_cause_is_said_in_chinese() -> None:
    assert set(QUARANTINE) == {cause.value for cause in Cause}


def test_it_is_counted_on_the_first_page_and_found_in_the_list(site: VillageSite) -> None:
    put_apart(site)
    maintainer = site.log_in(Role.MAINTAINER)
    waiting = re.search(
        r'href="(/console/terminals\?state=quarantined[^"]*)"', maintainer.text("/console")
    )
    assert waiting is not None
    assert "隔离中" in maintainer.text(waiting[1])
    assert "t1" in maintainer.get(f"{waiting[1]}&format=csv").text


def test_it_is_let_out_with_a_reason_and_no_second_time(site: VillageSite) -> None:
    put_apart(site)
    maintainer = site.log_in(Role.MAINTAINER)
    assert QUARANTINE["flood"] in maintainer.text(PAGE)
    fields = {"name": "t1", "why": "程序出错，已升级"}
    assert "已解除隔离" in maintainer.submit(OUT, fields, seen=PAGE).text
    assert QUARANTINE["flood"] not in maintainer.text(PAGE)
    again = maintainer.submit(OUT, fields, seen=PAGE)
    assert again.status_code == 422
    assert "没有被隔离" in again.text
    assert site.audited() == ["quarantine t1", "log in", "let t1 out of quarantine"]


def test_nobody_lets_it_out_without_saying_why(site: VillageSite) -> None:
    put_apart(site)
    maintainer = site.log_in(Role.MAINTAINER)
    answer = maintainer.submit(OUT, {"name": "t1", "why": " "}, seen=PAGE)
    assert answer.status_code == 422
    assert QUARANTINE["flood"] in maintainer.text(PAGE)


def test_it_is_answered_nothing_that_changes_the_books_and_may_still_read(
    site: VillageSite,
) -> None:
    asker = Asker(site)
    put_apart(site)
    answer = asker.send(AskRedeem(who=asker.tap("a1"), request="r1", ware="rice"))
    assert answer.status_code == 403
    assert "quarantine" in answer.text
    batch = site.village.batch(site.village.check_in("a1", "patrol", "09:00"))
    newcomer = Newcomer(site, found("test", site.clock.now()))
    assert newcomer.bring("t1", batch).status_code == 403
    assert newcomer.renew("t1", KEY).status_code == 200, "so that it can be helped from afar"
    phones = Phones(site.village)
    with pytest.raises(PhoneError, match="quarantine"):
        phones.link(phones.ticket(), "token")


def test_snapshots_are_fetched_so_often_a_minute_and_no_more(
    site: VillageSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "SNAPSHOTS", 2)
    client, path = (
        TestClient(app.make_app(site.engine, site.clock)),
        "/v1/scope/village/changes/snapshot",
    )
    header = {"Authorization": sign_request(KEY, "t1", path, site.clock.now())}
    asked = [client.get(path, headers=header).status_code for _ in range(3)]
    assert asked == [200, 200, 429]
    site.clock.pass_(minutes=1)
    header = {"Authorization": sign_request(KEY, "t1", path, site.clock.now())}
    assert client.get(path, headers=header).status_code == 200
