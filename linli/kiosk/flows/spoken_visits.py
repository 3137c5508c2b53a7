"""What the views of a visit say aloud: what to do next, and what came of it. Never how many points
somebody has, nor that they have too few."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from linli.assets.words import Words
from linli.devices.sound.base import Cue
from linli.kiosk.flows import number_words
from linli.kiosk.flows.news_views import Article, News, NoticeSheet, Ranking
from linli.kiosk.flows.shop_views import (
    Confirm,
    Ending,
    Phase,
    Redeemed,
    Redeeming,
    Shop,
    Slip,
    Vouchers,
)
from linli.kiosk.flows.visit_views import (
    AskCard,
    AskConsent,
    DeedDetail,
    Hindered,
    Hindrance,
    Object,
    Outcome,
    Pad,
    PadFor,
    PadTrouble,
    Points,
    Proof,
    Services,
    Told,
    Waiting,
)

Said = tuple[str, Cue | None]
"""The words, "" for none, and the cue before them."""


def _only_looked_at(_: object, __: Words) -> Said:
    return "", None


def _ask_card(_: AskCard, words: Words) -> Said:
    return words("Please tap your card"), None


def _deed(view: DeedDetail, words: Words) -> Said:
    match view.proof:
        case Proof.PROVEN:
            return words("It is in the public record."), Cue.SUCCESS
        case Proof.WRONG:
            return words("It does not agree. Please tell a member of staff."), Cue.TROUBLE
    return "", None


def _object(_: Object, words: Words) -> Said:
    return words("Please choose what is wrong."), None


def _consent(_: AskConsent, words: Words) -> Said:
    return words("Please choose whether your name may be shown."), None


def _pad(view: Pad, words: Words) -> Said:
    match view.trouble:
        case PadTrouble.WRONG:
            return words("That was not it. Please try once more."), Cue.TROUBLE
        case PadTrouble.DIFFERENT:
            return words("The two were different. Please choose again."), Cue.TROUBLE
        case PadTrouble.TOO_EASY:
            return words("Too easy to guess. Please choose others."), Cue.TROUBLE
    asked = {
        PadFor.PHONE: words("Please type your phone number."),
        PadFor.PIN: words("Please type your PIN, and cover it with your hand."),
        PadFor.MAINTENANCE: words("Please type your PIN, and cover it with your hand."),
        PadFor.OLD_PIN: words("Please type your PIN until now."),
        PadFor.NEW_PIN: words("Please choose six digits."),
        PadFor.NEW_PIN_AGAIN: words("Please type the same digits once more."),
    }
    return asked[view.for_], None


def _told(view: Told, words: Words) -> Said:
    text = {
        Outcome.OBJECTED: words("Your objection is noted."),
        Outcome.CONSENTED: words("It is noted."),
        Outcome.WITHDREW: words("It is noted."),
        Outcome.PIN_SET: words("Your PIN is set."),
        Outcome.LOSS_TAKEN: words("The card is stopped."),
    }[view.outcome]
    return text, Cue.SUCCESS


def _hindered(view: Hindered, words: Words) -> Said:
    """What concerns the person alone is read, not heard."""
    network = words("There is no network now. Please try again later.")
    desk = words("Please go to the service desk for this.")
    later = words("Please try again in a few minutes.")
    look = words("That does not work. Please see the screen.")
    text = {
        Hindrance.NO_NETWORK: network,
        Hindrance.VOUCHER_OFFLINE: network,
        Hindrance.LEASE_TOO_SMALL: network,
        Hindrance.PIN_OFFLINE: network,
        Hindrance.SILENT: network,
        Hindrance.SILENT_KEEPS: network,
        Hindrance.HELD_ELSEWHERE: later,
        Hindrance.SLOW: later,
        Hindrance.NO_ANSWER: later,
        Hindrance.DOOR_BUSY: later,
        Hindrance.TOO_BUSY: later,
        Hindrance.NOT_SAVED: words("It was not recorded. Please tell a member of staff."),
        Hindrance.CARD_COPYABLE: desk,
        Hindrance.NO_PIN: desk,
        Hindrance.CHOOSE_PIN: words("Please choose a PIN under Services first."),
        Hindrance.PIN_LOCKED: look,
        Hindrance.NOT_KNOWN: look,
        Hindrance.TOO_FEW: look,
        Hindrance.QUOTA: look,
        Hindrance.REFUSED: look,
        Hindrance.VOUCHER_USED: look,
        Hindrance.VOUCHER_OVER: look,
        Hindrance.SOLD_OUT: words("The last one has just gone."),
        Hindrance.WINDOW_CLOSED: words("Redeeming is closed now."),
        Hindrance.WITHDRAWN: words("This is not offered any more."),
    }[view.hindrance]
    return text, Cue.TROUBLE


def _waiting(_: Waiting, words: Words) -> Said:
    return words("One moment please"), None


def _confirm(_: Confirm, words: Words) -> Said:
    return words("Please confirm on the screen."), None


def _redeeming(view: Redeeming, words: Words) -> Said:
    door = number_words.number(view.door or 0, words.language)
    match view.phase:
        case Phase.PAYING | Phase.OPENING:
            return words("One moment please"), None
        case Phase.TAKE_IT:
            return words("Door {n} is open. Please take it.", n=door), Cue.SUCCESS
        case Phase.CLOSE_IT:
            return words("Please close the door."), None


def _redeemed(view: Redeemed, words: Words) -> Said:
    well = view.ending in (Ending.OUT, Ending.COUNTER, Ending.VOUCHER)
    text = {
        Ending.OUT: words("Redeemed."),
        Ending.COUNTER: words("Redeemed. Please get it at the counter."),
        Ending.VOUCHER: words("Redeemed. Your voucher is on the screen."),
        Ending.CAME_BACK: words("The door did not open. Your points came back."),
        Ending.STAFF_CALLED: words("Please wait for a member of staff. Nothing is lost."),
    }[view.ending]
    if well and view.slip is Slip.PRINTED:
        text = words("{first} {second}", first=text, second=words("Please take your receipt."))
    return text, Cue.SUCCESS if well else Cue.TROUBLE


VISITS_SAID: Mapping[type[Any], Callable[[Any, Words], Said]] = {
    AskCard: _ask_card,
    Points: _only_looked_at,
    DeedDetail: _deed,
    Object: _object,
    Services: _only_looked_at,
    AskConsent: _consent,
    Pad: _pad,
    Told: _told,
    Hindered: _hindered,
    Waiting: _waiting,
    Shop: _only_looked_at,
    Confirm: _confirm,
    Redeeming: _redeeming,
    Redeemed: _redeemed,
    Vouchers: _only_looked_at,
    News: _only_looked_at,
    Article: _only_looked_at,
    NoticeSheet: _only_looked_at,
    Ranking: _only_looked_at,
}
