"""What anybody sees without a login: ranking, notices, stories."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import update

from linli.ledger.notice.publishing import freeze, seal
from linli.ledger.people.consenting import set_consent
from linli.ledger.people.tree import NewOrg, add_orgs
from linli.ledger.record.log import make_checkpoint
from linli.ledger.schema import holder
from linli.ledger.stories.writing import Draft, approve, write
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.notice.by_hand import write_down
from tests.unit.ledger.web.site import Browser, VillageSite

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
DECEMBER = dt.datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)
FRONT = "/c/village"
NOTICE = f"{FRONT}/notices/2026-11"


@pytest.fixture
def visitor(site: VillageSite) -> Browser:
    return site.browser()


@pytest.fixture
def site(site: VillageSite) -> VillageSite:
    """a1 has 20 points posted, a2 10, and a3 10 under review."""
    village = site.village
    village.send(
        *[village.check_in(who, "visit", "10:05") for who in ("a1", "a2", "a3")],
        village.check_in("a1", "story", "14:40"),
    )
    village.decide("visit.a1", "visit.a2", "story.a1")
    return site


def hung_out(site: VillageSite, *, signed: bool = True) -> None:
    site.village.now = site.clock.wall = DECEMBER
    with site.engine.begin() as connection:
        freeze(connection, "village", "2026-11", DECEMBER)
        if signed:
            make_checkpoint(connection, "points.example", KEY, lambda: bytes(32), DECEMBER)


def told(site: VillageSite, draft: Draft) -> int:
    with site.engine.begin() as connection:
        number = write(connection, "village", draft, "clerk", site.village.now)
        approve(connection, number, "leader", site.village.now)
    return number


def renamed(site: VillageSite, account: str, name: str) -> None:
    with site.engine.begin() as connection:
        changed = update(holder).where(holder.c.account == account)
        connection.execute(changed.values(name_masked=name))


# --- the front page --------------------------------------------------------------------------


def test_the_only_community_is_the_front_page(visitor: Browser) -> None:
    answer = visitor.get("/")
    assert answer.url.path == FRONT
    assert "阳光社区" in answer.text


def test_of_several_communities_one_chooses(site: VillageSite, visitor: Browser) -> None:
    with site.engine.begin() as connection:
        add_orgs(connection, [NewOrg("hupan", "street", "community", "湖畔社区")], site.village.now)
    page = visitor.text("/")
    assert all(f'href="/c/{scope}"' in page for scope in ("village", "hupan"))


def test_the_ranking_shows_what_is_confirmed_and_what_is_under_review(visitor: Browser) -> None:
    page = visitor.text(FRONT)
    assert page.index("张*1") < page.index("张*2") < page.index("张*3")
    assert "已认定 20 分" in page
    assert "已认定 0 分，待审核 10 分" in page
    assert "2026 年 11 月积分排名" in page


@pytest.mark.parametrize(
    ("query", "title", "somebody"),
    [
        ("per=quarter", "2026 年第 4 季度积分排名", True),
        ("per=year", "2026 年积分排名", True),
        ("per=month&back=1", "2026 年 10 月积分排名", False),
        ("per=quarter&back=1", "2026 年第 3 季度积分排名", False),
        ("per=year&back=1", "2025 年积分排名", False),
        ("kind=unit", "2026 年 11 月积分排名", False),
        ("node=street", "2026 年 11 月积分排名", True),
        ("node=b1", "2026 年 11 月积分排名", True),
    ],
)
def test_it_is_cut_by_kind_period_and_place(
    visitor: Browser, query: str, title: str, somebody: bool
) -> None:
    page = visitor.text(f"{FRONT}?{query}")
    assert title in page
    assert ("张*1" in page) is somebody
    assert ("这里还没有人得分" in page) is not somebody


@pytest.mark.parametrize(
    "address",
    [
        "/c/nowhere",
        "/c/street",
        f"{FRONT}?per=week",
        f"{FRONT}?node=elsewhere",
        f"{FRONT}?kind=nobody",
        f"{FRONT}?back=-1",
        f"{FRONT}?back=9999",
        f"{FRONT}/notices/2026-10",
        f"{FRONT}/notices/nothing",
        "/c/nowhere/stories",
        "/c/nowhere/notices",
    ],
)
def test_what_is_not_there_is_said_in_chinese(visitor: Browser, address: str) -> None:
    answer = visitor.get(address)
    assert answer.status_code in (404, 422)
    assert "没有完成" in answer.text


def test_a_page_beyond_the_last_is_empty_and_not_an_error(visitor: Browser) -> None:
    assert visitor.get(f"{FRONT}?page=99").status_code == 200
    assert visitor.get(f"{FRONT}?page=x").status_code == 200


def test_names_are_shown_as_they_are_and_never_run(site: VillageSite, visitor: Browser) -> None:
    renamed(site, "a1", "<b>*𠅤😀")
    page = visitor.text(FRONT)
    assert "&lt;b&gt;*𠅤😀" in page
    assert "<b>*" not in page


def test_who_takes_back_their_consent_is_an_alias(site: VillageSite, visitor: Browser) -> None:
    with site.engine.begin() as connection:
        set_consent(connection, "a1", site.village.now, agreed=False)
    page = visitor.text(FRONT)
    assert "热心邻居0001" in page
    assert "张*1" not in page


def test_a_page_is_the_same_for_everybody_and_kept_for_a_moment(
    site: VillageSite, visitor: Browser
) -> None:
    first = visitor.get(FRONT)
    assert "set-cookie" not in first.headers
    assert first.headers["Cache-Control"] == "public, max-age=15"
    again = visitor.get(FRONT, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    with site.engine.begin() as connection:
        set_consent(connection, "a1", site.village.now, agreed=False)
    changed = visitor.get(FRONT, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


# --- notices ---------------------------------------------------------------------------------


def test_months_on_notice_are_listed(site: VillageSite, visitor: Browser) -> None:
    assert "还没有公示过" in visitor.text(f"{FRONT}/notices")
    hung_out(site)
    page = visitor.text(f"{FRONT}/notices")
    assert all(word in page for word in ("2026 年 11 月", "3 件", "公示中"))
    assert "2026 年 11 月公示中" in visitor.text(FRONT)


def test_a_notice_shows_rankings_deeds_and_how_to_object(
    site: VillageSite, visitor: Browser
) -> None:
    hung_out(site)
    page = visitor.text(NOTICE)
    assert all(word in page for word in ("张*1", "张*2", "怎么提异议", "在邻里中心的终端上刷卡"))
    assert "12月6日" in page
    assert "每一件都有刷卡或手机申报的记录" in page


def test_what_was_written_by_hand_stands_apart(site: VillageSite, visitor: Browser) -> None:
    with site.engine.begin() as connection:
        write_down(connection, "visit.a2", "卡片<挂失>补办中")
    hung_out(site)
    page = visitor.text(NOTICE)
    by_hand, _, rest = page.partition("手工录入的事项（1 件）")[2].partition("认定的事项")
    assert "张*2" in by_hand
    assert "李*（王*复核） · 卡片&lt;挂失&gt;补办中" in by_hand
    assert "张*2" not in rest


def test_a_sealed_month_asks_for_no_objections(site: VillageSite, visitor: Browser) -> None:
    hung_out(site)
    later = DECEMBER + dt.timedelta(days=6)
    site.clock.wall = later
    page = visitor.text(NOTICE)
    assert "公示期满" in page
    with site.engine.begin() as connection:
        seal(connection, "village", "2026-11", later)
    page = visitor.text(NOTICE)
    assert "已入账，可以兑换" in page
    assert "怎么提异议" not in page


def test_sheet_and_poster_are_there_once_the_record_is_signed(
    site: VillageSite, visitor: Browser
) -> None:
    hung_out(site, signed=False)
    assert "第一次签署以后" in visitor.text(NOTICE)
    answer = visitor.get(f"{NOTICE}/sheet.pdf")
    assert answer.status_code == 404
    assert "公开账本还没有签署过" in answer.text
    with site.engine.begin() as connection:
        make_checkpoint(connection, "points.example", KEY, lambda: bytes(32), DECEMBER)
    sheet, poster = visitor.get(f"{NOTICE}/sheet.pdf"), visitor.get(f"{NOTICE}/poster.png")
    assert sheet.content.startswith(b"%PDF")
    assert poster.content.startswith(b"\x89PNG")
    assert sheet.headers["Cache-Control"] == "public, max-age=60"


# --- stories ---------------------------------------------------------------------------------


def test_stories_on_show_are_for_everybody(site: VillageSite, visitor: Browser) -> None:
    assert "还没有故事" in visitor.text(f"{FRONT}/stories")
    told(site, Draft("三楼的灯", "她<script>每天</script>看灯😀𠅤", account="a1"))
    for address in (FRONT, f"{FRONT}/stories"):
        page = visitor.text(address)
        assert "三楼的灯" in page
        assert "她&lt;script&gt;每天&lt;/script&gt;看灯😀𠅤" in page
        assert "<script>每天" not in page


def test_a_story_goes_when_its_person_takes_back_their_consent(
    site: VillageSite, visitor: Browser
) -> None:
    told(site, Draft("三楼的灯", "她每天看灯", account="a1"))
    with site.engine.begin() as connection:
        set_consent(connection, "a1", site.village.now, agreed=False)
    assert "三楼的灯" not in visitor.text(f"{FRONT}/stories")
    assert "三楼的灯" not in visitor.text(FRONT)
