"""What residents see and do on their phones."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import update

from linli.ledger.audit.verify import verify
from linli.ledger.notice.objecting import answer
from linli.ledger.notice.publishing import freeze, seal
from linli.ledger.notice.schema import objection
from linli.ledger.people.schema import holder
from linli.ledger.record.log import make_checkpoint
from linli.ledger.review.deciding import review
from linli.ledger.standard.versions import StandardShelf
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.tampering import tamper
from tests.unit.ledger.web.residents import Residents
from tests.unit.ledger.web.site import VillageSite

DECEMBER = dt.datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PAGES = ("", "/points", "/deeds", "/notice", "/objections", "/name", "/phones")


@pytest.fixture
def residents(site: VillageSite) -> Residents:
    """a1 and a2 visited, a1 told a story that is pending; visits are posted and signed for."""
    village = site.village
    village.send(
        village.check_in("a1", "visit", "10:05"),
        village.check_in("a2", "visit", "10:06"),
        village.check_in("a1", "story", "14:40"),
    )
    decide(site, ["visit.a1", "visit.a2"], "posted")
    salts = itertools.count(1)
    with site.engine.begin() as connection:
        make_checkpoint(
            connection, "points.example/linli", KEY, lambda: next(salts).to_bytes(32), village.now
        )
    return Residents(site)


def decide(site: VillageSite, ids: list[str], state: str, reason: str = "") -> None:
    with site.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        review(connection, ids, state, reason, standards, site.village.now)


def freeze_november(residents: Residents) -> None:
    site = residents.site
    site.village.now = site.clock.wall = DECEMBER
    with site.engine.begin() as connection:
        freeze(connection, "village", "2026-11", DECEMBER)


# --- points --------------------------------------------------------------------------------------


def test_points_are_told_by_how_far_they_have_come(residents: Residents) -> None:
    phone = residents.linked("a1")
    page = phone.text("/me/points")
    assert re.findall(r"<strong class=\"figures\">(\d+) 分", page) == ["0", "10", "10"]
    freeze_november(residents)
    assert "12月6日" in phone.text("/me/points")
    with residents.site.engine.begin() as connection:
        residents.site.clock.wall = DECEMBER + dt.timedelta(days=6)
        seal(connection, "village", "2026-11", residents.site.clock.now())
    page = phone.text("/me/points")
    assert re.findall(r"<strong class=\"figures\">(\d+) 分", page) == ["10", "0", "10"]
    assert '<strong class="figures">10</strong>' in phone.text("/me")


def test_places_are_told_in_community_and_building(residents: Residents) -> None:
    page = residents.linked("a2").text("/me/points")
    assert page.count('第 <span class="big figures">2</span> 名，共 2 人得分') == 3
    assert "1号楼" in page


def test_without_points_this_month_somebody_is_invited(residents: Residents) -> None:
    residents.site.clock.wall = DECEMBER
    assert "就能上榜" in residents.linked("a1").text("/me/points")


# --- records -------------------------------------------------------------------------------------


def test_each_deed_says_how_far_it_has_come_and_why(residents: Residents) -> None:
    decide(residents.site, ["story.a1"], "voided", "没有讲完")
    phone = residents.linked("a1")
    page = phone.text("/me/deeds")
    assert page.index("story") < page.index("visit")
    assert "已驳回" in page
    assert "已认定" in page
    assert "没有讲完" in phone.text("/me/deeds/one?id=story.a1")


def test_many_deeds_are_paged(residents: Residents) -> None:
    """The page that is asked for and not there is the last."""
    phone = residents.linked("a1")
    assert phone.text("/me/deeds?page=7") == phone.text("/me/deeds?page=7")
    assert "visit" in phone.text("/me/deeds?page=7")


@pytest.mark.parametrize("path", ["one", "proof", "proof/file"])
def test_nobody_reads_anothers_deed(residents: Residents, path: str) -> None:
    phone = residents.linked("a1")
    for id_ in ("visit.a2", "nothing"):
        answer_ = phone.get(f"/me/deeds/{path}?id={id_}&place=1")
        assert answer_.status_code == 404
        assert "您的记录里没有这一条" in answer_.text


def test_a_posted_deed_is_proved_and_the_proof_is_given_away(residents: Residents) -> None:
    phone = residents.linked("a1")
    assert "核对通过" in phone.text("/me/deeds/proof?id=visit.a1")
    file = phone.get("/me/deeds/proof/file?id=visit.a1&place=0")
    assert json.loads(file.content)["opening"]["account"] == "a1"
    assert "attachment" in file.headers["content-disposition"]
    assert phone.get("/me/deeds/proof/file?id=visit.a1&place=5").status_code == 404


def test_a_deed_that_is_not_in_the_record_yet_says_so(residents: Residents) -> None:
    decide(residents.site, ["story.a1"], "posted")
    page = residents.linked("a1").text("/me/deeds/proof?id=story.a1")
    assert "还没有写进公开账本" in page
    assert "核对通过" not in page


def test_a_record_that_was_tampered_with_is_not_called_good(residents: Residents) -> None:
    phone = residents.linked("a1")
    tamper(residents.site.engine, "UPDATE log_leaf SET place = 9 - place")
    answer_ = phone.get("/me/deeds/proof?id=visit.a1")
    assert "核对通过" not in answer_.text


# --- notice and objections -----------------------------------------------------------------------


def test_without_a_notice_the_page_says_when_there_is_one(residents: Residents) -> None:
    assert "现在没有公示" in residents.linked("a1").text("/me/notice")


def test_a_deed_on_the_notice_is_objected_to_and_answered(residents: Residents) -> None:
    freeze_november(residents)
    phone = residents.linked("a1")
    assert "visit.a2" in phone.text("/me/notice")
    path = "/me/notice/object?deed=visit.a2"
    fields = {"deed": "visit.a2", "reason": "这个人当时不在", "words": "我在场，没有看见"}
    answered = phone.submit("/me/notice/object", fields, seen=path)
    assert answered.url.path == "/me/objections"
    assert "等答复" in answered.text
    (row,) = residents.site.village.rows(objection)
    assert (row.way, row.words) == ("phone", "这个人当时不在：我在场，没有看见")
    with residents.site.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        now = residents.site.clock.now()
        answer(connection, row.id, "a3", "查过，确实没来", standards, now, upheld=True)
    page = phone.text("/me/objections")
    assert "异议成立" in page
    assert "查过，确实没来" in page
    assert verify(residents.site.engine) is None


def test_an_objection_sent_twice_is_one(residents: Residents) -> None:
    freeze_november(residents)
    phone = residents.linked("a1")
    page = phone.text("/me/notice/object?deed=visit.a2")
    fields = dict(re.findall(r'name="(csrf|once|deed)" value="([^"]+)"', page))
    for _ in range(2):
        posted = phone.post("/me/notice/object", data={**fields, "reason": "分值不对"})
        assert posted.url.path == "/me/objections"
    assert len(residents.site.village.rows(objection)) == 1


def test_an_objection_without_a_word_is_asked_for_one(residents: Residents) -> None:
    freeze_november(residents)
    phone = residents.linked("a1")
    for reason in ("其他", "", "自己编的"):
        fields = {"deed": "visit.a2", "reason": reason}
        path = "/me/notice/object?deed=visit.a2"
        assert phone.submit("/me/notice/object", fields, seen=path).status_code == 422
    assert residents.site.village.rows(objection) == []


def test_after_the_notice_there_is_nothing_to_object_to(residents: Residents) -> None:
    freeze_november(residents)
    phone = residents.linked("a1")
    page = phone.text("/me/notice/object?deed=visit.a2")
    fields = dict(re.findall(r'name="(csrf|once|deed)" value="([^"]+)"', page))
    residents.site.clock.wall = DECEMBER + dt.timedelta(days=6)
    late = phone.post("/me/notice/object", data={**fields, "reason": "分值不对"})
    assert late.status_code == 409
    assert phone.get("/me/notice/object?deed=visit.a2").status_code == 404


def test_the_notice_is_searched_by_the_names_it_shows(residents: Residents) -> None:
    freeze_november(residents)
    phone = residents.linked("a1")
    assert "visit.a2" in phone.text("/me/notice?name=张*2")
    assert "visit.a1" not in phone.text("/me/notice?name=张*2")
    assert "没有找到" in phone.text("/me/notice?name=<script>")
    assert "<script>" not in phone.text("/me/notice?name=<script>")


# --- name ----------------------------------------------------------------------------------------


def test_somebody_hides_and_shows_their_name(residents: Residents) -> None:
    phone = residents.linked("a1")
    assert "热心邻居0001" in phone.submit("/me/name", {"name": "hide"}).text
    assert "已改为不显示姓名" not in phone.text("/me/name")
    freeze_november(residents)
    assert "热心邻居0001" in phone.text("/me/notice")
    assert "同意显示：张*1" in phone.text("/me/name")
    phone.submit("/me/name", {"name": "show"})
    assert "张*1" in phone.text("/me/notice")


def test_a_childs_name_is_never_shown(residents: Residents) -> None:
    with residents.site.engine.begin() as connection:
        connection.execute(update(holder).where(holder.c.account == "a1").values(under14=True))
    page = residents.linked("a1").text("/me/name")
    assert "未满 14 岁" in page
    assert 'name="name"' not in page


def test_another_word_is_not_taken(residents: Residents) -> None:
    assert residents.linked("a1").submit("/me/name", {"name": "loud"}).status_code == 422


# --- all of them ---------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_small_and_runs_nothing(residents: Residents, page: str) -> None:
    """All that a first visit loads."""
    freeze_november(residents)
    phone = residents.linked("a1")
    answer_ = phone.get(f"/me{page}")
    assert answer_.status_code == 200
    loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', answer_.text)
    total = len(answer_.content) + sum(len(phone.get(path).content) for path in loaded)
    assert total < 150_000
    assert "<script" not in answer_.text
    assert "style=" not in answer_.text


@pytest.mark.parametrize("page", PAGES)
def test_no_page_is_for_strangers(residents: Residents, page: str) -> None:
    assert residents.browser().get(f"/me{page}").url.path == "/me/welcome"
