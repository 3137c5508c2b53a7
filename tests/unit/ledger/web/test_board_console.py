"""Staff plan the boards of their community, and put urgent messages on them."""

from __future__ import annotations

import datetime as dt

import pytest
from httpx2 import Response

from linli.board.plan import DEFAULT
from linli.board.state import Tab
from linli.ledger.database import reading
from linli.ledger.feed.board import read_plan, read_urgent
from linli.ledger.staff.roles import Role
from linli.sync.messages import BoardPage, BoardPlanRow, UrgentRow
from tests.unit.ledger.web.site import Browser, VillageSite

BOARD = "/console/board"


@pytest.fixture
def clerk(site: VillageSite) -> Browser:
    return site.log_in(Role.CLERK)


def planned(browser: Browser, *pages: str, **changed: object) -> Response:
    fields: dict[str, object] = {
        "page": list(pages),
        "per": ["month"],
        "dim_from": "21:30",
        "dim_until": "06:30",
        "dim_percent": "45",
    }
    for number, tab in enumerate(Tab, start=1):
        fields |= {
            f"order-{tab}": str(number),
            f"seconds-{tab}": "15",
            f"first-{tab}": "00:00",
            f"last-{tab}": "00:00",
        }
    return browser.submit(f"{BOARD}/plan", {**fields, **changed}, seen=BOARD)


def said(browser: Browser, text: str, **changed: str) -> Response:
    fields = {"text": text, "from": "2026-11-24T20:00", "until": "2026-11-24T22:00", **changed}
    return browser.submit(f"{BOARD}/urgent", fields, seen=BOARD)


def plan_of(site: VillageSite) -> BoardPlanRow | None:
    with reading(site.engine) as connection:
        return read_plan(connection, "village")


def messages_of(site: VillageSite) -> list[UrgentRow]:
    with reading(site.engine) as connection:
        return read_urgent(connection, "village", site.clock.now())


def test_the_form_shows_what_boards_do_without_a_plan(site: VillageSite, clerk: Browser) -> None:
    page = clerk.text(BOARD)
    assert page.count(" checked") == len(DEFAULT.pages) + len(DEFAULT.periods)
    assert "打开网页版电子屏" in page


def test_pages_are_chosen_ordered_and_given_hours(site: VillageSite, clerk: Browser) -> None:
    answer = planned(
        clerk,
        "resident",
        "shop",
        **{"order-shop": "1", "order-resident": "2", "first-shop": "08:00", "last-shop": "18:30"},
    )
    assert "已保存" in answer.text
    assert plan_of(site) == BoardPlanRow(
        pages=[
            BoardPage(page="shop", seconds=15, first="08:00", last="18:30"),
            BoardPage(page="resident", seconds=15, first="00:00", last="24:00"),
        ],
        periods=["month"],
        dim_from="21:30",
        dim_until="06:30",
        dim_percent=45,
    )
    assert site.poked == 1
    assert site.audited()[-1] == "plan the board"
    assert clerk.text(BOARD).count(" checked") == 3


def test_what_cannot_be_planned_is_said(site: VillageSite, clerk: Browser) -> None:
    assert "至少要有一个排名" in planned(clerk, "story").text
    assert "08:30" in planned(clerk, "resident", dim_from="late").text
    assert "请检查时间和秒数" in planned(clerk, "resident", **{"seconds-resident": "1"}).text
    assert plan_of(site) is None


def test_an_urgent_message_is_said_shown_and_taken_off(site: VillageSite, clerk: Browser) -> None:
    assert "紧急通知已发出" in said(clerk, "今晚停水").text
    (message,) = messages_of(site)
    assert (message.text, message.until.astimezone(dt.UTC).hour) == ("今晚停水", 14)
    assert "正在显示" in clerk.text(BOARD)
    ended = clerk.submit(f"{BOARD}/urgent/end", {"number": message.id}, seen=BOARD)
    assert "已撤下" in ended.text
    assert messages_of(site) == []
    assert site.audited()[-2:] == [
        "urgent message on the board",
        f"end urgent message {message.id}",
    ]


@pytest.mark.parametrize(
    ("text", "until", "says"),
    [
        ("停水", "2026-11-24T19:00", "已经过时"),
        ("停水", "2027-11-24T19:00", "最多显示 7 天"),
        ("停水", "soon", "日期和时间"),
        ("长" * 61, "2026-11-24T22:00", "写 1 到 60 个字"),
    ],
)
def test_a_message_that_cannot_be_is_refused_in_chinese(
    site: VillageSite, clerk: Browser, text: str, until: str, says: str
) -> None:
    answer = said(clerk, text, until=until)
    assert answer.status_code == 422
    assert says in answer.text
    assert messages_of(site) == []


def test_the_same_form_sent_twice_is_one_message(site: VillageSite, clerk: Browser) -> None:
    fields = {"text": "停水", "from": "2026-11-24T20:00", "until": "2026-11-24T22:00"}
    fields |= {"once": "the-same-form-of-the-board"}
    for _ in range(2):
        clerk.submit(f"{BOARD}/urgent", fields, seen=BOARD)
    assert len(messages_of(site)) == 1


def test_who_may_only_look_sees_no_button(site: VillageSite) -> None:
    page = site.log_in(Role.AUDITOR).text(f"{BOARD}?scope=village")
    assert "保存安排" not in page
    assert "发一条紧急通知" not in page


def test_another_community_s_message_cannot_be_taken_off(site: VillageSite, clerk: Browser) -> None:
    assert clerk.submit(f"{BOARD}/urgent/end", {"number": "99"}, seen=BOARD).status_code == 422
