"""The fleet's page says first what needs a person; one's page says how it is and was."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from doubles.fleet_sample import EVERYTHING, full, machine, parts, put_fleet

from linli.ledger.fleet.health.keeping import keep_health, keep_presence
from linli.ledger.ingest.events import Reason
from linli.ledger.ingest.parking import park
from linli.ledger.people.checks import NewOrg
from linli.ledger.people.tree import add_orgs
from linli.ledger.staff.accounts import NewWorker, hire
from linli.ledger.staff.roles import Role
from linli.ledger.terminals.registry import register
from linli.sync.health_messages import ErrorNote, PartHealth, PartState
from linli.sync.messages import PresenceState
from tests.unit.ledger.web.site import PASSWORD, Browser, VillageSite

FLEET, ONE = "/console/terminals", "/console/terminals/one?name=t1"
HOUR = dt.timedelta(hours=1)


def says(site: VillageSite, name: str = "t1", **said: Any) -> None:
    now = site.clock.now()
    with site.engine.begin() as connection:
        keep_presence(connection, name, PresenceState.ONLINE, "b", now)
        usual = {"parts": parts(), "machine": machine()}
        keep_health(connection, {name: full(name, now, **{**usual, **said})}, now)


def goes(site: VillageSite, name: str = "t1") -> None:
    with site.engine.begin() as connection:
        keep_presence(connection, name, PresenceState.OFFLINE, "b", site.clock.now())


@pytest.fixture
def lake(site: VillageSite) -> VillageSite:
    """The community next door, with a terminal of its own."""
    with site.engine.begin() as connection:
        now = site.clock.now()
        add_orgs(connection, [NewOrg("lake", "street", "community", "湖畔社区")], now)
        where = {"kind": "terminal", "scope": "lake", "centre": "lake-centre", "now": now}
        register(connection, name="lake-1", public_key="cd" * 32, **where)
    says(site, "lake-1", parts=parts(printer="paper-out"))
    return site


def of_all(site: VillageSite) -> Browser:
    """Who looks after the whole district."""
    with site.engine.begin() as connection:
        new = NewWorker("all", "全区同志", Role.MAINTAINER, None)
        hire(connection, new, PASSWORD, site.clock.now(), must_change=False)
    browser = site.browser()
    browser.submit("/console/login", {"login": "all", "password": PASSWORD})
    return browser


def test_what_is_wrong_is_said_with_what_to_do_and_for_how_long(site: VillageSite) -> None:
    maintainer = site.log_in(Role.MAINTAINER)
    says(site, parts=parts(reader="no-answer"))
    site.clock.wall += HOUR
    says(site, parts=parts(reader="no-answer"))
    page = maintainer.text(FLEET)
    assert "现在要处理" in page
    assert "读卡器没有反应" in page
    assert "拔插一次读卡器的线" in page
    assert "1 小时" in page
    site.clock.pass_(minutes=1)
    says(site)
    assert "都正常" in maintainer.text(FLEET)


def test_one_that_went_away_is_said_to_be_offline_and_its_paper_is_no_news(
    site: VillageSite,
) -> None:
    says(site, parts=parts(printer="paper-out"))
    goes(site)
    site.clock.wall += 26 * HOUR
    page = site.log_in(Role.MAINTAINER).text(FLEET)
    assert "离线 1 天" in page
    assert "换一卷热敏纸" not in page


def test_one_that_somebody_looks_after_is_not_among_those_that_need_somebody(
    site: VillageSite,
) -> None:
    says(site, parts=parts(printer="paper-out"), maintained=True)
    page = site.log_in(Role.MAINTAINER).text(FLEET)
    assert "现在要处理" not in page
    assert "正在维护" in page


FILTERS: tuple[tuple[str, set[str]], ...] = (
    ("problem=paper", {"lake-1"}),
    ("community=village", {"t1"}),
    ("version=9.9", {"t1"}),
    ("state=offline", {"t1"}),
    ("state=online", {"lake-1"}),
    ("q=LAKE-C", {"lake-1"}),
    ("problem=reader", set()),
    ("version=%00&state=x&kind=%ff", set()),
)


def test_the_list_is_filtered(lake: VillageSite) -> None:
    says(lake, version="9.9")
    goes(lake)
    maintainer = of_all(lake)
    for asked, found in FILTERS:
        answer = maintainer.get(f"{FLEET}?{asked}&format=csv").text
        assert {line.split(",")[0] for line in answer.splitlines()[1:]} == found, asked


def test_who_looks_after_the_district_sees_all_together_others_only_theirs(
    lake: VillageSite,
) -> None:
    district = of_all(lake).text(FLEET)
    assert "湖畔社区" in district
    assert "scope=lake" in district
    own = lake.log_in(Role.MAINTAINER).text(f"{FLEET}?community=lake&scope=lake")
    assert "lake-1" not in own
    assert "没有找到" in own


def test_what_was_set_aside_of_other_communities_is_for_who_looks_after_all(
    lake: VillageSite,
) -> None:
    aside = "/console/parked?format=csv"
    with lake.engine.begin() as connection:
        for name in ("lake-1", "t1", "nobody-knows"):
            why, now = Reason.UNPROCESSABLE, lake.village.now
            park(connection, name, name.encode(), why, "why", now, signed=False)
    own, all_ = lake.log_in(Role.MAINTAINER).get(aside).text, of_all(lake).get(aside).text
    assert "lake-1" not in own
    assert ("t1" in own, "nobody-knows" in own, "lake-1" in all_) == (True, True, True)


def test_the_file_says_what_the_list_says(lake: VillageSite) -> None:
    head, *lines = of_all(lake).get(f"{FLEET}?format=csv").text.splitlines()
    assert "问题" in head
    (line,) = (line for line in lines if line.startswith("lake-1"))
    assert "湖畔社区" in line
    assert "打印机没纸" in line


def test_one_page_tells_its_state_its_parts_and_what_happened(site: VillageSite) -> None:
    says(site, version="1.0", bootid="a")
    site.clock.wall += HOUR
    says(site, version="1.1", **EVERYTHING)
    page = site.log_in(Role.MAINTAINER).text(ONE)
    for words in (
        "读卡器没有反应",
        "12 号柜门开着",
        "换了版本：1.0 → 1.1",
        "程序重新启动",
        "画面停住，被自动重启",
        "没有校准",
        "用掉 110%",
        "12,345 条，最早的等了 10 天",
        "broker refused the connection",
        'class="on"',
    ):
        assert words in page


def test_one_that_never_spoke_has_a_page(site: VillageSite) -> None:
    page = site.log_in(Role.MAINTAINER).text(ONE)
    assert "还没有说过自己怎么样" in page
    assert "从没连上过" in page


def test_what_a_liar_says_is_shown_as_text(site: VillageSite) -> None:
    now = site.clock.now()
    evil = "<script>alert(1)</script>"
    lie = PartHealth(what="reader", state=PartState.OFF, name=evil, problem=evil)
    far = dt.datetime(2199, 12, 31, 23, 59, tzinfo=dt.UTC)
    says(
        site,
        parts=[lie, PartHealth(what="hologram", state=PartState.ABSENT)],
        version=evil,
        errors=[ErrorNote(at=far, event=evil)],
        last_card_at=dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
        outbox=1,
        outbox_oldest_s=1e300,
        frame_age_s=1e300,
        machine=machine(celsius=-1e300, clock_offset_ms=1e300, clock_source=evil),
        began_at=now,
    )
    maintainer = site.log_in(Role.MAINTAINER)
    for path in (FLEET, ONE, f"{FLEET}?version={evil}"):
        assert "<script>alert" not in maintainer.text(path)


def test_hundreds_are_paged_and_the_rest_is_a_link_away(site: VillageSite) -> None:
    put_fleet(site.engine, ["village"], site.clock.now(), 51, wrong=1.0)
    page = site.log_in(Role.MAINTAINER).text(FLEET)
    assert "共 2 页（52 条）" in page
    assert "?problem=" in page
