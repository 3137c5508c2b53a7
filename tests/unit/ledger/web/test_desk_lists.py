"""The service desk: a list of people is uploaded, looked at and taken whole or not at all."""

from __future__ import annotations

import re

from httpx2 import Response

from linli.ledger.audit.verify import verify
from linli.ledger.people.checks import NewOrg
from linli.ledger.people.tree import add_orgs
from linli.ledger.staff.roles import Role
from tests.unit.ledger.people.lists import HEAD, csv_text, xlsx
from tests.unit.ledger.web.desk import cards_of, holder_of
from tests.unit.ledger.web.site import Browser, VillageSite

IMPORTING = "/console/importing"
WANG = (
    "王建国",
    "居民",
    "1号楼",
    "301",
    "１３８００００１２３４",
    "c000100",
    "0400000000BB01",
    "是",
    "",
)
LI = ("䶮🙂<i>", "党员", "1号楼", "301", "", "", "", "否", "")
UPLOAD = re.compile(r'name="upload" value="([^"]+)"')


def upload(clerk: Browser, data: bytes, name: str = "名单.xlsx") -> Response:
    return clerk.submit(IMPORTING, {}, files={"list": (name, data)})


def confirm(clerk: Browser, preview: str) -> Response:
    found = UPLOAD.search(preview)
    assert found is not None, preview
    fields = {"upload": found.group(1)}
    return clerk.submit(f"{IMPORTING}/take", fields, seen=IMPORTING)


def test_a_list_is_looked_at_and_then_taken_whole(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    data = xlsx(["阳光社区"], HEAD, WANG, LI, merged=["A1:I1", "C3:C4"])
    preview = upload(clerk, data).text
    assert "确认登记 2 个账户" in preview
    assert "王*国" in preview
    assert "王建国" not in preview
    assert "<i>" not in preview
    assert holder_of(site, "a000001") is None
    assert "登记了 2 个账户" in confirm(clerk, preview).text
    assert holder_of(site, "a000001").name_masked == "王*国"
    assert cards_of(site, "a000001") == {"c000100": "active"}
    assert "import 2 people" in site.audited()
    assert verify(site.engine) is None


def test_problems_are_told_by_cell_and_nothing_is_offered(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    bad = [*WANG[:2], "9号楼", *WANG[3:]]
    answer = upload(clerk, csv_text(HEAD, bad, ["李四", "外星人", "1号楼"]).encode(), "a.csv")
    assert answer.status_code == 422
    assert "<strong>C2</strong>" in answer.text
    assert "<strong>B3</strong>" in answer.text
    assert UPLOAD.search(answer.text) is None


def test_hostile_files_get_a_clear_answer(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    assert "已损坏" in upload(clerk, b"PK\x03\x04" + bytes(100)).text
    assert "旧版 xls" in upload(clerk, b"\xd0\xcf\x11\xe0" + bytes(100)).text
    assert "文件超过 8 MB" in upload(clerk, bytes(8 * 2**20 + 1)).text
    assert "公式" in upload(clerk, xlsx(HEAD, ["=1+1", *WANG[1:]])).text
    assert "请选择一个名单文件" in clerk.submit(IMPORTING, {}).text


def test_a_confirmed_list_is_not_taken_again(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    preview = upload(clerk, xlsx(HEAD, WANG)).text
    confirm(clerk, preview)
    again = confirm(clerk, preview)
    assert again.status_code == 409
    assert "重新上传" in again.text
    assert holder_of(site, "a000002") is None


def test_a_preview_is_its_clerks_own_and_does_not_stay(site: VillageSite) -> None:
    one, other = site.log_in(Role.CLERK, "one"), site.log_in(Role.CLERK, "other")
    preview = upload(one, xlsx(HEAD, WANG)).text
    assert confirm(other, preview).status_code == 409
    site.clock.pass_(minutes=31)
    assert confirm(one, preview).status_code == 409
    assert holder_of(site, "a000001") is None


def test_a_ledger_that_changed_meanwhile_is_looked_at_again(site: VillageSite) -> None:
    one, other = site.log_in(Role.CLERK, "one"), site.log_in(Role.CLERK, "other")
    previews = [upload(clerk, xlsx(HEAD, WANG)).text for clerk in (one, other)]
    confirm(one, previews[0])
    late = confirm(other, previews[1])
    assert late.status_code == 409
    assert "账本有了变化" in late.text


def test_the_empty_list_is_one_that_can_be_filled(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    data = clerk.get(f"{IMPORTING}/template.xlsx").content
    assert "文件里没有人" in upload(clerk, data).text


def test_two_previews_of_one_number_do_not_meet(site: VillageSite) -> None:
    """Whoever comes second gets the numbers after."""
    with site.engine.begin() as connection:
        add_orgs(connection, [NewOrg("b2", "village", "building", "2号楼")], site.village.now)
    one, other = site.log_in(Role.CLERK, "one"), site.log_in(Role.CLERK, "other")
    first = upload(one, xlsx(HEAD, WANG)).text
    second = upload(other, xlsx(HEAD, ("赵六", "居民", "2号楼"))).text
    confirm(one, first)
    confirm(other, second)
    assert holder_of(site, "a000002").name_masked == "赵*"
