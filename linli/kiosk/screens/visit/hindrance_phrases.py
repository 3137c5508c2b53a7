"""What is said where something cannot be done: what it is, and what to do now."""

from __future__ import annotations

from linli.kiosk.flows.visit_views import Hindered, Hindrance
from linli.kiosk.screens.phrases import addressed
from linli.kiosk.screens.visit.telling_phrases import Telling
from linli.kiosk.theme.words import Words

Said = tuple[str, str, str]
"""Drawing, headline, sentence."""


def hindered(view: Hindered, words: Words) -> Telling:
    said = {
        **_anywhere(words),
        **_offline(view, words),
        **_away(words),
        **_shop(words),
        **_vouchers(words),
    }
    drawing, headline, sentence = said[view.hindrance]
    return Telling(drawing, addressed(view.name, headline, words), sentence)


def _anywhere(words: Words) -> dict[Hindrance, Said]:
    return {
        Hindrance.NOT_SAVED: (
            "warning",
            words("this was not recorded"),
            words("The terminal cannot save right now. Please tell a member of staff."),
        ),
        Hindrance.CARD_COPYABLE: (
            "twins",
            words("please come to the points service desk"),
            words("This kind of card can be copied, so somebody has to see you first."),
        ),
        Hindrance.PIN_LOCKED: (
            "lock",
            words("the PIN is locked for now"),
            words("It was wrong too often. Wait a quarter of an hour, or ask at the desk."),
        ),
        Hindrance.NO_PIN: (
            "lock",
            words("you have no PIN yet"),
            words("Choose one at the points service desk; it takes a minute."),
        ),
        Hindrance.CHOOSE_PIN: (
            "lock",
            words("you have no PIN yet"),
            words("Choose one under “My points”, “Services”; it takes a minute."),
        ),
        Hindrance.NOT_KNOWN: (
            "warning",
            words("that does not fit"),
            words("Phone number or PIN is wrong, or was never given. The desk can help."),
        ),
    }


def _offline(view: Hindered, words: Words) -> dict[Hindrance, Said]:
    sentences = {
        Hindrance.NO_NETWORK: words(
            "This needs the network. Everything else works; please try again later."
        ),
        Hindrance.LEASE_TOO_SMALL: words.n(
            "Without the network you can use {n} point here. For more, please come back later.",
            "Without the network you can use {n} points here. For more, please come back later.",
            view.count,
        )
        if view.count
        else words("Without the network your points cannot be used here. Please come back later."),
        Hindrance.VOUCHER_OFFLINE: words("Vouchers need the network. Goods can be had meanwhile."),
        Hindrance.PIN_OFFLINE: words("This takes your PIN, and only the ledger can check it."),
    }
    headline = words("there is no network right now")
    return {which: ("network", headline, sentence) for which, sentence in sentences.items()}


def _away(words: Words) -> dict[Hindrance, Said]:
    """The points are somewhere, and come back."""
    coming, silent = words("your points are on their way"), words("the ledger did not answer")
    return {
        Hindrance.HELD_ELSEWHERE: (
            "clock",
            coming,
            words("Another terminal holds them for you. Try again in some minutes."),
        ),
        Hindrance.SLOW: (
            "clock",
            coming,
            words("They come back in a minute. Please try again then."),
        ),
        Hindrance.NO_ANSWER: (
            "clock",
            silent,
            words("Please try again in some minutes. If it stays so, please tell the desk."),
        ),
        Hindrance.SILENT: (
            "clock",
            silent,
            words("If points were taken, they come back by themselves."),
        ),
        Hindrance.SILENT_KEEPS: (
            "clock",
            silent,
            words("If it was paid, you find it under “My vouchers” or at the counter."),
        ),
    }


def _shop(words: Words) -> dict[Hindrance, Said]:
    headlines = {
        Hindrance.TOO_FEW: ("star", words("your points do not suffice yet")),
        Hindrance.SOLD_OUT: ("goods", words("the last one has just gone")),
        Hindrance.WINDOW_CLOSED: ("calendar", words("redeeming is closed right now")),
        Hindrance.QUOTA: ("goods", words("you have had as many as there are for one")),
        Hindrance.WITHDRAWN: ("goods", words("this is not offered any more")),
        Hindrance.DOOR_BUSY: ("door", words("this door cannot be opened right now")),
        Hindrance.TOO_BUSY: ("clock", words("that took too long")),
        Hindrance.REFUSED: ("warning", words("the ledger did not take it")),
    }
    nothing = words("Nothing was taken from your points.")
    return {which: (drawing, said, nothing) for which, (drawing, said) in headlines.items()}


def _vouchers(words: Words) -> dict[Hindrance, Said]:
    return {
        Hindrance.VOUCHER_USED: (
            "voucher",
            words("this voucher was used already"),
            words("A voucher is good for one time."),
        ),
        Hindrance.VOUCHER_OVER: (
            "voucher",
            words("this voucher is no longer good"),
            words("Its points went back to the account."),
        ),
    }
