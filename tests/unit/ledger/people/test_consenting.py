"""Whether a name may stand in public is its bearer's to say, and boards hear of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import permutations

import pytest
from sqlalchemy import Engine, select

from linli.ledger.audit.verify import verify
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.consenting import set_consent
from linli.ledger.people.leaving import leave
from linli.ledger.schema import change, holder
from linli.sync.messages import MomentRow, Row, StandingRow, Stream
from tests.unit.ledger.village import Village

Told = Callable[[Engine, str, Stream], list[Row]]


@pytest.fixture
def village(village: Village) -> Village:
    village.send(village.check_in("a1", "visit", "10:05"))
    return village


def heard(village: Village, agreed: bool, minutes: int) -> bool:
    """What they said so long ago."""
    at = village.now - dt.timedelta(minutes=minutes)
    with village.engine.begin() as connection:
        return set_consent(connection, "a1", village.now, agreed=agreed, said_at=at)


def said(village: Village, agreed: bool, account: str = "a1") -> bool:
    with village.engine.begin() as connection:
        return set_consent(connection, account, village.now, agreed=agreed)


def names(rows: list[Row]) -> set[str]:
    """As a board has them that followed every change."""
    newest: dict[object, str] = {}
    for row in rows:
        if isinstance(row, StandingRow):
            newest[row.account, row.period] = row.name
        elif isinstance(row, MomentRow):
            newest[row.id] = row.name
    return set(newest.values())


def test_rankings_and_news_show_an_alias_once_it_is_taken_back(
    village: Village, told: Told
) -> None:
    assert names(told(village.engine, "village", Stream.CHANGES)) == {"张*1"}
    assert said(village, False)
    assert names(told(village.engine, "village", Stream.CHANGES)) == {"热心邻居0001"}
    assert said(village, True)
    assert names(told(village.engine, "village", Stream.CHANGES)) == {"张*1"}
    assert verify(village.engine) is None


def test_saying_what_is_so_already_tells_nobody(village: Village) -> None:
    before = len(village.rows(change))
    assert not said(village, True)
    assert len(village.rows(change)) == before


def test_who_left_may_still_take_it_back(village: Village, told: Told) -> None:
    with village.engine.begin() as connection:
        leave(connection, "a1", village.now)
    assert said(village, False)
    with village.engine.connect() as connection:
        newest = select(change.c.payload).order_by(change.c.at.desc(), change.c.number.desc())
        assert "张*1" not in connection.execute(newest.limit(1)).scalar_one().decode()
    assert names(told(village.engine, "village", Stream.CHANGES)) >= {"热心邻居0001"}


def test_nobody_agrees_for_an_account_that_is_not_there(village: Village) -> None:
    with pytest.raises(PeopleError, match="no account 'a99'"):
        said(village, True, "a99")


def test_an_old_word_that_is_heard_late_shows_no_name_again(village: Village) -> None:
    assert said(village, False)
    assert not heard(village, True, minutes=60)
    assert not next(row for row in village.rows(holder) if row.account == "a1").public_consent


@pytest.mark.parametrize("order", list(permutations([(True, 30), (True, 10), (False, 10)])))
def test_the_last_word_counts_in_whatever_order_they_are_heard(
    village: Village, order: tuple[tuple[bool, int], ...]
) -> None:
    for agreed, minutes in order:
        heard(village, agreed, minutes)
    assert not next(row for row in village.rows(holder) if row.account == "a1").public_consent
