"""A person is forgotten, or given all that is known of them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, insert, select

from linli.ledger.audit.verify import verify
from linli.ledger.database import reading
from linli.ledger.feed.snapshot import snapshot
from linli.ledger.people.access_log import Staff
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.erasing import erase
from linli.ledger.people.exporting import export
from linli.ledger.people.leaving import leave
from linli.ledger.people.merging import merge
from linli.ledger.people.personal import Personal
from linli.ledger.people.persons import find_by_phone, keep_person
from linli.ledger.people.vault import KeyRing
from linli.ledger.schema import audit_log, card, deed, holder, log_leaf, person, standing, transfer
from linli.sync.messages import HolderRow, MomentRow, Row, StandingRow, Stream
from tests.unit.ledger.village import Village, at

CLERK = Staff("李主任", "clerk")
WHY = "本人书面申请"
RING = KeyRing("k1", {"k1": bytes(32)})


@pytest.fixture
def village(village: Village) -> Village:
    """a1 is 王建国 with one deed; so has a2."""
    village.send(village.check_in("a1", "visit", "10:05"), village.check_in("a2", "visit", "10:06"))
    with village.engine.begin() as connection:
        keep_person(connection, "a1", Personal("王建国", "13800001234"), RING, village.now)
        keep_person(connection, "a2", Personal("王建国", "13800001234"), RING, village.now)
    return village


def forget(village: Village, account: str = "a1") -> bool:
    with village.engine.begin() as connection:
        return erase(connection, account, CLERK, WHY, village.now)


def test_what_says_who_they_are_is_gone_and_what_was_done_stays(village: Village) -> None:
    before = (village.rows(deed), village.rows(transfer))
    assert forget(village)
    assert (village.rows(deed), village.rows(transfer)) == before
    assert [row.account for row in village.rows(person)] == ["a2"]
    row = next(row for row in village.rows(holder) if row.account == "a1")
    assert (row.name_masked, row.alias, row.public_consent) == ("已注销0001", "已注销0001", False)
    assert (row.closed_as, row.closed_at) == ("erased", village.now)
    with village.engine.begin() as connection:
        assert find_by_phone(connection, "13800001234", RING, CLERK, WHY, village.now) == ["a2"]
        of = select(card.c.status).where(card.c.account == "a1")
        assert connection.execute(of).scalar() == "blocked"
    assert verify(village.engine) is None


def test_only_their_own_salts_are_thrown_away(village: Village) -> None:
    with village.engine.begin() as connection:
        connection.execute(
            insert(log_leaf),
            [
                {"place": n, "deed": id_, "state": "posted", "leaf": b"{}", "salt": bytes(32)}
                for n, id_ in enumerate(("visit.a1", "visit.a2"))
            ],
        )
    forget(village)
    assert {row.deed: row.salt for row in village.rows(log_leaf)} == {
        "visit.a1": None,
        "visit.a2": bytes(32),
    }


def test_boards_and_terminals_forget_the_name(
    village: Village, told: Callable[[Engine, str, Stream], list[Row]]
) -> None:
    forget(village)
    public = told(village.engine, "village", Stream.CHANGES)
    moments = {row.id: row.name for row in public if isinstance(row, MomentRow)}
    assert moments["visit.a1.in"] == "已注销0001"
    ranked = {row.account: row for row in public if isinstance(row, StandingRow)}
    assert (ranked["a1"].name, ranked["a1"].pending) == ("已注销0001", 0)
    centre = told(village.engine, "village", Stream.HOLDERS)
    assert {r.account: r.name for r in centre if isinstance(r, HolderRow)}["a1"] == "已注销0001"
    with reading(village.engine) as connection:
        for stream in Stream:
            assert "张*1" not in repr(snapshot(connection, "village", stream, village.now))


def test_erasing_twice_is_erasing_once(village: Village) -> None:
    assert forget(village)
    assert not forget(village)
    assert [row.what for row in village.rows(audit_log)] == ["erase"]
    with village.engine.begin() as connection, pytest.raises(PeopleError, match="was erased"):
        keep_person(connection, "a1", Personal("王建国"), RING, village.now)


def test_whoever_merged_their_accounts_is_forgotten_under_each(village: Village) -> None:
    with village.engine.begin() as connection:
        merge(connection, "a1", "a2", village.now)
    forget(village, "a1")
    assert village.rows(person) == []
    names = {row.account: row.name_masked for row in village.rows(holder)}
    assert (names["a1"], names["a2"]) == ("已注销0001", "已注销0002")
    assert {row.points for row in village.rows(standing)} == {0}
    village.send(village.check_in("a1", "story", "20:30"))
    assert village.deed("story.a1") is None
    assert verify(village.engine) is None


def test_who_left_before_can_be_erased_and_left_then(village: Village) -> None:
    with village.engine.begin() as connection:
        leave(connection, "a1", at("12:00"))
    forget(village)
    row = next(row for row in village.rows(holder) if row.account == "a1")
    assert (row.closed_as, row.closed_at) == ("erased", at("12:00"))
    assert verify(village.engine) is None


def test_nobody_is_erased_without_a_reason(village: Village) -> None:
    with village.engine.begin() as connection, pytest.raises(PeopleError, match="needed for"):
        erase(connection, "a1", CLERK, " ", village.now)
    with village.engine.begin() as connection, pytest.raises(PeopleError, match="no account 'a9'"):
        erase(connection, "a9", CLERK, WHY, village.now)
    assert len(village.rows(person)) == 2


def test_a_person_is_given_all_that_is_known_of_them(village: Village) -> None:
    with village.engine.begin() as connection:
        merge(connection, "a1", "a2", village.now)
        given = export(connection, "a1", RING, CLERK, WHY, village.now)
    assert json.loads(json.dumps(given)) == given
    assert given["account"] == "a2"
    by_account = {one["account"]: one for one in given["accounts"]}
    assert by_account["a1"]["personal"]["phone"] == "13800001234"
    assert [one["id"] for one in by_account["a1"]["deeds"]] == ["visit.a1"]
    assert [one["id"] for one in by_account["a2"]["cards"]] == ["card-a1", "card-a2"]
    assert "key" not in by_account["a2"]["cards"][0]
    assert [one["what"] for one in by_account["a2"]["looked_at_by"]] == ["export"]


def test_of_somebody_erased_only_the_journal_is_left(village: Village) -> None:
    forget(village)
    with village.engine.begin() as connection:
        given = export(connection, "a1", RING, CLERK, WHY, village.now)
    assert given["accounts"][0]["personal"] is None
    assert "王" not in json.dumps(given, ensure_ascii=False)
