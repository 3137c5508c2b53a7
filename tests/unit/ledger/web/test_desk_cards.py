"""The service desk: cards, and objections made there."""

from __future__ import annotations

import datetime as dt
import re

from sqlalchemy import select

from linli.ledger.audit.verify import verify
from linli.ledger.notice.publishing import freeze
from linli.ledger.people.schema import hot_list
from linli.ledger.schema import objection
from linli.ledger.staff.roles import Role
from tests.unit.ledger.web.desk import HOLDER, act, cards_of
from tests.unit.ledger.web.site import Browser, VillageSite
from tests.unit.ledger.web.test_review_pages import decide, patrol_of

NEW = {"id": "ｃ000123", "uid": "04:A1:B2:C3:D4:E5:F6", "chip": "ntag213"}


def issue(clerk: Browser, account: str, **changed: str) -> object:
    path = f"/console/cards/new?account={account}"
    return clerk.submit(path, {**NEW, "account": account, **changed})


def on_card(clerk: Browser, what: str, id_: str, why: str = "本人来说") -> object:
    return clerk.submit(f"/console/cards/{what}?id={id_}", {"id": id_, "why": why})


def hot_version(site: VillageSite) -> int:
    with site.engine.connect() as connection:
        return connection.execute(select(hot_list.c.version)).scalar() or 0


def test_a_card_is_issued_as_a_reader_types_it(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    assert "已发出" in issue(clerk, "a1").text
    assert cards_of(site, "a1")["c000123"] == "active"
    again = issue(clerk, "a2")
    assert again.status_code == 422
    assert "c000123 先前已经登记" in again.text
    assert 'value="04:A1:B2:C3:D4:E5:F6"' in again.text


def test_a_card_that_cannot_be_copied_needs_its_key_which_is_not_shown_again(
    site: VillageSite,
) -> None:
    clerk = site.log_in(Role.CLERK)
    assert "要填写密钥" in issue(clerk, "a1", chip="ntag424").text
    short = issue(clerk, "a1", chip="ntag424", key="abcd")
    assert "密钥不对" in short.text
    assert "abcd" not in short.text
    assert "已发出" in issue(clerk, "a1", chip="ntag424", key="00" * 16).text


def test_a_lost_card_is_on_the_hot_list_at_once_and_off_it_when_found(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    before = hot_version(site)
    assert "已挂失" in on_card(clerk, "stop", "card-a4").text
    assert hot_version(site) > before
    assert site.poked == 1
    assert "card-a4" in clerk.text("/console/cards")
    assert "先前已经停用" in clerk.text("/console/cards/stop?id=card-a4")
    assert "已解除挂失" in on_card(clerk, "free", "card-a4", "找到了").text
    assert cards_of(site, "a4") == {"card-a4": "active"}
    assert "不用解除" in clerk.text("/console/cards/free?id=card-a4")


def test_a_second_clerk_is_told_that_the_card_was_stopped_already(site: VillageSite) -> None:
    one, other = site.log_in(Role.CLERK, "one"), site.log_in(Role.CLERK, "other")
    page = other.text("/console/cards/stop?id=card-a4")
    on_card(one, "stop", "card-a4")
    tokens = dict(re.findall(r'name="(csrf|once)" value="([^"]+)"', page))
    fields = {**tokens, "id": "card-a4", "why": "丢了"}
    assert "先前已经停用" in other.post("/console/cards/stop", data=fields).text


def test_points_follow_a_replaced_card(site: VillageSite) -> None:
    patrol_of(site, "a4")
    clerk = site.log_in(Role.CLERK)
    path = "/console/cards/replace?id=card-a4"
    assert "已换成新卡" in clerk.submit(path, {**NEW, "old": "card-a4"}).text
    assert cards_of(site, "a4") == {"card-a4": "replaced", "c000123": "active"}
    assert site.village.pending("a4") == 10
    twice = clerk.submit(path, {**NEW, "id": "c000124", "uid": "04a1b2c3d4e5f7", "old": "card-a4"})
    assert "先前已经换过" in twice.text
    assert verify(site.engine) is None


def test_cards_are_found_by_number_and_uid(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    for query in ("card-a5", "04 00 00 00 00 00 04"):
        page = clerk.text(f"/console/cards?q={query}")
        assert "找到 1 张" in page
        assert "张*5" in page
    assert "本社区没有这张卡" in clerk.text("/console/cards?q=c999999")


# --- objections ------------------------------------------------------------------------------


def test_an_objection_at_the_desk_is_kept_as_one(site: VillageSite) -> None:
    patrol_of(site, "a5")
    for role in (Role.LEADER, Role.MEMBER):
        decide(site.log_in(role), "post")
    now = dt.datetime(2026, 12, 1, 9, 0, tzinfo=site.village.now.tzinfo)
    site.clock.wall = now
    with site.engine.begin() as connection:
        freeze(connection, "village", "2026-11", now)
    clerk = site.log_in(Role.CLERK)
    page = clerk.text(f"{HOLDER}/objection?account=a4")
    assert "张*5" in page
    deed = re.findall(r'name="deed" value="([^"]+)"', page)[0]
    assert "异议已记下" in act(clerk, "a4", "objection", deed=deed, words="那天没有来").text
    assert "已提，等答复" in clerk.text(f"{HOLDER}/objection?account=a4&q=张*5")
    with site.engine.connect() as connection:
        kept = connection.execute(select(objection)).one()
    assert (kept.account, kept.way, kept.words) == ("a4", "desk", "那天没有来")


def test_without_a_notice_there_is_nothing_to_object_to(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    assert "没有正在公示的月份" in clerk.text(f"{HOLDER}/objection?account=a4")
