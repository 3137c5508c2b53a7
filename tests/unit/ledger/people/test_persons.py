"""Personal data: sealed in the database, found by telephone, looked at with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select, update

from linli.ledger.audit.verify import verify
from linli.ledger.people.access_log import Staff
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.merging import merge
from linli.ledger.people.personal import Personal, plain_phone
from linli.ledger.people.persons import find_by_phone, keep_person, look, rekey
from linli.ledger.people.vault import KeyRing, VaultError
from linli.ledger.schema import audit_log, holder, person
from linli.sync.messages import HolderRow, Row, Stream
from tests.unit.ledger.village import Village

CLERK = Staff("李主任", "clerk")
WHY = "领证书"
OLD = KeyRing("k1", {"k1": bytes(32)})
RING = KeyRing("k2", {"k1": bytes(32), "k2": b"2" * 32})
WANG = Personal("王建国", "138 0000 1234", "12x4", dt.date(1980, 5, 1))
GIVEN = replace(WANG, id_tail="123x")


@pytest.fixture
def village(village: Village) -> Village:
    """a1 is 王建国."""
    with village.engine.begin() as connection:
        keep_person(connection, "a1", GIVEN, RING, village.now)
    return village


def test_nothing_is_readable_in_the_database(village: Village) -> None:
    (row,) = village.rows(person)
    kept = b"".join(value for value in row if isinstance(value, bytes))
    for value in ("王建国", "13800001234", "123X", "1980-05-01"):
        assert value.encode() not in kept


def test_a_look_shows_what_was_asked_for_and_is_written_down(village: Village) -> None:
    with village.engine.begin() as connection:
        shown = look(connection, "a1", ["phone", "id_tail"], RING, CLERK, WHY, village.now)
    assert shown == {"phone": "13800001234", "id_tail": "123X"}
    (row,) = village.rows(audit_log)
    assert (row.who, row.role, row.what) == ("李主任", "clerk", "look: phone id_tail")
    assert (row.account, row.why, row.at) == ("a1", WHY, village.now)


@pytest.mark.parametrize(
    ("account", "fields", "by", "why", "says"),
    [
        ("a1", ["phone"], CLERK, "  ", "what it is needed for"),
        ("a1", ["phone"], Staff("", "clerk"), WHY, "without a name"),
        ("a1", ["key_id"], CLERK, WHY, "ask for some of"),
        ("a1", [], CLERK, WHY, "ask for some of"),
        ("a2", ["phone"], CLERK, WHY, "nothing personal is kept"),
    ],
)
def test_without_a_reason_nothing_is_shown(
    village: Village, account: str, fields: list[str], by: Staff, why: str, says: str
) -> None:
    with village.engine.begin() as connection, pytest.raises(PeopleError, match=says):
        look(connection, account, fields, RING, by, why, village.now)
    assert village.rows(audit_log) == []


def test_a_value_of_another_account_does_not_open(village: Village) -> None:
    with village.engine.begin() as connection:
        keep_person(connection, "a2", Personal("李明"), RING, village.now)
        stolen = connection.execute(select(person.c.name).where(person.c.account == "a1")).scalar()
        connection.execute(update(person).where(person.c.account == "a2").values(name=stolen))
    with village.engine.begin() as connection, pytest.raises(VaultError):
        look(connection, "a2", ["name"], RING, CLERK, WHY, village.now)


def test_a_family_is_found_by_its_phone(village: Village) -> None:
    with village.engine.begin() as connection:
        keep_person(connection, "a2", Personal("李明", "+86 138-0000-1234"), OLD, village.now)
        found = find_by_phone(connection, "１３８００００１２３４", RING, CLERK, WHY, village.now)
        assert found == ["a1", "a2"]
        assert find_by_phone(connection, "13900001234", RING, CLERK, WHY, village.now) == []
    assert [row.account for row in village.rows(audit_log)] == ["a1", "a2", None]


def test_a_merged_account_is_found_as_its_bearer(village: Village) -> None:
    with village.engine.begin() as connection:
        merge(connection, "a1", "a2", village.now)
        found = find_by_phone(connection, "13800001234", RING, CLERK, WHY, village.now)
    assert found == ["a2"]


def test_keys_rotate(village: Village) -> None:
    with village.engine.begin() as connection:
        for account in ("a2", "a3", "a4"):
            keep_person(connection, account, Personal("李明", "13900001234"), OLD, village.now)
        assert [rekey(connection, RING, most=2) for _ in range(3)] == [2, 1, 0]
    only = KeyRing("k2", {"k2": RING.keys["k2"]})
    with village.engine.begin() as connection:
        shown = look(connection, "a3", ["name"], only, CLERK, WHY, village.now)
        assert shown == {"name": "李明"}
        found = find_by_phone(connection, "13900001234", only, CLERK, WHY, village.now)
    assert found == ["a2", "a3", "a4"]


def test_the_masked_name_follows_the_name(
    village: Village, told: Callable[[Engine, str, Stream], list[Row]]
) -> None:
    newest = told(village.engine, "village", Stream.HOLDERS)[-1]
    assert isinstance(newest, HolderRow)
    assert (newest.account, newest.name) == ("a1", "王*国")
    with village.engine.connect() as connection:
        name = select(holder.c.name_masked).where(holder.c.account == "a1")
        assert connection.execute(name).scalar() == "王*国"
    assert verify(village.engine) is None


def test_what_is_kept_again_takes_the_others_place(village: Village) -> None:
    with village.engine.begin() as connection:
        keep_person(connection, "a1", Personal("王建国"), RING, village.now)
        shown = look(connection, "a1", ["name", "phone"], RING, CLERK, WHY, village.now)
        assert shown == {"name": "王建国", "phone": None}
        assert not find_by_phone(connection, "13800001234", RING, CLERK, WHY, village.now)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (replace(GIVEN, name="  "), "name is empty"),
        (replace(GIVEN, phone="1380000"), "phone number is none"),
        (replace(GIVEN, id_tail="12x4"), "last may be X"),
        (replace(GIVEN, birthday=dt.date(2030, 1, 1)), "in the future"),
    ],
)
def test_what_is_no_value_is_refused_without_repeating_it(
    village: Village, given: Personal, says: str
) -> None:
    with village.engine.begin() as connection, pytest.raises(PeopleError, match=says) as caught:
        keep_person(connection, "a2", given, RING, village.now)
    assert "1380000" not in str(caught.value)
    assert len(village.rows(person)) == 1


def test_personal_data_shows_in_no_message_or_log() -> None:
    assert repr(WANG) == "Personal()"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("138 0000 1234", "13800001234"),
        ("+86-138-0000-1234", "13800001234"),
        ("００８６１３８００００１２３４", "13800001234"),
        ("(010) 6552-9988", "01065529988"),
        ("0571-85216688", "057185216688"),
    ],
)
def test_a_phone_number_is_written_in_many_ways(written: str, number: str) -> None:
    assert plain_phone(written) == number
