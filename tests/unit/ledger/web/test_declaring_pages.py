"""积分申报 and 云上看 as a resident uses them on the phone."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from httpx2 import Response

from linli.ledger.audit.verify import verify
from linli.ledger.declarations.declaring import MOST_WAITING
from linli.ledger.people.leaving import leave
from linli.ledger.people.merging import merge
from linli.ledger.staff.roles import Role
from tests.unit.ledger.declarations.uploads import from_a_phone
from tests.unit.ledger.web.residents import Residents
from tests.unit.ledger.web.site import Browser, VillageSite
from tests.unit.ledger.web.test_by_hand_pages import opinion_on

FORM = "/me/declare/F01"
TOKENS = re.compile(r'name="(csrf|once)" value="([^"]+)"')
PRICE = 150 * 1024
"""Bytes of a page with its style, script and icon: a slow network's patience."""


@pytest.fixture
def residents(site: VillageSite) -> Residents:
    return Residents(site)


@pytest.fixture
def phone(residents: Residents) -> Browser:
    """a1's."""
    return residents.linked("a1")


def send(phone: Browser, *photos: bytes, **more: str) -> Response:
    fields = {"when": "2026-11-24", "words": "替李奶奶取药"} | more
    files: Any = [("photo", ("p.jpg", one, "image/jpeg")) for one in photos]
    return phone.submit(FORM, fields, files=files or None)


def id_of(answer: Response) -> str:
    return answer.url.path.removeprefix("/me/steps/")


def test_a_resident_declares_and_sees_that_it_waits(site: VillageSite, phone: Browser) -> None:
    assert "代办跑腿" in phone.text("/me/declare")
    assert "平安巡逻" not in phone.text("/me/declare")
    answer = send(phone, from_a_phone())
    assert all(w in answer.text for w in ("收到了", "您交了申报", "等考评小组查看", "替李奶奶取药"))
    assert site.village.pending("a1") == 5
    assert site.poked == 1
    assert "等审核" in phone.text("/me/declarations")
    assert verify(site.engine) is None


def test_the_page_follows_the_panel_without_naming_anybody(
    site: VillageSite, phone: Browser
) -> None:
    id_ = id_of(send(phone))
    first, second = site.log_in(Role.MEMBER), site.log_in(Role.MEMBER, "third", "a3")
    first.text(f"/console/review/deed?id={id_}")
    for path in (f"/me/steps/{id_}", f"/me/deeds/one?id={id_}"):
        page = phone.text(path)
        assert "考评小组看到了" in page
        assert "居民代表" in page
        assert "张*2" not in page
    for member in (first, second):
        opinion_on(member, id_, "return", "请补一张照片")
    page = phone.text(f"/me/steps/{id_}")
    assert "退回，请补充" in page
    assert "请补一张照片" in page
    assert "退回，请您补充" in phone.text("/me/declarations")


def test_what_was_returned_is_completed_on_the_phone(site: VillageSite, phone: Browser) -> None:
    id_ = id_of(send(phone))
    members = (site.log_in(Role.MEMBER), site.log_in(Role.MEMBER, "third", "a3"))
    for member in members:
        opinion_on(member, id_, "return", "请补一张照片")
    page = f"/me/steps/{id_}"
    assert phone.submit(page, {"words": " "}).status_code == 422
    files = [("photo", ("p.jpg", from_a_phone(), "image/jpeg"))]
    tokens = dict(TOKENS.findall(phone.text(page)))
    assert "不用重新排队" in phone.submit(page, {"words": "补一张"}, files=files).text
    again = phone.post(page, data={**tokens, "words": "再补"})
    assert again.status_code == 409
    assert "已经补充过了" in again.text
    assert "补一张" in members[0].text(f"/console/review/deed?id={id_}")
    for member in members:
        opinion_on(member, id_, "post")
    assert site.village.posted("a1") == 5
    assert "已认定" in phone.text(page)


def test_nobody_sees_or_completes_what_is_somebody_elses(
    site: VillageSite, residents: Residents, phone: Browser
) -> None:
    id_ = id_of(send(phone, from_a_phone()))
    other = residents.linked("a2")
    for path in (f"/me/steps/{id_}", f"/me/steps/{id_}/photo/1"):
        assert phone.get(path).status_code == 200
        assert other.get(path).status_code == 404
        assert site.browser().get(path).url.path == "/me/welcome"
    answer = other.submit(f"/me/steps/{id_}", {"words": "补"}, seen=FORM)
    assert answer.status_code == 404


def test_what_was_done_under_a_merged_account_is_ones_own(
    site: VillageSite, residents: Residents, phone: Browser
) -> None:
    id_ = id_of(send(phone, from_a_phone()))
    other = residents.linked("a2")
    with site.engine.begin() as connection:
        merge(connection, "a1", "a2", site.clock.now())
    assert id_ in other.text("/me/declarations")
    assert other.get(f"/me/steps/{id_}/photo/1").status_code == 200


def test_a_deed_that_a_card_witnessed_is_followed_on_the_same_page(
    site: VillageSite, phone: Browser
) -> None:
    site.village.send(site.village.check_in("a1", "visit", "10:05"))
    for path in ("/me/steps/visit.a1", "/me/deeds/one?id=visit.a1"):
        assert "刷卡记下来了" in phone.text(path)


def test_a_photo_is_given_with_headers_that_let_nothing_run(
    site: VillageSite, phone: Browser
) -> None:
    id_ = id_of(send(phone, from_a_phone()))
    answer = phone.get(f"/me/steps/{id_}/photo/1")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert b"Nokia" not in answer.content


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"when": "2026-11-25"}, "还没有到"),
        ({"when": "2026-11-23"}, "还没有开通积分账户"),
        ({"when": "other", "day": "2026-09-01"}, "太久了"),
        ({"when": "other", "day": ""}, "请选一下是哪一天"),
        ({"when": "yesterday"}, "请选一下是哪一天"),
        ({"words": ""}, "说明要写 1 到 500 个字"),
    ],
)
def test_what_is_wrong_is_said_in_chinese(phone: Browser, more: dict[str, str], says: str) -> None:
    answer = send(phone, **more)
    assert answer.status_code == 422
    assert says in answer.text


def test_what_was_typed_is_not_lost_and_a_wrong_photo_is_named(phone: Browser) -> None:
    answer = send(phone, b"GIF89a", words="修好了楼道的灯")
    assert answer.status_code == 422
    assert "这不是能收的照片" in answer.text
    assert "修好了楼道的灯" in answer.text


def test_what_people_write_is_text(phone: Browser) -> None:
    page = send(phone, words="<script>alert(1)</script> 𠮷 👩‍👩‍👦").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "𠮷 👩‍👩‍👦" in page


def test_a_double_touch_declares_once_and_an_old_form_is_told(
    site: VillageSite, phone: Browser
) -> None:
    tokens = dict(TOKENS.findall(phone.text(FORM)))
    fields = {**tokens, "when": "2026-11-24", "words": "取药"}
    assert len({phone.post(FORM, data=fields).url.path for _ in range(2)}) == 1
    assert site.village.pending("a1") == 5
    answer = phone.post(FORM, data={**fields, "words": "别的"})
    assert answer.status_code == 409
    assert "已经交过了" in answer.text


def test_an_item_that_is_not_declared_has_no_form(phone: Browser) -> None:
    for item in ("B01", "Z99"):
        answer = phone.get(f"/me/declare/{item}")
        assert answer.status_code == 404
        assert "不能申报" in answer.text


def test_who_floods_the_panel_is_asked_to_wait(site: VillageSite, phone: Browser) -> None:
    for _ in range(MOST_WAITING):
        send(phone)
    answer = send(phone)
    assert answer.status_code == 422
    assert "正在等审核" in answer.text
    assert f"共 {MOST_WAITING} 条" not in phone.text("/me/declarations")


def test_the_list_has_pages(phone: Browser, site: VillageSite) -> None:
    for _ in range(MOST_WAITING):
        send(phone)
    members = (site.log_in(Role.MEMBER), site.log_in(Role.MEMBER, "third", "a3"))
    newest = re.findall(r"/me/steps/(declared-[0-9a-f]+)", phone.text("/me/declarations"))[0]
    for member in members:
        opinion_on(member, newest, "void", "查无此事")
    site.clock.pass_(minutes=1)
    send(phone)
    assert "共 2 页（11 条）" in phone.text("/me/declarations")
    assert len(re.findall(r'class="tile"', phone.text("/me/declarations?page=2"))) == 1


def test_a_phone_whose_owner_left_declares_nothing(site: VillageSite, phone: Browser) -> None:
    page = phone.text(FORM)
    with site.engine.begin() as connection:
        leave(connection, "a1", site.clock.now() + dt.timedelta(seconds=1))
    fields = dict(TOKENS.findall(page)) | {"when": "2026-11-24", "words": "取药"}
    assert phone.post(FORM, data=fields).url.path == "/me/welcome"
    assert site.village.pending("a1") == 0


@pytest.mark.parametrize("path", ["/me/declare", FORM, "/me/declarations"])
def test_a_page_weighs_little(phone: Browser, path: str) -> None:
    page = phone.text(path)
    parts = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert len(page.encode()) + sum(len(phone.get(part).content) for part in parts) < PRICE
