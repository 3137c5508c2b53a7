"""What is said where something is asked for, has come about, or cannot be done."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kiosk.flows.visit_views import (
    AskCard,
    AskConsent,
    Module,
    Outcome,
    Pad,
    PadFor,
    PadTrouble,
    Services,
    Told,
    Waiting,
)
from linli.kiosk.screens.phrases import addressed
from linli.kiosk.theme.words import Words


@dataclass(frozen=True)
class Telling:
    drawing: str
    headline: str
    sentence: str
    good: bool = False


def ask_card(view: AskCard, words: Words) -> Telling:
    sentence = words("Lay your service card on the reader.")
    if view.title:
        sentence = words("To redeem “{title}”.", title=view.title)
    return Telling("card-paper", words("Please tap your card"), sentence)


def waiting(view: Waiting, words: Words) -> Telling:
    return Telling("clock", words("One moment please"), words("The ledger is being asked."))


def told(view: Told, words: Words) -> Telling:
    headline, sentence = _told(view, words)
    return Telling("tick", addressed(view.name, headline, words), sentence, good=True)


def _told(view: Told, words: Words) -> tuple[str, str]:
    match view.outcome:
        case Outcome.OBJECTED:
            return (
                words("your objection is noted"),
                words("The panel answers it; you will see the answer at this entry."),
            )
        case Outcome.CONSENTED:
            return (
                words("your name is shown"),
                words("Rankings show it in part, never in full. You may take it back here."),
            )
        case Outcome.WITHDREW:
            return (
                words("your name is not shown"),
                words("Rankings will show an alias instead."),
            )
        case Outcome.PIN_SET:
            return (
                words("your PIN is set"),
                words("Tell it to nobody: staff never ask for it."),
            )
        case Outcome.LOSS_TAKEN:
            return (
                words("the card is stopped"),
                words.n(
                    "{n} card is not accepted anywhere any more. A new one is at the desk.",
                    "{n} cards are not accepted anywhere any more. A new one is at the desk.",
                    view.count,
                ),
            )


# --- services --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """A large button: a drawing, what it does, and how it is now."""

    drawing: str
    title: str
    note: str


def services_title(view: Services, words: Words) -> str:
    return addressed(view.name, words("what would you like to settle?"), words)


def link_phone(words: Words) -> Choice:
    return Choice("phone", words("Link my phone"), words("See points, redeem, declare."))


def public_name(agreed: bool, words: Words) -> Choice:
    now = words("It is shown, in part.") if agreed else words("An alias is shown.")
    return Choice("neighbours", words("My name in rankings"), now)


def choose_pin(has: bool, words: Words) -> Choice:
    if has:
        return Choice("lock", words("Change my PIN"), words("Six digits only you know."))
    return Choice("lock", words("Choose a PIN"), words("For larger things, and for a lost card."))


def lost_card(words: Words) -> Choice:
    return Choice("twins", words("A card is lost"), words("Stop it: points stay yours."))


def vouchers_again(words: Words) -> Choice:
    return Choice("voucher", words("My vouchers"), words("Show a code once more."))


def consent_question(view: AskConsent, words: Words) -> tuple[str, str]:
    return (
        words("May rankings show “{name}”?", name=view.name),
        words("Never your full name. Without it an alias stands there; your points are the same."),
    )


# --- the pad ---------------------------------------------------------------------------------


def pad(view: Pad, words: Words) -> tuple[str, str]:
    """The question, and what to know about it."""
    asked = {
        PadFor.PHONE: words("Card lost: your phone number, please"),
        PadFor.PIN: words("Your PIN, please"),
        PadFor.OLD_PIN: words("Your PIN until now, please"),
        PadFor.NEW_PIN: words("Choose six digits"),
        PadFor.NEW_PIN_AGAIN: words("The same digits once more"),
        PadFor.MAINTENANCE: words("The maintainer's PIN"),
    }[view.for_]
    return asked, _pad_note(view, words)


def _pad_note(view: Pad, words: Words) -> str:
    match view.trouble:
        case PadTrouble.WRONG if view.tries:
            return words.n(
                "That was not it. ⟦{n}⟧ try left.", "That was not it. ⟦{n}⟧ tries left.", view.tries
            )
        case PadTrouble.WRONG:
            return words("That was not it. Please try once more.")
        case PadTrouble.DIFFERENT:
            return words("The two were different. Please choose once more.")
        case PadTrouble.TOO_EASY:
            return words("Too easy to guess. Please choose others.")
    if view.for_ is PadFor.PHONE:
        return words("The one you gave at the service desk.")
    if view.for_ is PadFor.NEW_PIN:
        return words("Not a birthday, not 123456.")
    return words("Cover the digits with your hand.")


def module(which: Module, words: Words) -> Choice:
    """A door of the resting screen."""
    return {
        Module.POINTS: Choice("star", words("My points"), words("Balance, rank, deeds")),
        Module.SHOP: Choice("goods", words("Redeem"), words("Goods, services, vouchers")),
        Module.NEWS: Choice("talk", words("News"), words("Notice, ranking, stories")),
    }[which]
