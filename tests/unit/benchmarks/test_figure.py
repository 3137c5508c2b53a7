"""What figures are made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.benchmarks.figure import rise

sizes = st.floats(-1000, 1000)


@given(sizes, sizes, st.integers(2, 20))
def test_of_what_rises_evenly_the_rise_is_the_difference(
    first: float, last: float, count: int
) -> None:
    values = [first + (last - first) * place / (count - 1) for place in range(count)]
    assert rise(values) == pytest.approx(last - first, abs=1e-6)


def test_one_look_that_happens_to_be_high_says_little() -> None:
    assert rise([100.0, 100.0, 110.0, 100.0, 100.0]) == pytest.approx(0.0)
    assert rise([100.0, 100.0, 100.0, 100.0, 110.0]) < 10.0
