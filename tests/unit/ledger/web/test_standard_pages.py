"""Leaders and administrators draft adjustments of the standard, leaders publish them, all read."""

from __future__ import annotations

import html

import pytest

from linli.ledger.audit.verify import verify
from linli.ledger.staff.roles import Role
from linli.ledger.standard.changes import items_of
from linli.ledger.standard.schema import adjustment, adjustment_change
from linli.ledger.standard.versions import StandardShelf
from tests.unit.ledger.web.site import VillageSite
from tests.unit.ledger.web.standard_desk import B05, ID, SHOWN, STANDARD, StandardDesk


@pytest.fixture
def desk(site: VillageSite) -> StandardDesk:
    return StandardDesk(site)


def versions(site: VillageSite) -> list[str]:
    with site.engine.connect() as connection:
        return [doc.version for doc in StandardShelf().read(connection).docs]


def test_a_draft_shows_each_change_old_and_new_with_its_reason(desk: StandardDesk) -> None:
    assert "草案建好了" in desk.begin().text
    page = desk.adjust(points="25", n="").text
    assert "2 处调整已记下" in page
    for part in ("20 分", "25 分", "每月 4 次", "不限次数", "夜间值守多", "草案"):
        assert part in page


def test_the_form_of_an_item_comes_back_as_the_draft_has_it(desk: StandardDesk) -> None:
    desk.begin()
    desk.adjust(points="25")
    page = desk.leader.text(f"{STANDARD}/{ID}/item?code=B05")
    assert 'name="points" inputmode="numeric" value="25"' in page
    assert "夜间值守多" in page
    assert "不再调整" in desk.adjust().text


def test_full_width_digits_are_numbers(desk: StandardDesk) -> None:
    desk.begin()
    assert "25 分" in desk.adjust(points="２５").text


def test_a_new_item_gets_the_next_code_and_one_is_withdrawn(desk: StandardDesk) -> None:
    desk.begin()
    path = f"{STANDARD}/{ID}/item"
    blank = desk.leader.text(f"{path}?class_code=C")
    assert 'value="C06"' in blank
    new = {"class_code": "C", "code": "c06", "name": "文明养猫劝导", "points": "5"}
    new |= {"record": "declare", "reason": "居民提议", "n": "", "per": "month"}
    page = desk.leader.submit(path, new, seen=f"{path}?class_code=C").text
    assert "文明养猫劝导" in page
    shown = html.unescape(SHOWN.findall(desk.leader.text(f"{path}?code=D05"))[0])
    gone = {"shown": shown, "reason": "改由街道登记"}
    page = desk.leader.submit(f"{STANDARD}/{ID}/withdraw", gone, seen=f"{path}?code=D05").text
    assert "D05 已列为取消" in page
    page = desk.leader.submit(
        f"{STANDARD}/{ID}/drop", {"code": "D05"}, seen=f"{STANDARD}/{ID}"
    ).text
    assert "捐赠闲置物资</h2>" not in page
    assert desk.publish().status_code == 200
    with desk.site.engine.connect() as connection:
        items = items_of(StandardShelf().read(connection).docs[-1])
    assert items["C06"].item.name == "文明养猫劝导"
    assert "D05" in items


def test_the_preview_says_what_will_happen_and_just_that_is_published(desk: StandardDesk) -> None:
    desk.begin()
    desk.adjust(points="25")
    page = desk.leader.text(f"{STANDARD}/{ID}/preview")
    assert "2026-12 版" in page
    assert "7 类 35 项" in page
    answer = desk.publish()
    assert "2026-12 版已发布" in answer.text
    assert "已发布" in answer.text
    assert versions(desk.site) == ["2026-01", "2026-12"]
    assert desk.site.poked == 1
    assert verify(desk.site.engine) is None
    overview = desk.leader.text(STANDARD)
    assert "1 项 1 条" in overview
    assert "待生效" in overview


def test_a_draft_that_changed_since_the_preview_is_not_published(desk: StandardDesk) -> None:
    desk.begin()
    desk.adjust(points="25")
    stale = {"seen": "0" * 16}
    answer = desk.leader.submit(f"{STANDARD}/{ID}/publish", stale, seen=f"{STANDARD}/{ID}/preview")
    assert answer.status_code == 409
    assert "重新看过再发布" in answer.text
    assert versions(desk.site) == ["2026-01"]


def test_a_form_of_an_item_that_changed_meanwhile_is_filled_in_again(desk: StandardDesk) -> None:
    desk.begin()
    old = html.unescape(SHOWN.findall(desk.leader.text(f"{STANDARD}/{ID}/item?code=B05"))[0])
    desk.adjust(points="25")
    desk.publish()
    desk.begin(day="2026-12-15")
    path = f"{STANDARD}/2026-12-2/item"
    fields = {**B05, "shown": old, "points": "30", "duration": "180", "reason": "再加"}
    answer = desk.leader.submit(path, fields, seen=f"{path}?code=B05")
    assert answer.status_code == 409
    assert "请刷新页面" in answer.text


def test_a_published_set_offers_its_notice_and_takes_no_change(desk: StandardDesk) -> None:
    desk.published()
    page = desk.leader.text(f"{STANDARD}/{ID}")
    assert "修改</a>" not in page
    sheet = desk.leader.get(f"{STANDARD}/{ID}/sheet")
    assert sheet.content.startswith(b"%PDF")
    answer = desk.leader.submit(f"{STANDARD}/{ID}/drop", {"code": "B05"}, seen=STANDARD)
    assert answer.status_code == 409
    assert "不能再改" in answer.text


def test_the_preview_of_a_day_that_is_over_says_why_and_offers_nothing(desk: StandardDesk) -> None:
    desk.begin(day="2026-11-01")
    desk.adjust(id_="2026-11-1", points="25")
    page = desk.leader.text(f"{STANDARD}/2026-11-1/preview")
    assert "已经过了" in page
    assert 'name="seen"' not in page


def test_withdrawing_what_is_planned_is_warned_of(desk: StandardDesk) -> None:
    desk.begin(day="2026-11-24")
    path = f"{STANDARD}/2026-11-1/item?code=D01"
    shown = html.unescape(SHOWN.findall(desk.leader.text(path))[0])
    fields = {"shown": shown, "reason": "改由医院办"}
    desk.leader.submit(f"{STANDARD}/2026-11-1/withdraw", fields, seen=path)
    page = desk.leader.text(f"{STANDARD}/2026-11-1/preview")
    assert "还排了 1 场“探访独居老人”活动" in page


def test_a_form_sent_twice_begins_one_draft(desk: StandardDesk) -> None:
    page = desk.leader.text(STANDARD)
    tokens = {
        name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "once")
    }
    fields = {**tokens, "month": "2026-12", "effective_on": "2026-12-01"}
    for _ in range(2):
        assert desk.leader.post(STANDARD, data=fields).status_code == 200
    assert len(desk.site.village.rows(adjustment)) == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"points": "0"}, "B05 的分值不能是 0"),
        ({"points": "很多"}, "不是整数"),
        ({"name": ""}, "B05 的名称要有 1 到 30 个字"),
        ({"points": "25", "reason": ""}, "B05 的调整理由要有 1 到 200 个字"),
        ({"record": "rumour"}, "填写的内容"),
        ({"n": "0"}, "次数上限不能是 0"),
        ({}, "没有改动"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_chinese(
    desk: StandardDesk, fields: dict[str, str], says: str
) -> None:
    desk.begin()
    answer = desk.adjust(**fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert not desk.site.village.rows(adjustment_change)


def test_markup_in_a_reason_stays_text(desk: StandardDesk) -> None:
    desk.begin()
    page = desk.adjust(points="25", reason="<script>alert(1)</script>").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_administrator_drafts_and_does_not_publish(desk: StandardDesk) -> None:
    admin = desk.site.log_in(Role.ADMINISTRATOR)
    desk.begin(admin)
    desk.adjust(browser=admin, points="25")
    assert "由考评小组组长发布" in admin.text(f"{STANDARD}/{ID}/preview")
    answer = admin.submit(f"{STANDARD}/{ID}/publish", {"seen": ""}, seen=STANDARD)
    assert answer.status_code == 403
    assert desk.publish().status_code == 200


@pytest.mark.parametrize("role", [Role.CLERK, Role.MEMBER, Role.AUDITOR, Role.MAINTAINER])
def test_everybody_else_reads_and_changes_nothing(desk: StandardDesk, role: Role) -> None:
    desk.published()
    reader = desk.site.log_in(role, "reader", "a3" if role is Role.MEMBER else None)
    assert "新建草案" not in reader.text(STANDARD)
    assert "25 分" in reader.text(f"{STANDARD}/{ID}")
    answer = reader.submit(STANDARD, {"month": "2027-01"}, seen="/console")
    assert answer.status_code == 403
    assert "由考评小组组长或系统管理员起草" in answer.text


def test_the_history_is_exported(desk: StandardDesk) -> None:
    desk.published()
    exported = desk.leader.get(f"{STANDARD}?format=csv").text
    assert "2026-12,2026-12-01,B05,应急值守,分值,20 分,25 分,夜间值守多" in exported
    assert desk.leader.get(f"{STANDARD}?format=xlsx").content[:2] == b"PK"
    assert "2026-12-01" not in desk.leader.get(f"{STANDARD}?format=csv&year=2025").text


def test_a_draft_thrown_away_is_gone(desk: StandardDesk) -> None:
    desk.begin()
    page = desk.leader.submit(f"{STANDARD}/{ID}/discard", {}, seen=f"{STANDARD}/{ID}").text
    assert "草案已作废" in page
    assert desk.leader.get(f"{STANDARD}/{ID}").status_code == 404


def test_everything_done_to_a_draft_is_in_the_audit_log(desk: StandardDesk) -> None:
    desk.published()
    done = desk.site.audited()
    for what in (
        f"draft {ID}",
        f"adjust {ID}: points of B05",
        f"publish {ID} as version 2026-12",
    ):
        assert what in done
