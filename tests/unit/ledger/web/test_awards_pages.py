"""The annual awards in the console."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from linli.ledger.people.personal import Personal
from linli.ledger.people.persons import keep_person
from linli.ledger.schema import candidate
from linli.ledger.staff.roles import Role
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.web.site import RING, Browser, VillageSite

JANUARY = dt.datetime(2027, 1, 10, 9, tzinfo=SHANGHAI)
AWARDS = "/console/awards"
FOR_A5 = {"year": "2026", "title": "star", "account": "a5"}


@pytest.fixture
def site(site: VillageSite) -> VillageSite:
    """a5 has 20 points of 2026 and a1 10; it is January."""
    village = site.village
    village.send(
        *[village.check_in(who, "visit", "10:05") for who in ("a1", "a5")],
        village.check_in("a5", "story", "14:40"),
    )
    village.decide("visit.a1", "visit.a5", "story.a5")
    village.now = site.clock.wall = JANUARY
    return site


@pytest.fixture
def leader(site: VillageSite) -> Browser:
    """Candidates of 2026 are proposed by the leader."""
    browser = site.log_in(Role.LEADER)
    assert (
        "积分之星 2 人" in browser.submit(f"{AWARDS}/propose", {"year": "2026"}, seen=AWARDS).text
    )
    return browser


def vote(browser: Browser, word: str = "yes", **changed: str) -> str:
    answer = browser.submit(f"{AWARDS}/vote", {**FOR_A5, "word": word, **changed}, seen=AWARDS)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_candidates_are_proposed_once(site: VillageSite, leader: Browser) -> None:
    page = leader.text(AWARDS)
    assert page.index("张*5") < page.index("张*1")
    assert "按规则提名</button>" not in page
    again = leader.submit(f"{AWARDS}/propose", {"year": "2026"}, seen=AWARDS)
    assert again.status_code == 409
    assert "propose awards 2026" in site.audited()


def test_a_quorum_chooses_and_the_certificate_is_printed(
    site: VillageSite, leader: Browser
) -> None:
    assert "以最后一次为准" in vote(leader)
    page = vote(site.log_in(Role.MEMBER))
    assert "已当选" in page
    assert "2026-village-001" in page
    clerk = site.log_in(Role.CLERK)
    fields = {"number": "2026-village-001", "name": "张<小>五𠅤"}
    answer = clerk.submit(f"{AWARDS}/certificate", fields, seen=AWARDS)
    assert answer.content.startswith(b"%PDF")
    assert "print certificate" in site.audited()


def test_a_certificate_takes_the_name_that_is_kept_and_the_look_is_written_down(
    site: VillageSite, leader: Browser
) -> None:
    vote(leader)
    vote(site.log_in(Role.MEMBER))
    clerk = site.log_in(Role.CLERK)
    fields = {"number": "2026-village-001", "name": ""}
    missing = clerk.submit(f"{AWARDS}/certificate", fields, seen=AWARDS)
    assert missing.status_code == 422
    assert "没有这位的全名" in missing.text
    assert "print certificate" not in site.audited()
    with site.engine.begin() as connection:
        keep_person(connection, "a5", Personal("张小五"), RING, JANUARY)
    answer = clerk.submit(f"{AWARDS}/certificate", fields, seen=AWARDS)
    assert answer.content.startswith(b"%PDF")
    assert site.audited()[-2:] == ["look: name", "print certificate"]


def test_a_vote_after_the_choice_is_too_late(site: VillageSite, leader: Browser) -> None:
    vote(leader)
    vote(site.log_in(Role.MEMBER))
    third = site.log_in(Role.MEMBER, "third", "a3")
    answer = third.submit(f"{AWARDS}/vote", {**FOR_A5, "word": "no"}, seen=AWARDS)
    assert answer.status_code == 409


def test_nobody_votes_on_themselves(site: VillageSite, leader: Browser) -> None:
    page = leader.text(AWARDS)
    assert "您自己，由别人投票" in page
    fields = {**FOR_A5, "account": "a1", "word": "yes"}
    assert leader.submit(f"{AWARDS}/vote", fields, seen=AWARDS).status_code == 409


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"word": "perhaps"}, 422),
        ({"title": "king"}, 422),
        ({"account": "a9"}, 409),
        ({"year": "2020"}, 409),
    ],
)
def test_a_ballot_that_is_none_is_refused(
    leader: Browser, changed: dict[str, str], status: int
) -> None:
    fields = {**FOR_A5, "word": "yes", **changed}
    assert leader.submit(f"{AWARDS}/vote", fields, seen=AWARDS).status_code == status


def test_others_see_and_decide_nothing(site: VillageSite, leader: Browser) -> None:
    clerk = site.log_in(Role.CLERK)
    assert "张*5" in clerk.text(AWARDS)
    for path in ("vote", "propose"):
        fields = {**FOR_A5, "word": "yes"}
        assert clerk.submit(f"{AWARDS}/{path}", fields, seen=AWARDS).status_code == 403
    auditor = site.log_in(Role.AUDITOR)
    fields = {"number": "2026-village-001"}
    answer = auditor.submit(f"{AWARDS}/certificate", fields, seen=AWARDS)
    assert answer.status_code == 403


def test_there_is_no_certificate_for_who_was_not_chosen(site: VillageSite, leader: Browser) -> None:
    fields = {"number": "2026-village-001", "name": "张"}
    answer = leader.submit(f"{AWARDS}/certificate", fields, seen=AWARDS)
    assert answer.status_code == 404


def test_the_list_is_exported(site: VillageSite, leader: Browser) -> None:
    vote(leader)
    book = load_workbook(io.BytesIO(leader.get(f"{AWARDS}?format=xlsx").content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][0] == "年度"
    assert rows[1][:7] == ("2026", "积分之星", "张*5", 1, 20, 1, 0)
    assert "张*5" in leader.get(f"{AWARDS}?format=csv").text


def test_candidates_are_not_proposed_before_the_year_is_over(site: VillageSite) -> None:
    browser = site.log_in(Role.LEADER)
    answer = browser.submit(f"{AWARDS}/propose", {"year": "2027"}, seen=AWARDS)
    assert answer.status_code == 409
    assert not site.village.rows(candidate)
