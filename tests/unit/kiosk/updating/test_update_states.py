"""How an update goes on, whatever comes in whatever order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kiosk.updating import states
from linli.kiosk.updating.states import (
    ROLLED_BACK_MOST,
    STARTS,
    Standing,
    Step,
    UpdateRefusedError,
)

VERSIONS = ("1.0", "2.0", "3.0")
MOVES: list[Callable[[Standing], Standing]] = [
    *[lambda standing, version=version: states.downloaded(standing, version)  # type: ignore[misc]
      for version in VERSIONS],
    states.unpacked,
    states.verified,
    states.switched,
    states.given_up,
    states.starting,
    states.confirmed,
]  # fmt: skip


def on_the_way_to_trial(standing: Standing, version: str) -> Standing:
    standing = states.downloaded(standing, version)
    return states.switched(states.verified(states.unpacked(standing)))


@given(st.lists(st.sampled_from(MOVES), max_size=60))
def test_an_update_never_touches_the_slot_that_is_confirmed(
    moves: list[Callable[[Standing], Standing]],
) -> None:
    standing = Standing()
    for move in moves:
        try:
            standing = move(standing)
        except UpdateRefusedError:
            continue
        assert standing.candidate is None or standing.candidate.slot != standing.slot
        assert all(times <= ROLLED_BACK_MOST for times in standing.rolled_back.values())


@given(st.lists(st.sampled_from(MOVES), max_size=60))
def test_an_update_starts_only_after_it_was_verified(
    moves: list[Callable[[Standing], Standing]],
) -> None:
    standing, was_verified = Standing(), set[str]()
    for move in moves:
        try:
            standing = move(standing)
        except UpdateRefusedError:
            continue
        candidate = standing.candidate
        if candidate is not None and candidate.step is Step.DOWNLOADED:
            was_verified.discard(candidate.slot)
        if candidate is not None and candidate.step is Step.VERIFIED:
            was_verified.add(candidate.slot)
        assert standing.starts_from is None or standing.starts_from in was_verified


def test_an_update_that_is_never_confirmed_is_rolled_back_at_the_start_after_the_third() -> None:
    standing = on_the_way_to_trial(Standing(), "2.0")
    taken = []
    for _ in range(STARTS + 1):
        standing = states.starting(standing)
        taken.append(standing.starts_from)
    assert taken == ["a", "a", "a", None]
    assert standing.rolled_back == {"2.0": 1}


def test_an_update_rolled_back_twice_is_refused_and_another_version_is_not() -> None:
    standing = Standing()
    for _ in range(ROLLED_BACK_MOST):
        standing = on_the_way_to_trial(standing, "2.0")
        while standing.candidate is not None:
            standing = states.starting(standing)
    with pytest.raises(UpdateRefusedError, match=r"2\.0 was rolled back 2 times"):
        states.downloaded(standing, "2.0")
    assert states.downloaded(standing, "2.1").candidate is not None


def test_an_update_that_is_confirmed_is_what_the_next_one_falls_back_to() -> None:
    standing = states.starting(on_the_way_to_trial(Standing(), "2.0"))
    standing = states.confirmed(standing)
    standing = states.starting(on_the_way_to_trial(standing, "3.0"))
    assert standing.starts_from == "b"
    while standing.candidate is not None:
        standing = states.starting(standing)
    assert (standing.starts_from, standing.version) == ("a", "2.0")


def test_an_update_is_refused_while_another_is_on_trial() -> None:
    standing = states.starting(on_the_way_to_trial(Standing(), "2.0"))
    with pytest.raises(UpdateRefusedError, match="on trial"):
        states.downloaded(standing, "3.0")
