"""What is said where a tap did not end in a check-in."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kiosk.flows.views import ActivityCard, Refused, Trouble
from linli.kiosk.screens.phrases import addressed
from linli.kiosk.theme.words import Words, time_of


@dataclass(frozen=True)
class TroubleWords:
    drawing: str
    headline: str
    sentence: str
    next_title: str
    following: ActivityCard | None


def trouble(view: Refused, words: Words) -> TroubleWords:
    drawing, headline, sentence = _trouble(view, words)
    following = view.next_activity
    return TroubleWords(
        drawing=drawing,
        headline=addressed(view.name, headline, words),
        sentence=sentence,
        next_title=words("Next activity")
        if following and view.trouble is Trouble.ALREADY_DONE
        else "",
        following=following,
    )


def _trouble(view: Refused, words: Words) -> tuple[str, str, str]:
    match view.trouble:
        case Trouble.TOO_EARLY:
            return "clock", words("too early to sign out"), _wait(view, words)
        case Trouble.ALREADY_DONE:
            return "tick", words("you have signed in already"), _already(view, words)
        case Trouble.NOTHING_OPEN:
            return "calendar", words("nothing is open right now"), _nothing(view, words)
        case Trouble.CLOSED_MEANWHILE:
            sentence = words("Tap once more to see what else is open.")
            return "door", words("sign-in has just closed"), sentence
        case Trouble.VOUCHER_AT_SHOP | Trouble.SCAN_WITH_PHONE | Trouble.NOT_OUR_CODE:
            return _scan_trouble(view.trouble, words)
        case Trouble.VOUCHER_GOOD | Trouble.VOUCHER_USED | Trouble.VOUCHER_OVER:
            return _voucher(view, words)
        case _:
            return _card_trouble(view.trouble, words)


def _voucher(view: Refused, words: Words) -> tuple[str, str, str]:
    what = {"title": view.title, "merchant": view.merchant}
    match view.trouble:
        case Trouble.VOUCHER_GOOD if view.until is not None:
            day = words("{day} {month}", day=view.until.day, month=words.month(view.until))
            sentence = words("{title} at {merchant}, until {day}.", **what, day=day)
            return "voucher", words("this voucher is good"), sentence
        case Trouble.VOUCHER_GOOD | Trouble.VOUCHER_USED:
            headline = (
                words("this voucher is good")
                if view.trouble is Trouble.VOUCHER_GOOD
                else words("this voucher was used already")
            )
            return "voucher", headline, words("{title} at {merchant}.", **what)
        case _:
            return (
                "voucher",
                words("this voucher is no longer good"),
                words("Its points went back to the account."),
            )


def _scan_trouble(which: Trouble, words: Words) -> tuple[str, str, str]:
    match which:
        case Trouble.VOUCHER_AT_SHOP:
            return (
                "voucher",
                words("this is a voucher for a shop"),
                words("Show it to the shop: they scan it and take it there."),
            )
        case Trouble.SCAN_WITH_PHONE:
            return (
                "phone",
                words("please scan this code with a phone"),
                words("It links a phone. The terminal does not need it."),
            )
        case _:
            return (
                "warning",
                words("this code is not one of ours"),
                words("Nothing was opened and nothing was kept."),
            )


def _card_trouble(which: Trouble, words: Words) -> tuple[str, str, str]:
    match which:
        case Trouble.UNKNOWN_CARD:
            return (
                "new-card",
                words("this card is not in use yet"),
                words("Please have it opened at the points service desk."),
            )
        case Trouble.BLOCKED_CARD:
            return (
                "lock",
                words("this card was reported lost"),
                words("If it is yours, please go to the points service desk."),
            )
        case Trouble.REPLAYED_CARD:
            return (
                "twins",
                words("this card may have been copied"),
                words("Please have it changed at the points service desk."),
            )
        case Trouble.FORGED_CARD:
            return (
                "warning",
                words("this card did not pass the check"),
                words("Please have it checked at the points service desk."),
            )
        case Trouble.PHONE_AT_DESK:
            return (
                "phone",
                words("please come to the points service desk"),
                words("This kind of card can be copied, so somebody has to see you first."),
            )
        case Trouble.PHONE_LATER:
            return (
                "phone",
                words("no phone can be linked right now"),
                words("The terminal is setting its clock. Please try again later."),
            )
        case Trouble.NOT_SAVED:
            return (
                "warning",
                words("this was not recorded"),
                words("The terminal cannot save right now. Please tell a member of staff."),
            )
        case _:
            return (
                "again",
                words("please tap once more"),
                words("Lay the card flat on the reader and hold it for a second."),
            )


def _wait(view: Refused, words: Words) -> str:
    wait = words.n("⟦{n}⟧ minute to go.", "⟦{n}⟧ minutes to go.", view.minutes)
    if view.sign_out_after is None:
        return wait
    after = words("Please tap again after ⟦{time}⟧.", time=time_of(view.sign_out_after))
    return words("{first} {second}", first=wait, second=after)


def _already(view: Refused, words: Words) -> str:
    return words("{title} is on record. No need to tap again.", title=view.title)


def _nothing(view: Refused, words: Words) -> str:
    if view.next_activity is None:
        return words("No more activities today. Please come again.")
    starts = time_of(view.next_activity.starts_at)
    return words("The next activity starts at ⟦{time}⟧.", time=starts)
