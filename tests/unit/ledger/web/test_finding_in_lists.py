"""What people look for in lists, and what their files hold."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from linli.ledger.staff.roles import Role
from linli.ledger.web.listing import has
from tests.unit.ledger.web.site import Browser, VillageSite


def rows_of(browser: Browser, path: str) -> list[list[object]]:
    """The file of a list, its head left out."""
    answer = browser.get(path)
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in list(sheet)[1:]]


@pytest.mark.parametrize(
    ("sought", "found"), [("", True), (" LIU ", True), ("芳", True), ("x", False), ("None", False)]
)
def test_what_is_typed_is_sought_in_every_column_whatever_its_case(
    sought: str, found: bool
) -> None:
    assert has(sought, "liufang", "刘芳", None) is found


def test_staff_are_found_by_name_role_and_state(site: VillageSite) -> None:
    admin = site.log_in(Role.ADMINISTRATOR)
    site.hire(Role.CLERK, "liufang")
    site.hire(Role.CLERK, "chenjie")
    admin.submit("/console/staff/end", {"login": "chenjie"}, seen="/console/staff")
    file = "/console/staff?format=xlsx"
    assert [row[0] for row in rows_of(admin, f"{file}&q=LIU")] == ["liufang"]
    assert [row[0] for row in rows_of(admin, f"{file}&role=clerk&state=ended")] == ["chenjie"]
    assert "liufang同志" not in admin.text("/console/staff?state=ended")


def test_a_story_is_found_by_its_words_and_never_computed(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    for title in ("=1+1", "帮邻居搬家"):
        story = {"title": title, "text": "大家一起动手。"}
        clerk.submit("/console/stories/new", story)
    file = clerk.get("/console/stories?format=xlsx&q=%3D1")
    sheet = load_workbook(io.BytesIO(file.content)).active
    assert sheet is not None
    assert sheet["B2"].value == "=1+1"
    assert sheet["B2"].data_type == "s"
    assert sheet["B2"].quotePrefix
    assert sheet.max_row == 2
    assert "帮邻居搬家" not in clerk.text("/console/stories?q=%3D1")


def test_all_cards_are_listed_when_asked_for_and_the_file_is_written_down(
    site: VillageSite,
) -> None:
    clerk = site.log_in(Role.CLERK)
    every = rows_of(clerk, "/console/cards?state=any&format=xlsx")
    assert every
    assert {row[5] for row in every} == {"在用"}
    assert rows_of(clerk, "/console/cards?format=xlsx") == []
    assert "export the cards" in site.audited()


def test_the_audit_log_is_cut_by_days_and_a_day_that_is_none_cuts_nothing(
    site: VillageSite,
) -> None:
    auditor = site.log_in(Role.AUDITOR)
    today = site.clock.now().date()
    file = "/console/audit?format=xlsx"
    every = rows_of(auditor, file)
    assert rows_of(auditor, f"{file}&since={today}&until={today}") == every != []
    assert rows_of(auditor, f"{file}&until=2020-01-01") == []
    assert rows_of(auditor, f"{file}&since=9999-12-31&until=x") == every
