"""A clerk of one community asks for what is another's, by its number: nothing is shown, nothing
done, whatever the page."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from linli.ledger.declarations.schema import desk_entry
from linli.ledger.people.checks import NewOrg
from linli.ledger.people.households import make_household
from linli.ledger.people.tree import add_orgs
from linli.ledger.staff.accounts import NewWorker, hire
from linli.ledger.staff.roles import Role
from linli.ledger.stories.writing import Draft, write
from linli.ledger.surveys.making import NewSurvey, make
from linli.ledger.surveys.questions import Kind, Question
from tests.unit.ledger.web.counter import Counter
from tests.unit.ledger.web.site import PASSWORD, Browser, VillageSite

HOLDER = "/console/people/holder"
FORGOT = {"account": "a1", "item": "D01", "day": "2026-11-24", "reason": "忘带卡", "paper": "1"}


@pytest.fixture
def theirs(site: VillageSite) -> Mapping[str, str]:
    """Numbers of things of the village: an entry that waits for its second signature, an order that
    waits at the centre, a household, a voucher, a story, a survey in the making."""
    now = site.clock.now()
    counter = Counter(site)
    voucher, order = counter.issue("a1"), counter.shop.redeem("a1", "r2", "rice")
    asked = [Question(Kind.SCALE, "好不好？")]
    with site.engine.begin() as connection:
        household, _ = make_household(connection, "b1", "301", now)
        story = write(connection, "village", Draft("好邻居", "他每天扫楼道。"), "x", now)
        new = NewSurvey("village", "问卷", now.date(), now.date(), asked)
        survey = make(connection, new, "李明", now)
    desk = site.log_in(Role.CLERK)
    desk.submit("/console/by-hand/new", FORGOT)
    (entry,) = site.village.rows(desk_entry)
    return {
        "entry": entry.id,
        "order": f"redeem.{order.id}",
        "household": household,
        "voucher": voucher.id,
        "story": str(story),
        "survey": survey,
    }


@pytest.fixture
def neighbour(site: VillageSite) -> Browser:
    """The clerk of the community next door."""
    with site.engine.begin() as connection:
        lake = NewOrg("lake", "street", "community", "湖畔社区")
        add_orgs(connection, [lake], site.clock.now())
        new = NewWorker("lake", "湖畔同志", Role.CLERK, "lake")
        hire(connection, new, PASSWORD, site.clock.now(), must_change=False)
    browser = site.browser()
    browser.submit("/console/login", {"login": "lake", "password": PASSWORD, "code": ""})
    return browser


@pytest.mark.parametrize(
    "address",
    [
        *(
            f"{HOLDER}{page}?account=a1"
            for page in (
                "",
                "/full",
                "/export",
                "/home",
                "/leave",
                "/erase",
                "/merge",
                "/objection",
                "/phones",
            )
        ),
        *(f"/console/cards/{page}?id=card-a1" for page in ("replace", "stop", "free")),
        "/console/cards/new?account=a1",
        "/console/cards/order?account=a1",
        "/console/households/one?id={household}",
        "/console/shop/desk?who=a1",
        "/console/shop/desk?who=card-a1",
        "/console/shop/desk/voucher?id={voucher}",
        "/console/by-hand/entry?id={entry}",
        "/console/shop/merchants/bakery",
        "/console/shop/settlements/bakery/2026-10.xlsx",
        "/console/shop/settlements/bakery/2026-10.pdf",
        "/console/surveys/{survey}",
    ],
)
def test_nothing_of_another_community_is_shown(
    theirs: Mapping[str, str], neighbour: Browser, address: str
) -> None:
    assert neighbour.get(address.format(**theirs)).status_code in (403, 404)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (f"{HOLDER}/full", {"account": "a1", "why": "看看"}),
        (f"{HOLDER}/personal", {"account": "a1", "name": "王五"}),
        (f"{HOLDER}/consent", {"account": "a1", "consent": "yes"}),
        (f"{HOLDER}/export", {"account": "a1", "why": "看看"}),
        (f"{HOLDER}/home", {"account": "a1", "place": "b1", "door": "1", "seen": "b1"}),
        (f"{HOLDER}/leave", {"account": "a1", "why": "搬走"}),
        (f"{HOLDER}/erase", {"account": "a1", "typed": "a1", "why": "注销"}),
        (f"{HOLDER}/merge", {"loser": "a2", "winner": "a1", "why": "同一人"}),
        (f"{HOLDER}/objection", {"account": "a1", "deed": "x", "words": "不对"}),
        (f"{HOLDER}/phones/code", {"account": "a1", "why": "换手机"}),
        (f"{HOLDER}/phones/revoke", {"account": "a1", "why": "丢了"}),
        ("/console/cards/stop", {"id": "card-a1", "why": "丢了"}),
        ("/console/cards/free", {"id": "card-a1", "why": "找到了"}),
        ("/console/cards/new", {"account": "a1"}),
        ("/console/cards/order", {"account": "a1"}),
        ("/console/cards/replace", {"old": "card-a1"}),
        ("/console/households", {"building": "b1", "name": "302"}),
        ("/console/households/name", {"id": "{household}", "name": "302"}),
        ("/console/households/in", {"id": "{household}", "account": "a1"}),
        ("/console/households/out", {"id": "{household}", "account": "a1"}),
        ("/console/shop/desk/goods", {"who": "a1", "ware": "rice", "pieces": "1"}),
        ("/console/shop/desk/voucher", {"who": "a1", "offer": "bread"}),
        ("/console/shop/desk/refund-voucher", {"who": "a1", "id": "{voucher}", "reason": "退"}),
        ("/console/shop/orders/hand-out", {"id": "{order}"}),
        ("/console/shop/orders/refund", {"id": "{order}", "reason": "退"}),
        ("/console/shop/shelves/price", {"ware": "rice", "points": "1"}),
        ("/console/shop/shelves/count", {"ware": "rice", "pieces": "1"}),
        ("/console/shop/shelves/take-in", {"ware": "rice", "pieces": "1"}),
        ("/console/shop/shelves/withdraw", {"ware": "rice"}),
        ("/console/shop/merchants/bakery/code", {}),
        ("/console/shop/merchants/bakery/devices/end", {"device": "1"}),
        ("/console/shop/merchants/bakery/offers/withdraw", {"offer": "bread"}),
        ("/console/stories/approve", {"number": "{story}"}),
        ("/console/stories/down", {"number": "{story}", "why": "不好"}),
        ("/console/by-hand/sign", {"id": "{entry}"}),
        ("/console/by-hand/refuse", {"id": "{entry}", "why": "不对"}),
    ],
)
def test_nothing_is_done_to_another_community(
    site: VillageSite,
    theirs: Mapping[str, str],
    neighbour: Browser,
    path: str,
    fields: dict[str, str],
) -> None:
    before = site.audited()
    filled = {name: value.format(**theirs) for name, value in fields.items()}
    answer = neighbour.submit(path, filled, seen="/console/people/by-phone")
    assert answer.status_code in (403, 404, 422)
    assert site.audited() == before


def test_nobody_writes_down_a_deed_for_another_community(
    site: VillageSite, neighbour: Browser
) -> None:
    answer = neighbour.submit("/console/by-hand/new", FORGOT)
    assert answer.status_code == 422
    assert not any(what.startswith("enter ") for what in site.audited())
