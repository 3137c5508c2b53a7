"""Cards that are lost, found, and replaced by others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from linli.ledger.audit.verify import verify
from linli.ledger.feed.documents import news
from linli.ledger.ingest.stopping import free_card, stop_card, swap_card
from linli.ledger.people.card_life import replace_card, unblock_card
from linli.ledger.people.cards import block_card, issue_cards
from linli.ledger.people.checks import NewCard, PeopleError
from linli.ledger.people.leaving import leave
from linli.ledger.schema import card, deed
from linli.sync.messages import CardRow, Row, Stream
from tests.unit.ledger.village import Village, at

NEW = NewCard("card-new", "0400000000ff01", "a1", "ntag213", None)


def hot(village: Village) -> bytes:
    with village.engine.connect() as connection:
        return b"".join(m.payload for m in news(connection, {}, village.now) if "hot" in m.topic)


def status(village: Village, id_: str) -> str:
    with village.engine.connect() as connection:
        return str(connection.execute(select(card.c.status).where(card.c.id == id_)).scalar())


def test_a_replaced_card_is_hot_at_once_and_the_new_one_is_active(
    village: Village, told: Callable[[Engine, str, Stream], list[Row]]
) -> None:
    with village.engine.begin() as connection:
        swap_card(connection, "card-a1", NEW, village.now)
    assert b"card-a1" in hot(village)
    assert b"card-new" not in hot(village)
    rows = [r for r in told(village.engine, "village", Stream.HOLDERS) if isinstance(r, CardRow)]
    newest = {row.card: row for row in rows}
    assert (newest["card-a1"].status, newest["card-new"].status) == ("replaced", "active")
    assert newest["card-new"].account == "a1"
    assert verify(village.engine) is None


def test_a_tap_of_the_replaced_card_is_doubted_and_the_new_ones_counts(village: Village) -> None:
    with village.engine.begin() as connection:
        swap_card(connection, "card-a1", NEW, at("08:00"))
    village.send(
        village.check_in("a1", "visit", "10:05"),
        village.check_in("a1", "story", "14:35", card="card-new"),
    )
    assert village.deed("visit.a1").flags == "stopped-card"
    assert village.deed("story.a1").flags == ""
    assert verify(village.engine) is None


def test_a_blocked_card_can_be_replaced_and_stays_blocked_since_then(village: Village) -> None:
    with village.engine.begin() as connection:
        block_card(connection, "card-a1", at("08:00"))
        replace_card(connection, "card-a1", NEW, at("12:00"))
        row = connection.execute(select(card).where(card.c.id == "card-a1")).one()
        assert (row.status, row.blocked_at) == ("replaced", at("08:00"))
        assert not block_card(connection, "card-a1", at("13:00"))
    assert status(village, "card-a1") == "replaced"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("card-a9", NEW, "no card 'card-a9'"),
        ("card-a2", NEW, "for the same account"),
        ("card-a1", NewCard("card-a2", "0400000000ff02", "a1", "ntag213", None), "already"),
        ("card-a1", NewCard("card-new", "04", "a1", "ntag213", None), "not 4, 7 or 10 bytes"),
    ],
)
def test_a_wrong_replacement_is_refused_and_changes_nothing(
    village: Village, old: str, new: NewCard, says: str
) -> None:
    with village.engine.begin() as connection, pytest.raises(PeopleError, match=says):
        replace_card(connection, old, new, village.now)
    assert status(village, "card-a1") == "active"


def test_a_card_is_replaced_once(village: Village) -> None:
    again = NewCard("card-newer", "0400000000ff02", "a1", "ntag213", None)
    with village.engine.begin() as connection:
        replace_card(connection, "card-a1", NEW, village.now)
        with pytest.raises(PeopleError, match="replaced already"):
            replace_card(connection, "card-a1", again, village.now)
        with pytest.raises(PeopleError, match="destroy it"):
            unblock_card(connection, "card-a1", village.now)


def test_a_found_card_is_active_again_but_taps_while_it_was_lost_stay_doubted(
    village: Village,
) -> None:
    village.send(
        village.check_in("a1", "visit", "10:05"),
        village.check_in("a1", "story", "14:35"),
    )
    with village.engine.begin() as connection:
        assert stop_card(connection, "card-a1", at("09:30"))
        assert connection.execute(select(deed.c.flags)).scalars().all() == ["stopped-card"] * 2
        assert free_card(connection, "card-a1", at("12:00"))
        assert not free_card(connection, "card-a1", at("12:00"))
    assert village.deed("visit.a1").flags == "stopped-card"
    assert village.deed("story.a1").flags == ""
    assert b"card-a1" not in hot(village)
    assert verify(village.engine) is None


def test_the_hot_list_is_newer_after_a_card_was_found(village: Village) -> None:
    with village.engine.begin() as connection:
        block_card(connection, "card-a1", village.now)
    before = hot(village)
    with village.engine.begin() as connection:
        unblock_card(connection, "card-a1", village.now)
    assert hot(village) != before


def test_somebody_may_have_two_cards(village: Village) -> None:
    with village.engine.begin() as connection:
        issue_cards(connection, [NEW], village.now)
    village.send(village.check_in("a1", "visit", "10:05", card="card-new"))
    village.send(village.check_in("a1", "story", "14:35"))
    assert village.pending("a1") == 20


def test_somebody_who_left_gets_no_card_and_no_card_back(village: Village) -> None:
    later = village.now + dt.timedelta(hours=1)
    with village.engine.begin() as connection:
        leave(connection, "a1", village.now)
        with pytest.raises(PeopleError, match="is closed"):
            issue_cards(connection, [NEW], later)
        with pytest.raises(PeopleError, match="is closed"):
            unblock_card(connection, "card-a1", later)
