"""The community board as a web page: for everybody, without a cookie, live."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence

from sqlalchemy import Engine

from linli.ledger.board.planning import say_urgent
from linli.ledger.feed.writer import append
from linli.ledger.web.public.board_watch import BoardWatch
from linli.sync.messages import MomentRow, Stream
from tests.unit.ledger.shop.counter import DAY
from tests.unit.ledger.village import Village
from tests.unit.ledger.web.site import VillageSite

BOARD = "/board/village"
SCHEDULE = re.compile(r'data-schedule="([^"]+)"')


def told(engine: Engine, village: Village, id_: str) -> None:
    row = MomentRow(id=id_, name="张*", title="x", points=5, at=village.now)
    with engine.begin() as connection:
        append(connection, "village", Stream.CHANGES, [row], village.now)


def test_the_page_sets_no_cookie_and_takes_nothing_from_elsewhere(site: VillageSite) -> None:
    for path in (BOARD, f"{BOARD}/pages"):
        answer = site.browser().get(path)
        assert answer.status_code == 200
        assert not answer.cookies
        assert "style=" not in answer.text
        assert "http" not in re.sub(r'xmlns="[^"]+"', "", answer.text)
        assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_the_pages_are_those_of_the_round(site: VillageSite) -> None:
    village = site.village
    village.send(village.check_in("a2", "visit", "10:00"))
    text = site.browser().text(f"{BOARD}/pages")
    found = SCHEDULE.search(text)
    assert found is not None
    schedule = json.loads(found.group(1).replace("&#34;", '"'))
    keys = {key for step in schedule["steps"] for key in step["keys"]}
    assert keys == set(re.findall(r'data-key="([^"]+)"', text))
    assert {"resident-month", "building-week", "deeds-month"} <= keys
    assert "张*2" in text


def test_a_message_comes_with_its_hours_before_it_begins(site: VillageSite) -> None:
    now = site.village.now
    with site.engine.begin() as connection:
        say_urgent(connection, "village", "<b>停水</b>", now + DAY, now + 2 * DAY, "x", now)
    text = site.browser().text(f"{BOARD}/pages")
    assert f'data-from="{round((now + DAY).timestamp() * 1000)}"' in text
    assert "&lt;b&gt;停水" in text


def test_an_unchanged_page_is_not_sent_again(site: VillageSite) -> None:
    browser = site.browser()
    mark = browser.get(f"{BOARD}/pages").headers["etag"]
    again = browser.get(f"{BOARD}/pages", headers={"If-None-Match": mark})
    assert again.status_code == 304


def test_a_change_is_seen_at_once(site: VillageSite) -> None:
    browser = site.browser()
    browser.text(f"{BOARD}/pages")
    village = site.village
    village.send(village.check_in("a3", "visit", "10:00"))
    assert "张*3" in browser.text(f"{BOARD}/pages")


def test_the_page_speaks_english_where_it_is_asked_to(site: VillageSite) -> None:
    assert "Just now" in site.browser().text(f"{BOARD}/pages?lang=en")
    assert site.browser().get(f"{BOARD}?lang=xx").status_code == 422


def test_there_is_no_board_of_what_is_no_community(site: VillageSite) -> None:
    for path in ("", "/pages", "/changes"):
        assert site.browser().get(f"/board/street{path}").status_code == 404


def test_the_board_s_fonts_come_from_here(site: VillageSite) -> None:
    css = site.browser().text("/static/board.css")
    for address in re.findall(r"url\(([^)]+)\)", css):
        assert address.startswith("/fonts/linli-")
        assert site.browser().get(address).status_code == 200


async def _followed(watch: BoardWatch, engine: Engine, village: Village) -> Sequence[int | None]:
    seen: list[int | None] = []
    async for number in watch.follow("village"):
        seen.append(number)
        if len(seen) == 1:
            told(engine, village, "m-1")
        if len(seen) == 3:
            break
    return seen


def test_whoever_follows_hears_of_each_change_and_of_quiet(site: VillageSite) -> None:
    watch = BoardWatch(site.engine, look_s=0.02, quiet_s=0.3)
    first, second, third = asyncio.run(_followed(watch, site.engine, site.village))
    assert first is not None
    assert second == first + 1
    assert third is None


def test_whoever_goes_is_forgotten(site: VillageSite) -> None:
    async def come_and_go() -> bool:
        watch = BoardWatch(site.engine, look_s=0.02, quiet_s=0.05)
        following = watch.follow("village")
        await anext(following)
        await anext(following)
        await following.aclose()  # type: ignore[attr-defined]
        await asyncio.sleep(0.1)
        return not watch._waiting and (watch._looking is None or watch._looking.done())

    assert asyncio.run(come_and_go())
