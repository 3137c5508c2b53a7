"""Cards are made and renewed over the simulated PN532 at its bytes: real driver, real ledger."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from doubles.clock import HandClock
from doubles.waiting import eventually

from linli.devices.readers.base import CardSeen, ReaderState
from linli.devices.readers.pn532 import Pn532
from linli.devices.simulated.cards import Ntag213, Ntag424
from linli.devices.simulated.reader import SimulatedReader
from linli.kiosk.cards.making import CardMaking, Progress
from linli.kiosk.network.ledger_asks import NotReachedError
from linli.ledger.issuing.rotating import begin_rotation
from linli.ledger.people.access_log import Staff
from linli.sync.asks import Answer, Ask, Declined
from linli.sync.card_asks import AskCard
from tests.unit.ledger.web.card_maker import CardMaker, blank
from tests.unit.ledger.web.site import RING, VillageSite

UID, OTHER, KEEPER = b"\x04abcdef", b"\x04ghijkl", b"\x04keeper"
SEVENTH = 7


class Bench:
    """`deaf` lets no ask reach the ledger; `told` is what was said of the card being made."""

    def __init__(self, maker: CardMaker, path: Path) -> None:
        self.maker = maker
        self.reader = SimulatedReader(path)
        self.driver = Pn532("reader-1", self.reader.path)
        self.clock = HandClock()
        self.due: set[bytes] = set()
        self.deaf = False
        self.told: list[Progress] = []
        self.seen: list[CardSeen | ReaderState] = []
        self.asked = 0
        self.answers: list[Answer | NotReachedError] = []
        self._one_at_a_time = threading.Lock()
        self.making = CardMaking(
            self,
            self.clock,
            due=self.due.__contains__,
            online=lambda: not self.deaf,
            spared=lambda uid: uid == KEEPER,
        )
        self.driver.speak_by(self.making)
        self.driver.start(self.seen.append)

    def post(
        self,
        ask: Ask,
        then: Callable[[Answer | NotReachedError], None],
        *,
        later: bool = False,
    ) -> None:
        self.asked += isinstance(ask, AskCard)
        if self.deaf:
            then(NotReachedError("deaf", heard=False))
            return
        with self._one_at_a_time:
            answer = self.maker.ask(ask)
        then(answer)
        self.answers.append(answer)

    def make(self, order: str) -> None:
        self.making.make(order, self.told.append)

    @property
    def end(self) -> str:
        """How the card came out."""
        last = next(p for p in reversed(self.told) if p.over)
        return f"made {last.made.card}" if last.made is not None else last.reason

    def close(self) -> None:
        self.driver.close()
        self.reader.close()


@pytest.fixture
def bench(site: VillageSite, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(CardMaker(site), tmp_path / "reader")
    yield bench
    bench.close()


def over(bench: Bench, times: int = 1) -> None:
    eventually(lambda: sum(p.over for p in list(bench.told)) >= times)


def test_a_blank_card_laid_on_the_reader_is_made(bench: Bench) -> None:
    card = blank(UID)
    bench.make(bench.maker.order("a1", "K-1"))
    bench.reader.field.place(card)
    over(bench)
    assert bench.end == "made K-1"
    assert [p.step for p in bench.told if not p.over] == [1, 1, 2, 3, 4, 5]
    assert {slot.version for slot in card.chip.keys} == {1}


@pytest.mark.parametrize("answers", [3, 9, 14, 18, 19, 22, 24, 26, 33])
def test_a_card_that_loses_contact_is_finished_while_it_lies_there(
    bench: Bench, answers: int
) -> None:
    card = blank(UID)
    bench.make(bench.maker.order("a1", "K-1"))
    bench.reader.field.tear(answers)
    bench.reader.field.place(card)
    eventually(lambda: any(p.made for p in list(bench.told)))
    assert {slot.version for slot in card.chip.keys} == {1}


def test_a_card_taken_away_is_finished_when_it_is_laid_there_again(bench: Bench) -> None:
    card = blank(UID)
    bench.make(bench.maker.order("a1", "K-1"))
    bench.reader.field.tear(24, returns=False)
    bench.reader.field.place(card)
    over(bench)
    assert bench.end == "card-torn"
    bench.reader.field.place(card)
    over(bench, 2)
    assert bench.end == "made K-1"


def test_another_card_is_refused_and_the_right_one_still_taken(bench: Bench) -> None:
    bench.maker.make(blank(OTHER), bench.maker.order("a2"))
    theirs, card = Ntag424(OTHER, bytes(16)), blank(UID)
    bench.make(bench.maker.order("a1", "K-1"))
    bench.reader.field.place(theirs)
    over(bench)
    assert bench.end == "card-taken"
    bench.reader.field.place(card)
    over(bench, 2)
    assert bench.end == "made K-1"


def test_a_refused_card_that_lies_there_is_not_asked_about_again(bench: Bench) -> None:
    bench.make(bench.maker.order("a1"))
    bench.reader.field.place(Ntag424(UID, b"somebody's key!!"))
    over(bench)
    asked, searches = bench.asked, bench.reader.chip.searches
    eventually(lambda: bench.reader.chip.searches > searches + SEVENTH)
    assert bench.asked == asked


def test_a_maintainers_own_card_is_never_made_into_another(bench: Bench) -> None:
    keeper = blank(KEEPER)
    bench.make(bench.maker.order("a1"))
    bench.reader.field.place(keeper)
    searches = bench.reader.chip.searches
    eventually(lambda: bench.reader.chip.searches > searches + SEVENTH)
    assert (bench.asked, bench.told) == (0, [])


def test_a_simple_card_is_only_seen(bench: Bench) -> None:
    bench.make(bench.maker.order("a1"))
    bench.reader.field.place(Ntag213(UID))
    eventually(lambda: any(isinstance(one, CardSeen) for one in list(bench.seen)))
    assert bench.asked == 0


def test_after_it_was_called_off_no_card_is_made(bench: Bench) -> None:
    card = blank(UID)
    bench.make(bench.maker.order("a1"))
    bench.making.stop()
    bench.reader.field.place(card)
    searches = bench.reader.chip.searches
    eventually(lambda: bench.reader.chip.searches > searches + SEVENTH)
    assert {slot.version for slot in card.chip.keys} == {0}


def test_without_the_ledger_nothing_happens_to_the_card(bench: Bench) -> None:
    card = blank(UID)
    bench.make(bench.maker.order("a1"))
    bench.deaf = True
    bench.reader.field.place(card)
    over(bench)
    assert bench.told[-1] == Progress(over=True)
    assert {slot.version for slot in card.chip.keys} == {0}


def renewing(bench: Bench) -> Ntag424:
    card = blank(UID)
    bench.maker.make(card, bench.maker.order("a1", "K-1"))
    with bench.maker.engine.begin() as connection:
        by = Staff("周强(zhou)", "maintainer")
        begin_rotation(connection, RING, "village", by, lambda n: b"n" * n, bench.maker.village.now)
    bench.due.add(UID)
    return card


def test_a_tap_renews_the_keys_after_it_was_told(bench: Bench) -> None:
    card = renewing(bench)
    bench.reader.field.place(card)
    eventually(lambda: bench.maker.row("K-1").next_key is None)
    assert {slot.version for slot in card.chip.keys} == {2}
    seen = [one for one in bench.seen if isinstance(one, CardSeen)]
    assert [(one.uid, one.torn) for one in seen] == [(UID, False)]


def test_a_tap_too_short_is_gone_on_with_at_the_next(bench: Bench) -> None:
    card = renewing(bench)
    bench.reader.field.tear(30, returns=False)
    bench.reader.field.place(card)
    eventually(lambda: Declined(reason="card-torn") in bench.answers)
    bench.reader.field.place(card)
    eventually(lambda: bench.maker.row("K-1").next_key is None)
    assert {slot.version for slot in card.chip.keys} == {2}


def test_without_the_network_no_card_is_kept_waiting(bench: Bench) -> None:
    card = renewing(bench)
    bench.deaf = True
    bench.reader.field.place(card)
    searches = bench.reader.chip.searches
    eventually(lambda: bench.reader.chip.searches > searches + SEVENTH)
    assert {slot.version for slot in card.chip.keys} == {1}
