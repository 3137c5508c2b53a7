"""Somebody is enrolled at the desk, also while another clerk enrols somebody else."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from linli.ledger.audit.verify import verify
from linli.ledger.people.checks import NewHolder, PeopleError
from linli.ledger.people.directory import read_holders
from linli.ledger.people.newcomers import Newcomer, alike, is_child, welcome
from linli.ledger.people.personal import Personal
from linli.ledger.people.register import enrol
from linli.ledger.people.vault import KeyRing
from linli.sync.messages import Kind
from tests.unit.ledger.village import Village

RING = KeyRing("k1", {"k1": bytes(32)})


def newcomer(name: str = "王建国", **more: object) -> Newcomer:
    kind = more.get("kind", Kind.RESIDENT)
    assert isinstance(kind, Kind)
    born = more.get("born")
    assert born is None or isinstance(born, dt.date)
    given = Personal(name, birthday=born)
    return Newcomer(given, kind, "b1", str(more.get("door", "")), True, bool(more.get("child")))


def test_clerks_who_enrol_at_once_give_out_each_number_once(village: Village) -> None:
    def one(number: int) -> str:
        with village.engine.begin() as connection:
            new = newcomer(f"王{number}", door="301")
            return welcome(connection, "village", new, RING, village.now)

    with ThreadPoolExecutor(4) as clerks:
        accounts = sorted(clerks.map(one, range(8)))
    assert accounts == [f"a{number:06d}" for number in range(1, 9)]
    with village.engine.connect() as connection:
        assert {h.building for h in read_holders(connection, accounts).values()} == {"b1"}
    assert verify(village.engine) is None


def test_numbers_go_on_after_the_last_whatever_other_forms_there_are(village: Village) -> None:
    given = [("a000041", "张"), ("a99999x", "李"), ("a9", "赵")]
    with village.engine.begin() as connection:
        people = [NewHolder(a, n, Kind.RESIDENT, "b1", True, False) for a, n in given]
        enrol(connection, people, village.now)
        assert welcome(connection, "village", newcomer(), RING, village.now) == "a000042"
        unit = newcomer("阳光小学", kind=Kind.UNIT)
        assert welcome(connection, "village", unit, RING, village.now) == "u000001"


def test_nobody_is_enrolled_at_another_communitys_desk(village: Village) -> None:
    with (
        pytest.raises(PeopleError, match="is not of elsewhere"),
        village.engine.begin() as connection,
    ):
        welcome(connection, "elsewhere", newcomer(), RING, village.now)


def test_the_same_masked_name_behind_the_same_door_is_noticed(village: Village) -> None:
    with village.engine.begin() as connection:
        welcome(connection, "village", newcomer(door="301"), RING, village.now)
        assert alike(connection, newcomer("王保国", door="３０１")) == ["a000001"]
        assert alike(connection, newcomer("王保国")) == ["a000001"]
        assert alike(connection, newcomer("王保国", door="302")) == []
        assert alike(connection, newcomer("李明", door="301")) == []


def test_who_turns_14_today_is_a_child_no_more(village: Village) -> None:
    today = village.now.date()
    assert is_child(newcomer(born=today.replace(year=today.year - 14, day=25)), village.now)
    assert not is_child(newcomer(born=today.replace(year=today.year - 14)), village.now)
    assert is_child(newcomer(child=True), village.now)
    assert not is_child(newcomer(child=True, kind=Kind.CADRE), village.now)
