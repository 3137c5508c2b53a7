"""The thread that goes round until it is closed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from doubles.waiting import eventually

from linli.sync.rounds import Rounds

LONG_S = 60.0


@contextmanager
def going(once: Callable[[], float | None], join_s: float | None = None) -> Iterator[Rounds]:
    rounds = Rounds("test", once, join_s)
    rounds.start()
    try:
        yield rounds
    finally:
        rounds.close()


class Counted:
    """A round that is counted, and rests for as long as it is told."""

    def __init__(self, *rests: float | None) -> None:
        self._rests = rests
        self.rounds = 0

    def __call__(self) -> float | None:
        self.rounds += 1
        return self._rests[min(self.rounds, len(self._rests)) - 1]


def test_it_goes_round_again_after_its_rest() -> None:
    once = Counted(0.0, 0.01, LONG_S)
    with going(once):
        eventually(lambda: once.rounds == 3)


def test_it_rests_no_longer_when_it_is_woken() -> None:
    once = Counted(LONG_S)
    with going(once) as rounds:
        eventually(lambda: once.rounds == 1)
        rounds.wake()
        eventually(lambda: once.rounds == 2)


def test_what_wakes_it_amid_a_round_brings_another_round() -> None:
    may = threading.Event()
    once = Counted(LONG_S)

    def held() -> float | None:
        rest_s = once()
        may.wait(LONG_S)
        return rest_s

    with going(held) as rounds:
        eventually(lambda: once.rounds == 1)
        rounds.wake()
        may.set()
        eventually(lambda: once.rounds == 2)


def test_a_round_that_asks_for_no_other_is_the_last() -> None:
    once = Counted(0.0, None)
    with going(once) as rounds:
        eventually(lambda: once.rounds == 2)
        rounds.wake()
        rounds.close()
    assert once.rounds == 2


def test_closing_ends_its_rest_and_begins_no_other_round() -> None:
    once = Counted(LONG_S)
    with going(once) as rounds:
        eventually(lambda: once.rounds == 1)
        assert not rounds.closing
        rounds.close()
        assert rounds.closing
    assert once.rounds == 1


def test_closing_waits_for_the_round_in_hand() -> None:
    begun, ended = threading.Event(), threading.Event()

    def slow() -> float | None:
        begun.set()
        eventually(lambda: rounds.closing)
        ended.set()
        return 0.0

    rounds = Rounds("test", slow)
    rounds.start()
    begun.wait(LONG_S)
    rounds.close()
    assert ended.is_set()


def test_closing_leaves_a_round_that_takes_longer_than_it_may() -> None:
    begun, may = threading.Event(), threading.Event()

    def stuck() -> float | None:
        begun.set()
        may.wait(LONG_S)
        return None

    with going(stuck, join_s=0.01) as rounds:
        begun.wait(LONG_S)
        rounds.close()
        assert not may.is_set()
        may.set()


def test_it_may_be_closed_before_it_was_started() -> None:
    once = Counted(0.0)
    Rounds("test", once).close()
    assert once.rounds == 0
