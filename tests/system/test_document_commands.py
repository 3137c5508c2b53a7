"""The commands that print documents: the adjustment's notice, certificates, settlements."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from linli.ledger.awards.deciding import propose_candidates, vote
from linli.ledger.awards.rules import Title
from linli.ledger.database import open_database
from linli.ledger.review.panel import LEADER, appoint, set_quorum
from linli.ledger.shop.merchants import Merchant, add_merchant
from linli.sync.periods import SHANGHAI
from linli.town.clock import TownClock
from tests.system.test_ledger_commands import linli
from tests.unit.ledger.documents.pdf_text import Pdf
from tests.unit.ledger.standard.test_change_file import TEXT
from tests.unit.ledger.village import Village

NOVEMBER = dt.datetime(2026, 11, 25, 9, tzinfo=SHANGHAI)
JANUARY = dt.datetime(2027, 1, 10, 9, tzinfo=SHANGHAI)


class Desk:
    """A shell beside a ledger, with a clock of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.path = directory, directory / "ledger.db"
        self.engine: Engine = open_database(self.path)
        self.village = Village(self.engine)
        self.clock = TownClock.create(directory / "clock", NOVEMBER)

    def run(self, *arguments: str, clock: bool = True) -> str:
        more = ("--clock", str(self.directory / "clock")) if clock else ()
        done = linli("ledger", *arguments, "--database", str(self.path), *more)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def fail(self, *arguments: str) -> str:
        more = ("--clock", str(self.directory / "clock"))
        done = linli("ledger", *arguments, "--database", str(self.path), *more)
        assert done.returncode == 1
        return done.stderr

    def out(self) -> tuple[str, str]:
        return "--out", str(self.directory / "out")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def text_of(path: str) -> str:
    return Pdf(Path(path).read_bytes()).text


def test_an_adjustment_is_drafted_published_listed_and_printed(desk: Desk) -> None:
    file = desk.directory / "december.yaml"
    file.write_text(TEXT, encoding="utf-8")
    drafted = desk.run("standard", "adjust", str(file), "--by", "王主任")
    assert drafted == "draft 2026-12-1: 4 changes from 2026-12-01"
    assert "draft 2026-12-1: 4 changes" in desk.run("standard", "list", clock=False)
    published = desk.run("standard", "publish", "2026-12-1", "--by", "李书记")
    assert published == "version 2026-12 from 2026-12-01"
    listed = desk.run("standard", "list", clock=False)
    assert "B05 分值: 20 分 → 25 分（夜间值守多）" in listed
    assert "2026: 3 items and 4 entries adjusted" in listed
    told = json.loads(desk.run("standard", "list", "--json", clock=False))
    assert told["years"] == {"2026": {"items": 3, "entries": 4}}
    assert [version["adjustment"] for version in told["versions"]] == [None, "2026-12-1"]
    signed = ("--scope", "village", "--issuer", "评审小组", *desk.out())
    assert "文明养猫劝导" in text_of(desk.run("standard", "sheet", "2026-12-1", *signed))


def test_an_adjustment_that_is_refused_leaves_no_draft(desk: Desk) -> None:
    file = desk.directory / "december.yaml"
    file.write_text(TEXT.replace("old: 20", "old: 10"), encoding="utf-8")
    assert "look at it again" in desk.fail("standard", "adjust", str(file), "--by", "王主任")
    assert "draft" not in desk.run("standard", "list", clock=False)
    assert "no adjustment" in desk.fail("standard", "publish", "2026-12-1", "--by", "李书记")


def test_the_certificate_of_somebody_chosen_is_printed(desk: Desk) -> None:
    village = desk.village
    village.send(village.check_in("a1", "visit", "10:05"))
    village.decide("visit.a1")
    with desk.engine.begin() as connection:
        set_quorum(connection, "village", 1)
        appoint(connection, "village", "a4", LEADER, "居民代表", village.now)
        propose_candidates(connection, "village", "2026", JANUARY)
        vote(connection, "village", "2026", Title.STAR, "a1", "a4", JANUARY, in_favour=True)
    desk.clock.set(JANUARY)
    listed = desk.run("award", "list", "--scope", "village", "--year", "2026", clock=False)
    assert "2026-village-001" in listed
    signed = ("--name", "张小三", "--issuer", "阳光社区", *desk.out())
    text = text_of(desk.run("award", "certificate", "2026-village-001", *signed))
    assert "张小三：" in text
    assert "2027年1月10日" in text
    assert "no certificate" in desk.fail("award", "certificate", "2026-village-009", *signed)


def test_the_settlement_of_a_month_that_is_over_is_printed(desk: Desk) -> None:
    with desk.engine.begin() as connection:
        add_merchant(connection, Merchant("noodles", "village", "老街面馆", "M0017"))
    of = ("merchant", "settlement", "noodles", "--month", "2026-11", *desk.out())
    assert "is not over yet" in desk.fail(*of)
    desk.clock.set(JANUARY)
    pdf, sheet = desk.run(*of).splitlines()
    assert "老街面馆" in text_of(pdf)
    assert Path(sheet).read_bytes().startswith(b"PK")
