"""A part counts as failed, or as working again, once it has stood so for a while."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kiosk.health.steady import SETTLES_S, Stand, looked


def walked(*looks: tuple[float, bool]) -> Stand:
    stands: dict[str, Stand] = {}
    for now, works in looks:
        stands = looked(stands, {"reader": works}, now)
    return stands["reader"]


def test_a_reader_whose_cable_is_moved_has_not_failed() -> None:
    assert walked((0, True), (5, False), (7, True), (12, True)).works


def test_a_reader_that_is_still_being_opened_has_not_failed() -> None:
    assert walked((1000, False), (1003, False)).works
    assert not walked((1000, False), (1005, False)).works


def test_a_reader_that_stays_away_has_failed_and_is_back_as_soon() -> None:
    assert not walked((1000, True), (1005, False), (1005 + SETTLES_S, False)).works
    back = [(1020.0 + 5 * n, True) for n in range(3)]
    assert walked((1000, True), (1005, False), (1010, False), *back).works


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_one_that_comes_and_goes_counts_ever_more_seldom(seed: int) -> None:
    random, changes, stands = Random(seed), 0, looked({}, {"r": True}, 1000.0)
    for n in range(720):  # an hour
        before = stands["r"].works
        stands = looked(stands, {"r": random.random() < 0.5}, 1000.0 + 5 * n)
        changes += stands["r"].works is not before
    assert changes <= 24
