"""The room of the menu where cards are made."""

from __future__ import annotations

import datetime as dt

import pytest
from doubles.card_making import HandMaking
from hypothesis import given
from hypothesis import strategies as st

from linli.devices.readers.base import CardSeen, Chip
from linli.kiosk.cards.making import Progress
from linli.kiosk.flows.card_making_views import (
    ORDERS_SHOWN,
    CardsToMake,
    Making,
    MakingCard,
    OrderedCard,
)
from linli.kiosk.maintenance.card_room import STATE_OF, CardRoom
from linli.sync.asks import REASONS
from linli.sync.card_asks import CARD_REASONS, CardMade, CardOrder

AT = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
ORDER = CardOrder(id="o1", card="K-1", name="张*三", made_at=AT)
ORDERED = OrderedCard("o1", "K-1", "张*三")


class Room:
    def __init__(self) -> None:
        self.port = HandMaking()
        self.touched = 0
        self.room = CardRoom(self.port, lambda act: act(), self._touch)

    def _touch(self) -> None:
        self.touched += 1

    def waiting(self) -> Room:
        """A card is awaited."""
        self.room.enter()
        self.port.told(ORDER)
        self.room.make("o1")
        return self

    @property
    def state(self) -> Making | None:
        view = self.room.view
        return view.state if isinstance(view, MakingCard) else None


def seen(chip: Chip, *, random_uid: bool = False) -> CardSeen:
    return CardSeen("r", b"\x04abcdef", chip, None, 0.0, random_uid, False)


def test_orders_are_asked_for_and_shown() -> None:
    room = Room()
    room.room.enter()
    assert room.room.view == CardsToMake()
    room.port.told(ORDER)
    assert room.room.view == CardsToMake((ORDERED,))


def test_more_orders_than_there_is_room_for_are_counted() -> None:
    room = Room()
    room.room.enter()
    room.port.told(*[ORDER] * (ORDERS_SHOWN + 2))
    view = room.room.view
    assert isinstance(view, CardsToMake)
    assert view.more == 2


def test_without_the_ledger_there_are_no_orders() -> None:
    room = Room()
    room.room.enter()
    room.port.told(reached=False)
    assert room.room.view == CardsToMake((), reached=False)


def test_an_answer_that_comes_late_is_for_nobody() -> None:
    room = Room()
    room.room.enter()
    room.room.enter()
    room.port.told(ORDER)
    assert room.room.view == CardsToMake()


def test_a_card_is_awaited_for_the_order_that_was_touched() -> None:
    room = Room().waiting()
    assert room.port.making == "o1"
    assert room.room.view == MakingCard(ORDERED)


def test_what_was_not_shown_cannot_be_touched() -> None:
    room = Room()
    room.room.enter()
    room.port.told(ORDER)
    room.room.make("o2")
    assert room.port.making is None


def test_progress_is_shown_and_keeps_the_menu_awake() -> None:
    room = Room().waiting()
    room.port.say(Progress(step=3))
    assert room.room.view == MakingCard(ORDERED, Making.WRITING, 3)
    assert room.touched == 1
    room.port.say(Progress(made=CardMade(card="K-1", name="张*三"), over=True))
    assert room.state is Making.MADE


@pytest.mark.parametrize("reason", [*CARD_REASONS, "account"])
def test_every_reason_about_a_card_has_its_own_words(reason: str) -> None:
    assert reason in REASONS
    room = Room().waiting()
    room.port.say(Progress(reason=reason, over=True))
    assert room.state is STATE_OF[reason]


def test_a_reason_of_a_later_ledger_is_a_failure() -> None:
    room = Room().waiting()
    room.port.say(Progress(reason="card-eaten", over=True))
    assert room.state is Making.FAILED


def test_a_silent_ledger_is_said() -> None:
    room = Room().waiting()
    room.port.say(Progress(over=True))
    assert room.state is Making.NOT_REACHED


@pytest.mark.parametrize(
    "card", [seen(Chip.TYPE2), seen(Chip.CLASSIC), seen(Chip.ISO_DEP, random_uid=True)]
)
def test_a_card_that_cannot_be_spoken_with_is_told_apart(card: CardSeen) -> None:
    room = Room().waiting()
    room.room.tapped(card)
    assert room.state is Making.OTHER_CHIP
    room.port.say(Progress(step=1))
    assert room.state is Making.WRITING


def test_a_tap_after_the_end_changes_nothing() -> None:
    room = Room().waiting()
    room.port.say(Progress(made=CardMade(card="K-1", name="张*三"), over=True))
    room.room.tapped(seen(Chip.TYPE2))
    assert room.state is Making.MADE


def test_back_leads_to_the_orders_and_then_out() -> None:
    room = Room().waiting()
    assert room.room.back()
    assert room.room.view == CardsToMake()
    assert room.port.making is None
    assert not room.room.back()
    assert room.room.view is None


def test_what_is_said_of_a_card_after_one_went_back_is_for_nobody() -> None:
    room = Room().waiting()
    room.room.back()
    room.port.say(Progress(step=4))
    assert room.room.view == CardsToMake()


@given(st.lists(st.sampled_from(["enter", "leave", "back", "make", "say", "tap"]), max_size=20))
def test_nobody_is_ever_made_a_card_for_while_no_order_is_shown(steps: list[str]) -> None:
    room = Room().waiting()
    for step in steps:
        match step:
            case "enter":
                room.room.enter()
            case "leave":
                room.room.leave()
            case "back":
                room.room.back()
            case "make":
                room.room.make("o1")
            case "say":
                room.port.say(Progress(step=2))
            case "tap":
                room.room.tapped(seen(Chip.TYPE2))
        assert (room.port.making is not None) == isinstance(room.room.view, MakingCard)
