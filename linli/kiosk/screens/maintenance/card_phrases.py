"""What making cards says."""

from __future__ import annotations

from linli.kiosk.flows.card_making_views import CardsToMake, Making, MakingCard, OrderedCard
from linli.kiosk.screens.visit.telling_phrases import Telling
from linli.kiosk.theme.words import Words


def cards_title(view: CardsToMake, words: Words) -> tuple[str, str]:
    """The headline, and a note where there are no rows or not all."""
    title = words("Make cards")
    if view.orders is None:
        return title, words("Asking …")
    if not view.reached:
        return title, words("The ledger does not answer. Cards are only made with the network.")
    if not view.orders:
        return title, words("Nothing is ordered. Cards are ordered at the desk, in the console.")
    more = words.n("{n} more order follows", "{n} more orders follow", view.more)
    return title, more if view.more else ""


def order_note(order: OrderedCard, words: Words) -> str:
    card = words("Card {card}", card=order.card)
    return words("{card}: only the one begun", card=card) if order.begun else card


def making(view: MakingCard, words: Words) -> Telling:
    headline, sentence, drawing = _said(view, words)
    return Telling(drawing, headline, sentence, good=view.state is Making.MADE)


def _said(view: MakingCard, words: Words) -> tuple[str, str, str]:
    whose = words("For {name}, card {card}", name=view.order.name, card=view.order.card)
    return {
        Making.WAITING: (words("Lay the new card there"), whose, "card-paper"),
        Making.WRITING: (words("Leave the card there …"), whose, "card-paper"),
        Making.MADE: (words("The card is ready"), whose, "tick"),
        Making.TORN: (
            words("Lay the card there again"),
            words("It was taken away too soon. It goes on where it stopped."),
            "warning",
        ),
        Making.OTHER_CHIP: (
            words("This is no secure card"),
            words("Take a blank NTAG 424 DNA card."),
            "warning",
        ),
        Making.TAKEN: (
            words("This card is somebody's"),
            words("It stays as it is. Take a blank card."),
            "warning",
        ),
        Making.NOT_THIS: (
            words("Another card was begun"),
            words("Lay that one there. Is it broken? Then withdraw the order and order anew."),
            "warning",
        ),
        Making.FOREIGN: (
            words("This card was made elsewhere"),
            words("Its keys are not ours. Take a blank card."),
            "warning",
        ),
        Making.LOCKED: (
            words("This card is locked"),
            words("Too many wrong keys were tried on it. Take another card."),
            "warning",
        ),
        Making.FAILED: (
            words("That did not work"),
            words("Take the card away and lay it there again; if it goes on, take another."),
            "warning",
        ),
        Making.ORDER_GONE: (
            words("The order is gone"),
            words("It was carried out, withdrawn or is more than a day old."),
            "warning",
        ),
        Making.NOT_REACHED: (
            words("The ledger does not answer"),
            words("Nothing is lost. Go back and try again when the network is there."),
            "warning",
        ),
    }[view.state]
