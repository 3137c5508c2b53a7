"""The errands of the seeded day: people who have what they need, at moments of the day."""

from __future__ import annotations

import pytest

from linli.sync.messages import Kind
from linli.town import world as towns
from linli.town.belongings import phones
from linli.town.errands import ENOUGH, Line, Matter, cast, errands

WORLD = towns.build(1, towns.SATURDAY, past_days=towns.VISITED)


def test_the_same_world_gives_the_same_errands() -> None:
    again = towns.build(1, towns.SATURDAY, past_days=towns.VISITED)
    assert errands(again) == errands(WORLD)


@pytest.mark.parametrize("seed", range(1, 13))
def test_every_town_has_the_people_for_it_each_another(seed: int) -> None:
    world = towns.build(seed, towns.SATURDAY, past_days=towns.VISITED)
    accounts = [person.account for person in cast(world).values()]
    assert len(set(accounts)) == len(accounts)


def test_the_errands_are_in_the_order_of_time_and_each_matter_comes_once() -> None:
    found = errands(WORLD)
    assert [errand.at for errand in found] == sorted(errand.at for errand in found)
    assert sorted(errand.matter for errand in found) == sorted(Matter)


def test_people_of_all_kinds_and_a_passer_by_come() -> None:
    assert {errand.kind for errand in errands(WORLD)} == {*Kind, None}


def test_some_come_while_the_cable_is_cut() -> None:
    assert sum(errand.line is Line.CUT for errand in errands(WORLD)) >= 3


def test_whoever_needs_a_pin_of_the_desk_has_a_number_of_their_own() -> None:
    people, numbers = cast(WORLD), phones(WORLD)
    assert {people["copyable"].account, people["losing"].account} == numbers.keys()
    assert len(set(numbers.values())) == len(numbers)


def test_whoever_redeems_has_brought_points_along() -> None:
    people = cast(WORLD)
    buyers = ("proving", "careful", "copyable", "unit", "cadre", "hungry")
    assert all(people[role].carried >= ENOUGH for role in buyers)
