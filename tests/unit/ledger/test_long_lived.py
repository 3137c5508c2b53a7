"""Python's collector in a program that runs for months."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from linli.ledger.long_lived import spare_what_stays


@pytest.fixture
def collector() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


class Circle:
    def __init__(self) -> None:
        self.itself = self


@pytest.mark.usefixtures("collector")
def test_what_is_there_is_left_alone_and_circles_made_later_are_still_found() -> None:
    spare_what_stays()
    assert gc.get_freeze_count() > 0
    made = weakref.ref(Circle())
    gc.collect()
    assert made() is None
