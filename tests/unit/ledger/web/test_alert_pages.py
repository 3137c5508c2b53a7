"""The page of alerts and the one of whom they are told to."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select

from linli.ledger.alerts.schema import alert, alert_message, alert_route
from linli.ledger.staff.roles import Role
from tests.unit.ledger.web.site import VillageSite

ALERTS, ROUTES = "/console/alerts", "/console/alerts/routes"
NEW = {"title": "值班", "kind": "email", "community": "", "urgency": "1", "quiet_from": ""}
NEW |= {"quiet_until": "", "target": "wang@points.example"}


def began(site: VillageSite, **changed: Any) -> int:
    now = site.clock.now()
    row = {"fault": "reader", "about": "terminal", "subject": "t1", "scope": "village"}
    row |= {"urgency": 3, "says": "读卡器 front没有反应", "since": now, "began": now}
    with site.engine.begin() as connection:
        made = insert(alert).values({**row, **changed}).returning(alert.c.number)
        return int(connection.execute(made).scalar_one())


def rows(site: VillageSite, table: Any) -> list[Any]:
    with site.engine.connect() as connection:
        return list(connection.execute(select(table)))


def test_an_alert_says_what_to_do_and_is_acknowledged_with_a_reason(site: VillageSite) -> None:
    number = began(site)
    maintainer = site.log_in(Role.MAINTAINER)
    page = maintainer.text(ALERTS)
    assert "读卡器没有反应" in page
    assert "怎么办" in page
    assert "没人认领的告警" in maintainer.text("/console")
    done = maintainer.submit(
        f"{ALERTS}/acknowledge", {"number": number, "why": "下午去换"}, seen=ALERTS
    )
    assert "下午去换" in done.text
    assert f"acknowledge alert {number}" in site.audited()
    again = {"number": number, "why": "我也去"}
    assert (
        site.log_in(Role.ADMINISTRATOR)
        .submit(f"{ALERTS}/acknowledge", again, seen=ALERTS + "/routes")
        .status_code
        == 409
    )


def test_what_is_about_the_whole_district_is_silenced_by_nobody_of_one_community(
    site: VillageSite,
) -> None:
    own = began(site)
    number = began(site, fault="broker", about="district", subject="district", scope=None)
    maintainer = site.log_in(Role.MAINTAINER)
    page = maintainer.text(ALERTS)
    assert "账本连不上消息服务器" in page
    offered = [f'name="number" value="{one}"' in page for one in (own, number)]
    assert offered == [True, False]
    told = {"number": number, "why": "-"}
    assert maintainer.submit(f"{ALERTS}/acknowledge", told, seen=ALERTS).status_code == 404
    all_ = site.log_in(Role.ADMINISTRATOR)
    assert all_.submit(f"{ALERTS}/acknowledge", told, seen=ALERTS).status_code == 200


def test_open_ones_come_first_and_filters_and_export_find_them(site: VillageSite) -> None:
    began(site, subject="t-old", ended=site.clock.now(), quiet="maintained")
    began(site, subject="t-now", fault="door", urgency=2)
    maintainer = site.log_in(Role.MAINTAINER)
    page = maintainer.text(ALERTS)
    assert page.index("t-now") < page.index("t-old")
    assert "转入维护" in page
    assert "t-old" not in maintainer.text(f"{ALERTS}?state=open")
    assert "t-now" not in maintainer.text(f"{ALERTS}?q=old")
    assert "t-now" not in maintainer.text(f"{ALERTS}?urgency=3")
    assert "t-old" not in maintainer.text(f"{ALERTS}?fault=door")
    assert "柜门开着" in maintainer.get(f"{ALERTS}?format=csv").text


def test_what_is_still_pending_is_not_shown(site: VillageSite) -> None:
    began(site, began=None)
    assert "一切正常" in site.log_in(Role.MAINTAINER).text(ALERTS)


def test_a_route_is_made_tried_and_closed(site: VillageSite) -> None:
    administrator = site.log_in(Role.ADMINISTRATOR)
    fields = {**NEW, "quiet_from": "22:00", "quiet_until": "07:00"}
    assert "值班" in administrator.submit(ROUTES, fields).text
    (row,) = rows(site, alert_route)
    assert (row.quiet_from, row.quiet_until) == (1320, 420)
    page = administrator.text(ROUTES)
    assert "wang@points.example" in page
    assert "22:00–07:00" in page
    administrator.submit(f"{ROUTES}/test", {"id": row.id}, seen=ROUTES)
    (message,) = rows(site, alert_message)
    assert (message.kind, message.route) == ("test", row.id)
    assert "正在发送" in administrator.text(ROUTES)
    administrator.submit(f"{ROUTES}/close", {"id": row.id}, seen=ROUTES)
    assert "还没有通知任何人" in administrator.text(ROUTES)
    assert "wang@points.example" not in "".join(site.audited())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("target", "nobody"), ("urgency", "9"), ("kind", "pigeon")),
        *(("quiet_from", "25:00"), ("community", "nowhere"), ("title", "")),
    ],
)
def test_what_cannot_be_meant_is_refused_in_chinese(
    site: VillageSite, field: str, value: str
) -> None:
    answer = site.log_in(Role.ADMINISTRATOR).submit(ROUTES, {**NEW, field: value})
    assert answer.status_code == 422
    assert rows(site, alert_route) == []
