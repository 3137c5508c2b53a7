"""The deeds on a notice, some lines at a time, those written down by hand apart."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from linli.ledger.notice.carried import carried
from linli.ledger.notice.listing import Deeds, deeds_shown
from linli.ledger.notice.objecting import take_back
from linli.ledger.notice.publishing import freeze
from linli.ledger.notice.sheets import notice_sheet
from linli.ledger.record.log import make_checkpoint
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import Kind
from tests.unit.ledger.notice.by_hand import write_down
from tests.unit.ledger.village import Village

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.fixture
def village(village: Village) -> Village:
    with village.engine.begin() as connection:
        freeze(connection, "village", "2026-11", village.now)
    return village


def shown(
    connection: Connection, kind: Kind | None = None, offset: int = 0, most: int = 50
) -> Deeds:
    standards = StandardShelf().read(connection)
    return deeds_shown(connection, "village", "2026-11", standards, kind, offset, most)


def test_deeds_are_told_by_day_with_public_names(village: Village) -> None:
    with village.engine.connect() as connection:
        found = shown(connection)
    assert found.total == 3
    assert [(d.name, d.points) for d in found.lines] == [("张*1", 10), ("张*1", 10), ("张*2", 10)]
    assert len({d.item for d in found.lines}) == 2


def test_they_come_page_by_page_and_by_kind(village: Village) -> None:
    with village.engine.connect() as connection:
        first, rest = shown(connection, most=2), shown(connection, most=2, offset=2)
        assert [len(first.lines), len(rest.lines), rest.total] == [2, 1, 3]
        assert shown(connection, kind=Kind.RESIDENT).total == 3
        assert shown(connection, kind=Kind.UNIT) == Deeds([], 0, [])


def test_what_was_written_down_by_hand_stands_apart(village: Village) -> None:
    with village.engine.begin() as connection:
        write_down(connection, "visit.a2", "卡片<挂失>补办中")
        found = shown(connection)
        (by_hand,) = found.written
    assert ([d.name for d in found.lines], found.total) == (["张*1", "张*1"], 2)
    assert (by_hand.name, by_hand.points) == ("张*2", 10)
    assert (by_hand.entered_by, by_hand.reason) == ("李*（王*复核）", "卡片<挂失>补办中")


def test_page_and_sheet_show_the_same_deeds(village: Village) -> None:
    with village.engine.begin() as connection:
        write_down(connection, "visit.a2", "卡片挂失补办中")
        make_checkpoint(connection, "points.example", KEY, lambda: bytes(32), village.now)
        standards = StandardShelf().read(connection)
        sheet = notice_sheet(connection, "village", "2026-11", standards, "支部", "https://x")
        assert sorted(map(str, sheet.deeds)) == sorted(map(str, shown(connection).lines))
        by_hand = shown(connection, kind=Kind.UNIT).written
    assert list(sheet.desk_deeds) == list(by_hand)


def test_what_was_taken_back_is_not_shown_any_more(village: Village) -> None:
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        take_back(connection, "visit.a2", "没来", standards, village.now, sealed=False)
        assert shown(connection).total == 2


def test_a_page_names_the_first_places_and_counts_all(village: Village) -> None:
    with village.engine.connect() as connection:
        every = carried(connection, "village", "2026-11")
        first = carried(connection, "village", "2026-11", first=1)
    assert every is not None
    assert first is not None
    assert (first.totals, first.ranked) == (every.totals, every.ranked)
    for some, whole in zip(first.rankings, every.rankings, strict=True):
        assert some.places == whole.places[:1]
        assert first.ranked[some.kind] == len(whole.places)
    assert first.ranked[Kind.RESIDENT] == 2
