"""What is said aloud when a screen comes up.

Others stand by and hear it: never a name, a balance, a number of a card, a phone or a PIN, nor what
is wrong with a card. Whatever is said also stands on the screen. Sentences avoid characters that
the voice reads wrongly (重新 as zhòng, 用不了 as le, 一会儿 as two syllables)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from linli.assets.words import Words
from linli.devices.sound.base import Cue, Utterance
from linli.kiosk.flows import number_words
from linli.kiosk.flows.afar_views import AfarView
from linli.kiosk.flows.maintenance_views import MaintenanceView
from linli.kiosk.flows.shop_views import Redeemed
from linli.kiosk.flows.spoken_visits import VISITS_SAID, Said
from linli.kiosk.flows.views import (
    Choose,
    Home,
    PhoneLink,
    Refused,
    Screen,
    Success,
    Trouble,
    View,
)
from linli.kiosk.flows.visit_views import Hindered, Pad, Told


def spoken(screen: Screen, before: Screen | None, words: Words) -> Utterance | None:
    """What is said when `screen` takes the place of `before`, in the language of `words`."""
    earlier = before.view if before is not None else None
    said = said_of(screen.view, words)
    if said is None or (earlier is not None and _goes_on(screen.view, earlier, words)):
        return None
    return said


def said_of(view: View, words: Words) -> Utterance | None:
    """Of a view by itself; None where it is only looked at."""
    text, cue = SAID[type(view)](view, words)
    return Utterance(text, words.language, cue) if text or cue else None


def _goes_on(view: View, earlier: View, words: Words) -> bool:
    """Whether it was said already: the same person still looks at the same thing."""
    if view == earlier:
        return True
    match view, earlier:
        case (Success(trace=trace), Success(trace=before)) | (
            Refused(trace=trace),
            Refused(trace=before),
        ):
            return trace == before != ""
        case Pad(turn=turn), Pad(turn=before):
            return turn == before
        case ((Hindered() | Told() | Redeemed()), _):
            return False
    return type(view) is type(earlier) and said_of(view, words) == said_of(earlier, words)


def _nothing(_: object, __: Words) -> Said:
    return "", None


def _choose(_: Choose, words: Words) -> Said:
    return words("Please choose an activity."), None


def _phone_link(_: PhoneLink, words: Words) -> Said:
    return words("Please scan the code on the screen with your phone."), None


def _success(view: Success, words: Words) -> Said:
    return _success_text(view, words), Cue.SUCCESS


def _success_text(view: Success, words: Words) -> str:
    if view.sign_out_after is not None:
        after = number_words.time(view.sign_out_after, words.language)
        return words("Signed in. Please tap again after {time} to sign out.", time=after)
    if not view.counted:
        if view.signed_out:
            return words("Signed out. No points this time.")
        return words("Signed in. No points this time.")
    points = number_words.count(view.points, words.language)
    if view.signed_out:
        return words.n(
            "Signed out: plus {points} point.",
            "Signed out: plus {points} points.",
            view.points,
            points=points,
        )
    return words.n(
        "Signed in: plus {points} point.",
        "Signed in: plus {points} points.",
        view.points,
        points=points,
    )


def _refused(view: Refused, words: Words) -> Said:
    well = view.trouble is Trouble.ALREADY_DONE
    return _refused_text(view, words), Cue.SUCCESS if well else Cue.TROUBLE


def _refused_text(view: Refused, words: Words) -> str:
    match view.trouble:
        case Trouble.TOO_EARLY:
            return words.n(
                "Too early to sign out. Please tap again in {minutes} minute.",
                "Too early to sign out. Please tap again in {minutes} minutes.",
                view.minutes,
                minutes=number_words.count(view.minutes, words.language),
            )
        case Trouble.NOTHING_OPEN if view.next_activity is not None:
            starts = number_words.time(view.next_activity.starts_at, words.language)
            return words("Nothing is open now. The next activity is at {time}.", time=starts)
        case Trouble.NOTHING_OPEN:
            return words("There are no more activities today.")
        case Trouble.BLOCKED_CARD | Trouble.REPLAYED_CARD | Trouble.FORGED_CARD:
            return words("This card cannot be used. Please go to the service desk.")
    return {
        Trouble.UNKNOWN_CARD: words("This card is not in use yet. Please go to the service desk."),
        Trouble.READ_AGAIN: words("Please lay the card flat and tap once more."),
        Trouble.ALREADY_DONE: words("It is on record. No need to tap again."),
        Trouble.CLOSED_MEANWHILE: words("Sign-in has just closed. Please tap once more."),
        Trouble.NOT_SAVED: words("It was not recorded. Please tell a member of staff."),
        Trouble.PHONE_AT_DESK: words("Please go to the service desk for this."),
        Trouble.PHONE_LATER: words("This does not work right now. Please try again later."),
        Trouble.VOUCHER_AT_SHOP: words("This is a voucher. Please show it to the shop."),
        Trouble.VOUCHER_GOOD: words("This voucher is good."),
        Trouble.VOUCHER_USED: words("This voucher was used already."),
        Trouble.VOUCHER_OVER: words("This voucher is no longer good."),
        Trouble.SCAN_WITH_PHONE: words("Please scan this code with a phone."),
        Trouble.NOT_OUR_CODE: words("This code is not one of ours."),
    }[view.trouble]


SAID: Mapping[type[Any], Callable[[Any, Words], Said]] = {
    Home: _nothing,
    Choose: _choose,
    Success: _success,
    Refused: _refused,
    PhoneLink: _phone_link,
    **VISITS_SAID,
    **dict.fromkeys(get_args(MaintenanceView | AfarView), _nothing),
}
"""What each view says. A view that says nothing says so here."""
