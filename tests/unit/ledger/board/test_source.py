"""The ledger's own board page shows what a board shows that followed its feed."""

from __future__ import annotations

from pathlib import Path

import pytest
from doubles.centre import plan

from linli.board.picture import Line, picture, steps_of
from linli.board.state import Tab
from linli.board.turning import Page
from linli.ledger.board.planning import say_urgent, set_plan
from linli.ledger.board.source import LedgerSource
from linli.ledger.database import reading
from linli.ledger.feed.snapshot import snapshot
from linli.ledger.stories.writing import Draft, approve, write
from linli.sync.messages import Stream
from linli.sync.replica import Replica
from tests.unit.ledger.shop.counter import DAY, Shop
from tests.unit.ledger.village import Village, at


@pytest.fixture
def lively(village: Village) -> Village:
    """Somebody came, somebody waits for a sign-out, a story is told, the shop is open."""
    village.send(
        village.check_in("a1", "patrol", "09:00"), village.sign_out("a1", "patrol", "10:05")
    )
    village.send(
        village.check_in("a2", "visit", "10:00"), village.check_in("a3", "patrol", "09:10")
    )
    Shop(village)
    with village.engine.begin() as connection:
        number = write(
            connection, "village", Draft("三楼的灯", "她每天看灯。"), "小李", village.now
        )
        approve(connection, number, "王书记", village.now)
    return village


def test_every_page_is_the_same_as_that_of_a_board(lively: Village, tmp_path: Path) -> None:
    replica = Replica(tmp_path / "board.db", "village", (Stream.CHANGES,))
    line = Line(online=True)
    for now in (at("12:00"), lively.now, lively.now + DAY):
        with reading(lively.engine) as connection:
            replica.load(snapshot(connection, "village", Stream.CHANGES, now), replace=True)
            source = LedgerSource(connection, "village", now)
            steps = steps_of(source, now)
            assert steps == steps_of(replica, now)
            pages = [page for step in steps for page in step.pages]
            for page in [*pages, *(Page(tab) for tab in Tab)]:
                ours = picture(source, now, page, place="阳光社区", line=line)
                assert ours == picture(replica, now, page, place="阳光社区", line=line)
    replica.close()


def test_what_staff_want_is_the_same_too(lively: Village, tmp_path: Path) -> None:
    now = lively.now
    with lively.engine.begin() as connection:
        set_plan(connection, "village", plan("unit", "shop 08:00-23:00"), "小李", now)
        for text in ("停水", "停电"):
            say_urgent(connection, "village", text, now, now + DAY, "小李", now)
    replica = Replica(tmp_path / "board.db", "village", (Stream.CHANGES,))
    with reading(lively.engine) as connection:
        replica.load(snapshot(connection, "village", Stream.CHANGES, now))
        source = LedgerSource(connection, "village", now)
        assert steps_of(source, now) == steps_of(replica, now)
        urgent = source.urgent(now)
        assert urgent is not None
        assert (urgent.text, urgent) == ("停电", replica.urgent(now))
    replica.close()
