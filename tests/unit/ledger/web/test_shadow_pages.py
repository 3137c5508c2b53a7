"""A maintainer changes a terminal's settings at the console, and reads what came of it."""

from __future__ import annotations

import pytest

from linli.ledger.fleet.settings.wishes import report, want, wished
from linli.ledger.staff.roles import Role
from linli.ledger.web.words import SHADOW_FAULT, SHADOW_STATE
from linli.sync.shadow_messages import Reported, ShadowFault, ShadowState
from tests.unit.ledger.village import NOW
from tests.unit.ledger.web.site import VillageSite

ONE = "/console/terminals/one"
SET = f"{ONE}/settings"
PAGE = f"{ONE}?name=t1"
GIVEN = {"name": "t1", "seen": "0", "seen_all": "0", "why": "太吵"}


def test_every_state_and_fault_is_said_in_chinese() -> None:
    assert set(SHADOW_STATE) == {state.value for state in ShadowState}
    assert set(SHADOW_FAULT) == {fault.value for fault in ShadowFault}


def test_a_maintainer_changes_a_setting_and_reads_that_it_failed(site: VillageSite) -> None:
    maintainer = site.log_in(Role.MAINTAINER)
    answer = maintainer.submit(SET, GIVEN | {"volume": "30"}, seen=PAGE)
    assert "设置已发出" in answer.text
    assert "还没有答复" in answer.text
    told = Reported(
        terminal="t1",
        version=1,
        state=ShadowState.FAILED,
        at=NOW,
        error=ShadowFault.NO_BROKER,
        detail="<b>",
    )
    with site.engine.begin() as connection:
        assert wished(connection, "t1").doc == {"sound": {"volume": 30}}
        report(connection, told, NOW)
    page = maintainer.text(PAGE)
    assert "已自动恢复原来的设置" in page
    assert "连不上消息服务器" in page
    assert "<b>" not in page
    assert 'name="volume" value="30"' in page
    assert site.audited()[-1] == "settings of t1"


def test_the_second_of_two_maintainers_is_shown_a_stale_form(site: VillageSite) -> None:
    maintainer = site.log_in(Role.MAINTAINER)
    with site.engine.begin() as connection:
        want(connection, "t1", {"language": "en"}, 0, "other", NOW)
    answer = maintainer.submit(SET, GIVEN | {"volume": "30"}, seen=PAGE)
    assert answer.status_code == 409
    assert "别人刚刚改过设置" in answer.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"volume": "101"}, "音量请写 0 到 100"),
        ({"volume": "²"}, "音量请写"),
        ({"quiet_from": "21:00"}, "安静时段要写开始和结束"),
        ({"off_from": "9", "off_until": "10"}, "时间请写成"),
        ({"large_type": "maybe"}, "请从列表里选择"),
        ({"ledger_url": "ftp://x"}, "账本地址请写成"),
        ({"whom": "all", "broker_port": "1"}, "一台一台改"),
    ],
)
def test_a_slip_in_the_form_is_said_at_once(
    site: VillageSite, fields: dict[str, str], said: str
) -> None:
    answer = site.log_in(Role.MAINTAINER).submit(SET, GIVEN | fields, seen=PAGE)
    assert answer.status_code == 422
    assert said in answer.text


def test_one_form_changes_all_terminals_of_the_community(site: VillageSite) -> None:
    fields = GIVEN | {"whom": "all", "large_type": "yes"}
    answer = site.log_in(Role.MAINTAINER).submit(SET, fields, seen=PAGE)
    assert "台终端的设置已发出" in answer.text
    with site.engine.begin() as connection:
        assert wished(connection, "t1").doc == {"large_type": True}
