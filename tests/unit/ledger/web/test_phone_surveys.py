"""A resident answers a survey on their phone, once, and may think again."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from linli.ledger.surveys.answering import reply_of
from linli.ledger.surveys.making import make, release
from linli.ledger.surveys.questions import Answer
from tests.unit.ledger.surveys.conftest import about
from tests.unit.ledger.web.residents import Residents
from tests.unit.ledger.web.site import Browser, VillageSite

SURVEYS = "/me/surveys"
A_DAY = 24 * 60


class Asked:
    """a1's phone, and a survey that is open."""

    def __init__(self, site: VillageSite) -> None:
        self.site = site
        self.phone: Browser = Residents(site).linked("a1")
        with site.engine.begin() as connection:
            self.id = self.make(connection)
        self.path = f"{SURVEYS}/{self.id}"

    def make(self, connection: Connection, *, open_: bool = True, **more: object) -> str:
        now = self.site.clock.now()
        id_ = make(connection, about(**more), "王主任", now)  # type: ignore[arg-type]
        if open_:
            release(connection, id_, now)
        return id_

    def said(self) -> dict[int, Answer]:
        with self.site.engine.connect() as connection:
            return reply_of(connection, self.id, "a1")


@pytest.fixture
def asked(site: VillageSite) -> Asked:
    return Asked(site)


def test_what_is_open_is_on_the_list_and_what_was_answered_is_marked(asked: Asked) -> None:
    page = asked.phone.text(SURVEYS)
    assert "应急值守" in page
    assert "已填" not in page
    asked.phone.submit(asked.path, {"q1": "5"})
    assert "已填，可以改" in asked.phone.text(SURVEYS)


def test_answers_of_each_kind_are_kept(asked: Asked) -> None:
    fields = {"q1": "4", "q2": "1", "q3": ["0", "2"], "q4": "夜里人少"}
    assert "答卷已收到" in asked.phone.submit(asked.path, fields).text
    assert asked.said() == {1: 4, 2: 1, 3: [0, 2], 4: "夜里人少"}


def test_the_form_comes_back_with_the_answers_and_they_can_be_changed(asked: Asked) -> None:
    asked.phone.submit(asked.path, {"q1": "4", "q3": ["0"], "q4": "人少"})
    page = asked.phone.text(asked.path)
    assert 'name="q1" value="4" checked' in page
    assert 'name="q3" value="0" checked' in page
    assert "人少</textarea>" in page
    asked.phone.submit(asked.path, {"q1": "1"})
    assert asked.said() == {1: 1}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "请至少回答一题"),
        ({"q1": "9"}, "第 1 题的回答不对"),
        ({"q1": "好"}, "不是整数"),
        ({"q3": ["x"]}, "请返回重新选择"),
        ({"q4": "字" * 301}, "第 4 题的回答要有 1 到 300 个字"),
    ],
)
def test_what_is_no_answer_is_refused_in_chinese(
    asked: Asked, fields: dict[str, str], says: str
) -> None:
    refused = asked.phone.submit(asked.path, fields)
    assert refused.status_code == 422
    assert says in refused.text
    assert asked.said() == {}


def test_after_the_last_day_the_form_is_gone_and_an_old_one_is_too_late(asked: Asked) -> None:
    tokens = asked.phone.text(asked.path)
    asked.site.clock.pass_(minutes=7 * A_DAY)
    assert "已经结束" in asked.phone.text(asked.path)
    csrf = tokens.split('name="csrf" value="')[1].split('"')[0]
    late = asked.phone.post(asked.path, data={"csrf": csrf, "q1": "5"})
    assert late.status_code == 409
    assert "已经结束" in late.text


def test_a_survey_that_is_not_open_is_not_there(asked: Asked) -> None:
    with asked.site.engine.begin() as connection:
        draft = asked.make(connection, open_=False)
    assert asked.phone.get(f"{SURVEYS}/{draft}").status_code == 404
    assert asked.phone.get(f"{SURVEYS}/none").status_code == 404


def test_a_phone_that_is_not_linked_is_told_how(asked: Asked) -> None:
    assert asked.site.browser().get(asked.path).url.path == "/me/welcome"
