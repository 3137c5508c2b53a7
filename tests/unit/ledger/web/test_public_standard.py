"""Everybody can read the standard: in force, to come, and what was changed and why."""

from __future__ import annotations

import pytest

from linli.ledger.surveys.answering import answer
from linli.ledger.surveys.making import make, release
from linli.ledger.web.public import standard
from tests.unit.ledger.surveys.conftest import QUESTIONS, about
from tests.unit.ledger.village import PEOPLE
from tests.unit.ledger.web.site import Browser, VillageSite
from tests.unit.ledger.web.standard_desk import ID, StandardDesk

A_DAY = 24 * 60


@pytest.fixture
def guest(site: VillageSite) -> Browser:
    return site.browser()


def test_the_standard_shows_its_classes_and_every_item(guest: Browser) -> None:
    page = guest.text("/standard")
    for part in ("理论宣讲", "议事共治", "应急值守", "每月 4 次", "至少 180 分钟", "+20"):
        assert part in page
    assert "今年调整了<strong>0 项 0 条</strong>" in page
    assert page.count('class="what"') == 35


def test_a_change_that_is_to_come_is_announced_and_not_in_force_yet(
    site: VillageSite, guest: Browser
) -> None:
    StandardDesk(site).published()
    page = guest.text("/standard")
    assert "12 月 1 日起有 1 项调整" in page
    assert "今年调整了<strong>1 项 1 条</strong>" in page
    assert "现行 2026-01 版" in page
    site.clock.pass_(minutes=10 * A_DAY)
    page = guest.text("/standard")
    assert "现行 2026-12 版" in page
    assert "<b>+25</b>" in page
    assert "今年调过" in page


def test_an_earlier_version_can_be_looked_at(site: VillageSite, guest: Browser) -> None:
    StandardDesk(site).published()
    site.clock.pass_(minutes=10 * A_DAY)
    page = guest.text("/standard?version=2026-01")
    assert "到 2026-11-30 为止" in page
    assert "<b>+25</b>" not in page
    assert guest.get("/standard?version=1999").status_code == 404


def test_the_history_tells_old_new_and_why_with_the_years_count(
    site: VillageSite, guest: Browser
) -> None:
    StandardDesk(site).published()
    page = guest.text("/standard/history")
    for part in ("20 分", "25 分", "夜间值守多", "还没生效", "最初公布的版本", "1 项 1 条"):
        assert part in page
    assert guest.get(f"/standard/sheets/{ID}").content.startswith(b"%PDF")
    assert guest.get("/standard/sheets/2026-12-9").status_code == 404


def test_a_sheet_is_set_once_for_everybody_who_asks(
    site: VillageSite, guest: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    StandardDesk(site).published()
    first = guest.get(f"/standard/sheets/{ID}")
    monkeypatch.setattr(standard, "pdf", None)
    assert guest.get(f"/standard/sheets/{ID}").content == first.content
    mark = {"if-none-match": first.headers["etag"]}
    assert guest.get(f"/standard/sheets/{ID}", headers=mark).status_code == 304


def test_a_draft_is_nowhere_public(site: VillageSite, guest: Browser) -> None:
    desk = StandardDesk(site)
    desk.begin()
    desk.adjust(points="25")
    for path in ("/standard", "/standard/history"):
        assert "25 分" not in guest.text(path)
    assert guest.get(f"/standard/sheets/{ID}").status_code == 404


def test_what_the_neighbours_said_stands_beside_the_change(
    site: VillageSite, guest: Browser
) -> None:
    survey = asked(site, {1: 5})
    site.clock.pass_(minutes=10 * A_DAY)
    desk = StandardDesk(site)
    desk.begin(day="2026-12-10")
    desk.adjust(points="25")
    desk.publish()
    page = guest.text("/standard/history")
    assert "居民意见（6 人）" in page
    assert f"/standard/surveys/{survey}" in page
    assert '<b class="figures">6</b> 人，100%' in page


def test_results_are_shown_when_the_survey_is_closed(site: VillageSite, guest: Browser) -> None:
    survey = asked(site, {1: 5, 4: "夜里太黑"})
    page = guest.text(f"/standard/surveys/{survey}")
    assert "正在填写" in page
    assert "赞成 <b" not in page
    site.clock.pass_(minutes=10 * A_DAY)
    page = guest.text(f"/standard/surveys/{survey}")
    assert "赞成 <b" in page
    assert "夜里太黑" in page


def test_a_survey_that_is_not_open_yet_is_not_public(site: VillageSite, guest: Browser) -> None:
    with site.engine.begin() as connection:
        id_ = make(connection, about(), "王主任", site.clock.now())
    assert guest.get(f"/standard/surveys/{id_}").status_code == 404


def test_the_standard_is_exported(guest: Browser) -> None:
    exported = guest.get("/standard?format=csv").text
    assert "平安创建,B05,应急值守,20,每月 4 次,180,刷卡签到" in exported


def test_the_page_is_small_enough_for_a_slow_phone(guest: Browser) -> None:
    styles = ("base", "public", "standard")
    sizes = [len(guest.get(f"/static/{name}.css").content) for name in styles]
    assert len(guest.text("/standard").encode()) + sum(sizes) < 150_000


def asked(site: VillageSite, answers: dict[int, object]) -> str:
    """A survey that everybody of the village answered so."""
    now = site.clock.now()
    with site.engine.begin() as connection:
        id_ = make(connection, about(QUESTIONS, opens=now.date()), "王主任", now)
        release(connection, id_, now)
        for account in PEOPLE:
            answer(connection, id_, account, answers, now)  # type: ignore[arg-type]
    return id_
