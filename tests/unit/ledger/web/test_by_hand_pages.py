"""Entering by hand as clerks use it: one enters, another signs, the panel sees who."""

from __future__ import annotations

import re
from typing import Any

import pytest
from httpx2 import Response

from linli.ledger.audit.verify import verify
from linli.ledger.declarations.evidence import read_photo
from linli.ledger.staff.roles import Role
from tests.unit.ledger.declarations.uploads import encoded, from_a_phone, picture
from tests.unit.ledger.web.site import Browser, VillageSite

ENTRY = re.compile(r"/console/by-hand/entry\?id=(by-hand-[0-9a-f]+)")
FORM = "/console/by-hand/new?who=a5"
LIST, NEW = "/console/by-hand", "/console/by-hand/new"


def enter(clerk: Browser, *photos: bytes, **more: str) -> Response:
    fields = {
        "account": "a5",
        "item": "B01",
        "day": "2026-11-24",
        "reason": "卡片挂失补办中",
        "paper": "签到表17",
    }
    files: Any = [("photo", ("p.jpg", photo, "image/jpeg")) for photo in photos]
    return clerk.submit(NEW, fields | more, seen=FORM, files=files or None)


def waiting(browser: Browser) -> str:
    """The id of the first entry that waits."""
    return ENTRY.findall(browser.text(LIST))[0]


def sign(browser: Browser, id_: str) -> Response:
    return browser.submit(f"{LIST}/sign", {"id": id_}, seen=f"{LIST}/entry?id={id_}")


def opinion_on(browser: Browser, id_: str, choice: str, reason: str = "") -> Response:
    page = browser.text(f"/console/review/deed?id={id_}")
    (seen,) = re.findall(rf'name="seen:{id_}" value="([0-9a-f]+)"', page)
    fields = {"deed": id_, f"seen:{id_}": seen, "choice": choice, "reason": reason}
    return browser.submit("/console/review", fields)


def test_one_enters_another_signs_and_it_waits_for_the_panel(site: VillageSite) -> None:
    first, second = site.log_in(Role.CLERK), site.log_in(Role.CLERK, "clerk2")
    assert "等另一位工作人员签字" in enter(first).text
    id_ = waiting(second)
    assert site.village.pending("a5") == 0
    assert "核对无误，签字" in second.text(f"{LIST}/entry?id={id_}")
    assert "进入考评小组的待审名单" in sign(second, id_).text
    assert site.village.pending("a5") == 10
    assert "没有等签字的录入" in first.text(LIST)
    assert [what for what in site.audited() if id_ in what] == [f"enter {id_}", f"sign {id_}"]
    assert verify(site.engine) is None


def test_who_entered_it_is_not_offered_to_sign_and_cannot(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    enter(clerk)
    id_ = waiting(clerk)
    assert "核对无误，签字" not in clerk.text(f"{LIST}/entry?id={id_}")
    answer = sign(clerk, id_)
    assert answer.status_code == 422
    assert "要由另一个人签字" in answer.text
    assert site.village.pending("a5") == 0


def test_a_leader_who_signed_cannot_decide_on_it(site: VillageSite) -> None:
    clerk, leader = site.log_in(Role.CLERK), site.log_in(Role.LEADER)
    enter(clerk)
    id_ = waiting(leader)
    sign(leader, id_)
    page = leader.text("/console/review")
    assert "您经手录入，由别人审" in page
    assert f"seen:{id_}" not in page
    assert "这件事与您有关" in leader.text(f"/console/review/deed?id={id_}")


def test_the_panel_sees_why_by_whom_and_the_photos(site: VillageSite) -> None:
    clerk, leader = site.log_in(Role.CLERK), site.log_in(Role.LEADER)
    enter(clerk, from_a_phone())
    id_ = waiting(leader)
    sign(leader, id_)
    member = site.log_in(Role.MEMBER)
    page = member.text(f"/console/review/deed?id={id_}")
    assert all(w in page for w in ("卡片挂失补办中", "签到表17", "clerk同志", "leader同志"))
    photo = member.get(f"/console/evidence/{id_}/1")
    with site.engine.connect() as connection:
        assert photo.content == read_photo(connection, id_, 1)
    assert b"Nokia" not in photo.content


def test_a_photo_is_given_with_headers_that_let_nothing_run(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    enter(clerk, from_a_phone())
    headers = clerk.get(f"/console/evidence/{waiting(clerk)}/1").headers
    assert headers["content-type"] == "image/jpeg"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(("role", "status"), [(Role.MAINTAINER, 403), (Role.AUDITOR, 200)])
def test_a_photo_is_for_those_who_decide_record_or_oversee(
    site: VillageSite, role: Role, status: int
) -> None:
    clerk = site.log_in(Role.CLERK)
    enter(clerk, from_a_phone())
    path = f"/console/evidence/{waiting(clerk)}/1"
    assert site.log_in(role).get(path).status_code == status
    assert site.browser().get(path).url.path == "/console/login"
    assert clerk.get(path.replace("/1", "/2")).status_code == 404


def test_an_entry_without_evidence_is_asked_for_it_and_nothing_typed_is_lost(
    site: VillageSite,
) -> None:
    clerk = site.log_in(Role.CLERK)
    answer = enter(clerk, paper="", reason="终端坏了")
    assert answer.status_code == 422
    assert "手工录入要有凭证" in answer.text
    assert "终端坏了" in answer.text
    assert '<option value="B01" selected>' in answer.text


@pytest.mark.parametrize(
    ("photo", "says"),
    [
        (b"<svg onload=alert(1)>", "这不是能收的照片"),
        (encoded(picture(800, 600))[:3000], "照片损坏了"),
        (bytes(9 * 2**20), "照片超过 8 MB"),
    ],
)
def test_a_hostile_upload_is_answered_in_chinese(
    site: VillageSite, photo: bytes, says: str
) -> None:
    answer = enter(site.log_in(Role.CLERK), photo)
    assert answer.status_code == 422
    assert says in answer.text


def test_too_many_photos_are_counted(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    assert "一次最多 3 张" in enter(clerk, *[from_a_phone(64, 48)] * 4).text
    assert "文件太多" in enter(clerk, *[from_a_phone(64, 48)] * 7).text


def test_the_same_form_sent_twice_enters_once_and_a_stale_one_is_told(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    page = clerk.text(FORM)
    tokens = dict(re.findall(r'name="(csrf|once)" value="([^"]+)"', page))
    fields = {"account": "a5", "item": "B01", "day": "2026-11-24", "reason": "补录", "paper": "1"}
    for _ in range(2):
        assert clerk.post(NEW, data={**tokens, **fields}).status_code == 200
    assert len(set(ENTRY.findall(clerk.text(LIST)))) == 1
    answer = clerk.post(NEW, data={**tokens, **fields, "reason": "别的"})
    assert answer.status_code == 409
    assert "已经交过了" in answer.text


def test_a_refused_entry_tells_why_and_cannot_be_signed_any_more(site: VillageSite) -> None:
    clerk, second = site.log_in(Role.CLERK), site.log_in(Role.CLERK, "clerk2")
    enter(clerk)
    id_ = waiting(second)
    stale = second.text(f"{LIST}/entry?id={id_}")
    fields = {"id": id_, "why": "签到表上没有此人"}
    second.submit(f"{LIST}/refuse", fields, seen=f"{LIST}/entry?id={id_}")
    assert "签到表上没有此人" in clerk.text(f"{LIST}?show=all")
    tokens = dict(re.findall(r'name="(csrf|once)" value="([^"]+)"', stale))
    answer = second.post(f"{LIST}/sign", data={**tokens, "id": id_})
    assert answer.status_code == 409
    assert "已经签字或者退回了" in answer.text


def test_somebody_is_found_by_their_card_or_not_at_all(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    assert "张*5" in clerk.text(f"{NEW}?who=card-a5")
    assert "没有账号或卡号是" in clerk.text(f"{NEW}?who=a99")


def test_only_a_desk_enters_and_only_a_desk_or_leader_sees_the_list(site: VillageSite) -> None:
    leader, member = site.log_in(Role.LEADER), site.log_in(Role.MEMBER)
    assert f'href="{LIST}"' in leader.text(LIST)
    assert leader.get(NEW).status_code == 403
    assert member.get(LIST).status_code == 403
    assert f'href="{LIST}"' not in member.text("/console")


def test_the_list_is_exported_whole_without_formulas(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    enter(clerk, reason="=cmd|' /C calc'!A0")
    text = clerk.get(f"{LIST}?format=csv").text
    assert "张*5" in text
    assert ",=cmd" not in text
    assert clerk.get(f"{LIST}?show=all&format=xlsx").content[:2] == b"PK"


def test_what_the_panel_returned_is_completed_by_who_entered_it(site: VillageSite) -> None:
    clerk, second = site.log_in(Role.CLERK), site.log_in(Role.CLERK, "clerk2")
    enter(clerk)
    id_ = waiting(second)
    sign(second, id_)
    for member in (site.log_in(Role.LEADER), site.log_in(Role.MEMBER)):
        opinion_on(member, id_, "return", "请补签到表照片")
    fields = {"deed": id_, "what": "附签到表照片"}
    files = [("photo", ("p.jpg", from_a_phone(), "image/jpeg"))]
    answer = second.submit("/console/returned", fields, files=files)
    assert answer.status_code == 422
    assert "由录入的人补充" in answer.text
    assert "回到审核名单" in clerk.submit("/console/returned", fields, files=files).text
    assert clerk.get(f"/console/evidence/{id_}/1").status_code == 200
    assert verify(site.engine) is None
