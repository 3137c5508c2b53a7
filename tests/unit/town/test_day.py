"""The seeded day: the same seed gives the same steps, with just as many taps as asked."""

from __future__ import annotations

import pytest

from linli.sync.rules import check_in_open
from linli.town import world as towns
from linli.town.day import Cut, KillBroker, Tap, script, share

WORLD = towns.build(7, towns.SATURDAY)


def test_the_same_seed_gives_the_same_town_and_the_same_day() -> None:
    again = towns.build(7, towns.SATURDAY)
    assert again == WORLD
    assert script(again, 60) == script(WORLD, 60)


def test_another_seed_gives_another_day() -> None:
    assert script(towns.build(8, towns.SATURDAY), 60) != script(WORLD, 60)


@pytest.mark.parametrize("taps", [20, 21, 60, 200])
def test_a_day_has_just_as_many_taps_as_asked(taps: int) -> None:
    steps = script(WORLD, taps)
    assert sum(isinstance(step.action, Tap) for step in steps) == taps


def test_a_day_has_one_cut_cable_and_one_killed_broker_in_its_middle() -> None:
    actions = [step.action for step in script(WORLD, 60)]
    assert sum(isinstance(action, Cut) for action in actions) == 1
    assert sum(isinstance(action, KillBroker) for action in actions) == 1
    assert not isinstance(actions[0], Cut | KillBroker)


def test_the_steps_are_in_the_order_of_time() -> None:
    times = [step.at for step in script(WORLD, 200)]
    assert times == sorted(times)


def test_fewer_taps_than_a_day_needs_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 20"):
        share(19)


def test_the_town_has_all_three_kinds_and_names_with_rare_characters() -> None:
    assert {p.kind.value for p in WORLD.people} == {"resident", "cadre", "unit"}
    assert {"王䶮", "李㛃", "赵𠅤明"} <= {p.name for p in WORLD.people}


def test_three_activities_are_open_when_somebody_comes_to_play() -> None:
    now = towns.at(WORLD.day, "14:35")
    assert sum(check_in_open(activity, now) for activity in WORLD.activities) == 3
