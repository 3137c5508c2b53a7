"""The service desk: people are found, enrolled, looked at, moved, merged and forgotten."""

from __future__ import annotations

import io
import json
import re

from openpyxl import load_workbook

from linli.ledger.audit.verify import verify
from linli.ledger.people.access_log import Staff
from linli.ledger.people.checks import NewHolder, NewOrg
from linli.ledger.people.erasing import erase
from linli.ledger.people.leaving import leave
from linli.ledger.people.register import enrol as register
from linli.ledger.people.tree import add_orgs
from linli.ledger.staff.roles import Role
from linli.ledger.web.console.people.exporting import workbook
from linli.sync.messages import Kind
from tests.unit.ledger.web.desk import HOLDER, WANG, act, cards_of, enrol, holder_of
from tests.unit.ledger.web.site import Browser, VillageSite

ACCOUNT = re.compile(r'account=([au]\d{6})"')
SEEN = re.compile(r'name="seen" value="([^"]*)"')


def found(browser: Browser, query: str) -> list[str]:
    return re.findall(r'account=(\w+)">\1</a>', browser.text(f"/console/people?{query}"))


def elsewhere(site: VillageSite) -> None:
    """Another community, with somebody in it."""
    now = site.village.now
    with site.engine.begin() as connection:
        orgs = [
            NewOrg("lake", "street", "community", "湖畔社区"),
            NewOrg("lake-b1", "lake", "building", "1号楼"),
        ]
        add_orgs(connection, orgs, now)
        far = NewHolder("far1", "赵远", Kind.RESIDENT, "lake-b1", consent=True, under14=False)
        register(connection, [far], now)


# --- finding ---------------------------------------------------------------------------------


def test_people_are_found_by_number_masked_name_full_name_and_card(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    enrol(clerk)
    assert found(clerk, "") == ["a000001", "a1", "a2", "a3", "a4", "a5", "a6"]
    assert found(clerk, "q=a00") == ["a000001"]
    assert found(clerk, "q=王*国") == found(clerk, "q=王建国") == ["a000001"]
    assert found(clerk, "q=card-a4") == found(clerk, "q=04:00:00:00:00:00:03") == ["a4"]
    assert found(clerk, "q=%25") == []


def test_the_list_is_filtered_by_kind_building_and_state(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    enrol(clerk, kind="unit", name="阳光小学", place="village", door="", birthday="")
    with site.engine.begin() as connection:
        leave(connection, "a2", site.village.now)
    assert found(clerk, "kind=unit") == ["u000001"]
    assert found(clerk, "building=b1&q=a") == ["a1", "a3", "a4", "a5", "a6"]
    assert found(clerk, "state=left") == ["a2"]
    assert len(found(clerk, "state=any")) == 7


def test_the_list_is_taken_away_masked_and_that_is_written_down(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    enrol(clerk, name="=cmd|calc")
    text = clerk.get("/console/people?format=csv").text
    assert "张*1" in text
    assert "'=" in text
    assert clerk.get("/console/people?format=xlsx").content[:2] == b"PK"
    assert site.audited().count("export the list") == 2


def test_a_telephone_is_looked_for_with_a_reason_only(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    enrol(clerk)
    path = "/console/people/by-phone"
    assert clerk.submit(path, {"phone": "13800001234", "why": ""}).status_code == 422
    answer = clerk.submit(path, {"phone": "１３８ ０００ ０１２３４", "why": "补卡"})
    assert answer.url.path == HOLDER
    assert "王*国" in answer.text
    assert "没有登记这个号码" in clerk.submit(path, {"phone": "13900000000", "why": "补卡"}).text
    assert site.audited()[-2:] == ["find by phone", "find by phone"]


def test_who_oversees_sees_lists_and_can_do_nothing(site: VillageSite) -> None:
    auditor = site.log_in(Role.AUDITOR)
    assert "张*1" in auditor.text(f"{HOLDER}?account=a1")
    assert "查看完整信息" not in auditor.text(f"{HOLDER}?account=a1")
    assert auditor.get(f"{HOLDER}/full?account=a1").status_code == 403
    assert auditor.get("/console/people/by-phone").status_code == 403
    assert site.log_in(Role.MEMBER).get("/console/people").status_code == 403


def test_a_clerk_does_not_see_another_communitys_people(site: VillageSite) -> None:
    elsewhere(site)
    clerk = site.log_in(Role.CLERK)
    assert "far1" not in found(clerk, "q=far")
    assert clerk.get(f"{HOLDER}?account=far1").status_code == 403
    assert clerk.get(f"{HOLDER}?account=nobody").status_code == 404


# --- enrolling -------------------------------------------------------------------------------


def test_somebody_is_enrolled_and_gets_a_card_next(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    answer = enrol(clerk)
    assert answer.url.path == "/console/cards/new"
    row = holder_of(site, "a000001")
    assert (row.name_masked, row.home, row.public_consent) == ("王*国", "b1-301", True)
    assert not row.under14
    assert "阳光社区 › 1号楼 › 301" in clerk.text(f"{HOLDER}?account=a000001")
    assert site.audited()[-1] == "enrol"
    assert site.poked == 1
    assert verify(site.engine) is None


def test_consent_is_asked_and_what_was_typed_stays(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    answer = enrol(clerk, consent="")
    assert answer.status_code == 422
    assert "请当面问清楚" in answer.text
    assert 'value="王建国"' in answer.text
    assert holder_of(site, "a000001") is None


def test_a_birthday_tells_a_child(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    enrol(clerk, name="王小小", phone="", birthday="2012-11-25")
    enrol(clerk, name="王大大", phone="", birthday="2012-11-24")
    assert holder_of(site, "a000001").under14
    assert not holder_of(site, "a000002").under14


def test_a_known_telephone_warns_and_may_be_a_familys(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    enrol(clerk)
    second = {**WANG, "name": "王小二"}
    warned = clerk.submit("/console/people/new", second)
    assert warned.status_code == 409
    assert "可能已经登记过" in warned.text
    assert holder_of(site, "a000002") is None
    again = clerk.submit("/console/people/new", {**second, "seen": "a000001"})
    assert again.url.path == "/console/cards/new"
    assert holder_of(site, "a000002").name_masked == "王*二"


def test_a_form_sent_twice_enrols_once(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    page = clerk.text("/console/people/new")
    tokens = dict(re.findall(r'name="(csrf|once)" value="([^"]+)"', page))
    fields = {**tokens, **WANG, "phone": "", "door": ""}
    clerk.post("/console/people/new", data=fields)
    answer = clerk.post("/console/people/new", data={**fields, "seen": "a000001"})
    assert "只办理了一次" in answer.text
    assert holder_of(site, "a000002") is None


def test_names_of_all_kinds_are_taken_as_they_are(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    for name in ("<b>王</b>", "李🙂", "䶮𠅤"):
        enrol(clerk, name=name, phone="", door="")
    assert "<b>王" not in clerk.text("/console/people")
    assert "李*" in clerk.text("/console/people")
    assert "䶮*" in clerk.text(f"{HOLDER}?account=a000003")
    shown = act(clerk, "a000003", "full", why="核对").text
    assert 'value="䶮𠅤"' in shown


# --- personal data ---------------------------------------------------------------------------


def test_full_data_is_shown_for_a_reason_and_corrected(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    enrol(clerk)
    assert "13800001234" not in clerk.text(f"{HOLDER}?account=a000001")
    assert act(clerk, "a000001", "full", why=" ").status_code == 422
    shown = act(clerk, "a000001", "full", why="本人来核对").text
    assert 'value="王建国"' in shown
    assert 'value="13800001234"' in shown
    assert site.audited()[-1] == "look: name phone id_tail birthday"
    tokens = dict(re.findall(r'name="(csrf|once|seen)" value="([^"]+)"', shown))
    given = {**tokens, "account": "a000001", "name": "王建军", "birthday": "2016-01-01"}
    assert "已保存" in clerk.post(f"{HOLDER}/personal", data=given).text
    row = holder_of(site, "a000001")
    assert (row.name_masked, row.under14) == ("王*军", True)


def test_of_two_corrections_the_second_is_told_to_look_again(site: VillageSite) -> None:
    one, other = site.log_in(Role.CLERK, "one"), site.log_in(Role.CLERK, "other")
    enrol(one)
    for clerk in (one, other):
        clerk.page = act(clerk, "a000001", "full", why="核对").text
    site.clock.pass_(minutes=1)
    answers = []
    for clerk, name in ((one, "王甲"), (other, "王乙")):
        tokens = dict(re.findall(r'name="(csrf|once|seen)" value="([^"]+)"', clerk.page))
        given = {**tokens, "account": "a000001", "name": name}
        answers.append(clerk.post(f"{HOLDER}/personal", data=given))
    assert [answer.status_code for answer in answers] == [200, 409]
    assert holder_of(site, "a000001").name_masked == "王*"


def test_consent_is_taken_back_at_once(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    seen = f"{HOLDER}?account=a1"
    fields = {"account": "a1", "consent": "no"}
    answer = clerk.submit(f"{HOLDER}/consent", fields, seen=seen)
    assert "热心邻居0001" in answer.text
    assert not holder_of(site, "a1").public_consent
    assert "没有改动" in clerk.submit(f"{HOLDER}/consent", fields, seen=seen).text


def test_a_person_takes_all_their_data_along(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    enrol(clerk)
    told = act(clerk, "a000001", "export", why="本人要求", format="json").content
    theirs = json.loads(told)["accounts"][0]
    assert theirs["personal"]["phone"] == "13800001234"
    book = load_workbook(io.BytesIO(act(clerk, "a000001", "export", why="本人要求").content))
    assert len(book.sheetnames) == len(theirs.keys() - {"account"})
    assert [cell.value for cell in book["个人信息"][2]][:3] == ["a000001", "王建国", "13800001234"]
    assert site.audited()[-2:] == ["export", "export"]


def test_what_no_cell_can_hold_is_named_in_the_workbook() -> None:
    photo = {"deed": "d1", "jpeg": "A" * 40_000}
    told = {"accounts": [{"account": "a1", "photos": [photo]}]}
    sheet = load_workbook(io.BytesIO(workbook(told)))["申报的照片"]
    assert [cell.value for cell in sheet[2]][:2] == ["a1", "d1"]
    assert "JSON" in sheet["C2"].value


# --- homes -----------------------------------------------------------------------------------


def test_somebody_moves_behind_a_new_door(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    assert "住址已更新" in act(clerk, "a1", "home", place="b1", door="５０２", seen="b1").text
    assert holder_of(site, "a1").home == "b1-502"
    stale = act(clerk, "a1", "home", place="b1", door="", seen="b1")
    assert stale.status_code == 409
    assert holder_of(site, "a1").home == "b1-502"


def test_somebody_moves_to_another_community_and_is_its_desks_from_then_on(
    site: VillageSite,
) -> None:
    elsewhere(site)
    clerk = site.log_in(Role.CLERK)
    answer = act(clerk, "a4", "home", place="lake-b1", door="", seen="b1")
    assert "已迁往另一个社区" in answer.text
    assert holder_of(site, "a4").scope == "lake"
    assert clerk.get(f"{HOLDER}?account=a4").status_code == 403
    assert verify(site.engine) is None


def test_a_household_is_made_named_filled_and_emptied(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    made = clerk.submit("/console/households", {"building": "b1", "name": "６０１"})
    assert "已登记这一户" in made.text
    one = "/console/households/one?id=b1-601"
    clerk.submit("/console/households/in", {"id": "b1-601", "account": "a5"}, seen=one)
    assert holder_of(site, "a5").home == "b1-601"
    named = {"id": "b1-601", "name": "601室周家"}
    assert "601室周家" in clerk.submit("/console/households/name", named, seen=one).text
    assert '<td class="number">1</td>' in clerk.text("/console/households?q=周家")
    out = {"id": "b1-601", "account": "a5"}
    assert "已移出" in clerk.submit("/console/households/out", out, seen=one).text
    assert clerk.submit("/console/households/out", out, seen=one).status_code == 409
    assert holder_of(site, "a5").home == "b1"


def test_a_name_that_was_given_up_makes_another_household(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    clerk.submit("/console/households", {"building": "b1", "name": "601"})
    one = "/console/households/one?id=b1-601"
    clerk.submit("/console/households/name", {"id": "b1-601", "name": "602"}, seen=one)
    again = clerk.submit("/console/households", {"building": "b1", "name": "601"})
    assert "id=b1-h" in str(again.url)
    taken = clerk.submit("/console/households/name", {"id": "b1-601", "name": "601"}, seen=one)
    assert taken.status_code == 422


# --- ends ------------------------------------------------------------------------------------


def test_who_leaves_loses_cards_and_place_in_the_list(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    assert act(clerk, "a4", "leave", why="").status_code == 422
    assert "已办理迁出" in act(clerk, "a4", "leave", why="搬走了").text
    assert cards_of(site, "a4") == {"card-a4": "blocked"}
    assert "先前已经关闭" in act(clerk, "a4", "leave", why="搬走了").text


def test_two_accounts_of_one_person_become_one(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    assert "into=a5" in clerk.text(f"{HOLDER}/merge?account=a4&q=a5")
    preview = f"{HOLDER}/merge?account=a4&into=a5"
    assert "card-a4" in clerk.text(preview)
    fields = {"loser": "a4", "winner": "a5", "why": "登记了两次"}
    assert "已把 a4 并入 a5" in clerk.submit(f"{HOLDER}/merge", fields, seen=preview).text
    assert set(cards_of(site, "a5")) == {"card-a4", "card-a5"}
    again = clerk.submit(f"{HOLDER}/merge", fields, seen=f"{HOLDER}/merge?account=a4")
    assert "先前已经并入" in again.text
    assert "已并入" in clerk.text(f"{HOLDER}?account=a4")
    assert verify(site.engine) is None


def test_accounts_that_cannot_be_one_say_why_before_anything_is_done(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    with site.engine.begin() as connection:
        erase(connection, "a5", Staff("李", "clerk"), "本人要求", site.village.now)
    page = clerk.text(f"{HOLDER}/merge?account=a4&into=a5")
    assert "账户 a5 已经关闭，请并入在册的账户" in page
    assert "确认合并" not in page


def test_a_person_is_forgotten_once_their_number_is_typed(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    enrol(clerk)
    wrong = act(clerk, "a000001", "erase", why="本人要求", typed="a1")
    assert wrong.status_code == 422
    answer = act(clerk, "a000001", "erase", why="本人要求", typed="a000001")
    assert "个人信息已删除" in answer.text
    assert holder_of(site, "a000001").name_masked == "已注销0001"
    assert "查看完整信息" not in answer.text
    assert verify(site.engine) is None
