"""A fresh ledger with the starting standard, and a small town to put into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from importlib.resources import files

import msgspec
import pytest
from doubles.databases import Databases, on_postgresql, on_sqlite
from sqlalchemy import Connection, Engine, select

from linli.ledger.feed.schema import change
from linli.ledger.people.cards import issue_cards
from linli.ledger.people.checks import NewCard, NewHolder, NewOrg
from linli.ledger.people.register import enrol
from linli.ledger.people.tree import add_orgs
from linli.ledger.standard.document import parse_standard
from linli.ledger.standard.versions import Standards, StandardShelf, store
from linli.sync.messages import Change, Kind, Row, StandardDoc, Stream
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.village import Village

Told = Callable[[Engine, str, Stream], list[Row]]

NOW = dt.datetime(2026, 11, 28, 8, 45, tzinfo=SHANGHAI)
ORGS = (
    NewOrg("xiangyang", None, "street", "向阳街道"),
    NewOrg("yangguang", "xiangyang", "community", "阳光社区"),
    NewOrg("yangguang-b1", "yangguang", "building", "1号楼"),
    NewOrg("yangguang-b2", "yangguang", "building", "2号楼"),
    NewOrg("hupan", "xiangyang", "community", "湖畔社区"),
    NewOrg("hupan-b1", "hupan", "building", "1号楼"),
)
HOLDERS = (
    NewHolder("a000001", "张小三", Kind.RESIDENT, "yangguang-b1", consent=True, under14=False),
    NewHolder("a000002", "欧阳娜", Kind.CADRE, "yangguang-b2", consent=False, under14=False),
    NewHolder("a000003", "李明", Kind.RESIDENT, "yangguang-b2", consent=True, under14=True),
    NewHolder("u000001", "阳光小学", Kind.UNIT, "yangguang", consent=True, under14=False),
    NewHolder("a000009", "周远", Kind.RESIDENT, "hupan-b1", consent=True, under14=False),
)
CARDS = (
    NewCard("c000001", "04a1b2c3d4e5f6", "a000001", "ntag424", "00" * 16),
    NewCard("c000002", "04a1b2c3d4e5f7", "a000002", "ntag213", None),
    NewCard("c000009", "04a1b2c3d4e5f9", "a000009", "ntag213", None),
)


@pytest.fixture(scope="session")
def standard_doc() -> StandardDoc:
    """The starting standard."""
    text = files("linli.assets").joinpath("points-standard.yaml").read_text(encoding="utf-8")
    return parse_standard(text)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Databases]:
    """Every test of the ledger runs on both."""
    if request.param == "sqlite":
        with on_sqlite(tmp_path_factory.mktemp("ledgers"), Village) as made:
            yield made
    else:
        with on_postgresql(request.getfixturevalue("cluster"), Village) as made:
            yield made


@pytest.fixture
def engine(databases: Databases, standard_doc: StandardDoc) -> Iterator[Engine]:
    """A ledger of its own, empty but for the starting standard."""
    engine = databases.fresh()
    with engine.begin() as connection:
        store(connection, standard_doc, NOW)
    yield engine
    databases.close(engine)


@pytest.fixture
def village(databases: Databases) -> Iterator[Village]:
    """The village of six, on a ledger of its own."""
    engine = databases.settled()
    yield Village(engine, settled=True)
    databases.close(engine)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """One transaction on the ledger."""
    with engine.begin() as connection:
        yield connection


@pytest.fixture
def now() -> dt.datetime:
    """A Saturday morning, a quarter of an hour before the first activity."""
    return NOW


@pytest.fixture
def standards(engine: Engine) -> Standards:
    with engine.connect() as connection:
        return StandardShelf().read(connection)


@pytest.fixture
def town(engine: Engine, now: dt.datetime) -> Engine:
    """The ledger with two communities, five holders and three cards."""
    with engine.begin() as connection:
        add_orgs(connection, ORGS, now)
        enrol(connection, HOLDERS, now)
        issue_cards(connection, CARDS, now)
    return engine


@pytest.fixture
def told() -> Told:
    """All rows of a community's feed in their order."""

    def rows(engine: Engine, scope: str, stream: Stream) -> list[Row]:
        query = (
            select(change.c.payload)
            .where(change.c.scope == scope, change.c.stream == stream.value)
            .order_by(change.c.number)
        )
        with engine.connect() as connection:
            payloads = connection.execute(query).scalars().all()
        changes = [msgspec.json.decode(payload, type=Change) for payload in payloads]
        return [row for one in changes for row in one.rows]

    return rows
