"""One tap, one report: what every card reader promises (linli/devices/readers/base.py).

Each driver runs on its own bench: the real driver above simulated hardware. Tests wait for polls
of the driver, not for time to pass.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from linli.devices.readers.base import Chip
from linli.devices.simulated.cards import (
    MifareClassic,
    Ntag213,
    Ntag424,
    RandomUidPhone,
    SimulatedCard,
)
from tests.contract.readers.bench import KEY, ReaderBench, uid

CARDS: dict[str, tuple[Callable[[], SimulatedCard], Chip]] = {
    "ntag213": (lambda: Ntag213(uid(1)), Chip.TYPE2),
    "ntag424": (lambda: Ntag424(uid(2), KEY), Chip.ISO_DEP),
    "classic": (lambda: MifareClassic(b"\x11\x22\x33\x44"), Chip.CLASSIC),
    "phone": (RandomUidPhone, Chip.ISO_DEP),
}


@pytest.mark.parametrize("kind", CARDS)
def test_a_card_that_lies_still_fires_once(bench: ReaderBench, kind: str) -> None:
    make, chip = CARDS[kind]
    bench.field.place(make())
    seen = bench.card()
    assert (seen.reader, seen.chip, seen.torn) == ("front", bench.chip(chip), False)
    assert bench.silent(polls=8)


def test_the_uid_is_the_card_s_own(bench: ReaderBench) -> None:
    bench.field.place(Ntag213(uid(77)))
    seen = bench.card()
    assert (seen.uid, seen.random_uid, seen.ndef) == (uid(77), False, None)


def test_a_tap_is_dated_by_the_clock_it_was_given(make_bench: Callable[..., ReaderBench]) -> None:
    bench = make_bench(monotonic=lambda: 1234.5)
    bench.start()
    bench.field.place(Ntag424(uid(1), KEY))
    assert bench.card().monotonic == 1234.5
    bench.close()


@pytest.mark.parametrize("kind", CARDS)
def test_a_flicker_is_silent(bench: ReaderBench, kind: str) -> None:
    bench.field.place(CARDS[kind][0]())
    bench.card()
    bench.flicker()
    assert bench.silent(polls=6)


def test_the_same_card_fires_again_when_it_comes_back(bench: ReaderBench) -> None:
    card = Ntag213(uid(1))
    for _ in range(3):
        bench.field.place(card)
        assert bench.card().uid == uid(1)
        bench.take_away()
    assert bench.told.empty()


def test_another_card_fires_at_once(bench: ReaderBench) -> None:
    cards: list[SimulatedCard] = [
        Ntag213(uid(1)),
        Ntag424(uid(2), KEY),
        Ntag213(uid(1)),
        MifareClassic(b"abcd"),
    ]
    for card in cards:
        bench.field.place(card)
        assert bench.card().uid == card.uid
    assert bench.silent()


def test_a_phone_is_marked_as_no_identity(bench: ReaderBench) -> None:
    bench.field.place(RandomUidPhone())
    seen = bench.card()
    assert (seen.random_uid, seen.ndef, seen.torn) == (True, None, False)
