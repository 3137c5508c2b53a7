"""What is said in the shop."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from linli.kiosk.flows.shop_views import (
    Confirm,
    Ending,
    Phase,
    Redeemed,
    Redeeming,
    Shop,
    Slip,
    WareCard,
    WareKind,
)
from linli.kiosk.screens.phrases import addressed
from linli.kiosk.theme.words import Words


def price(points: int, words: Words) -> str:
    return words.n("{n} point", "{n} points", points)


def where(ware: WareCard, words: Words) -> tuple[str, ...]:
    """Where it comes from, and how many there are: the longest way to say it first."""
    match ware.kind:
        case WareKind.VOUCHER:
            return (ware.merchant,)
        case WareKind.SERVICE:
            return (words("Service"),)
        case WareKind.GOOD:
            place = words("Locker") if ware.door else words("Counter")
            if ware.left is None:
                return (place,)
            left = words.n("{n} left", "{n} left", ware.left) if ware.left else words("none left")
            return words.listed(place, left), left


@dataclass(frozen=True)
class ShopWords:
    title: str
    note: str
    empty: str
    filter: str
    page: str


def shop(view: Shop, words: Words) -> ShopWords:
    title = words("What points bring")
    if view.balance is not None:
        has = words("you have ⟦{n}⟧ to redeem", n=price(view.balance, words))
        title = addressed(view.name, has, words)
    return ShopWords(
        title=title,
        note=_season(view, words),
        empty=words("Nothing your points suffice for yet.")
        if view.only_within
        else words("There is nothing to redeem right now."),
        filter=words("Show all") if view.only_within else words("What I can get"),
        page=words("Page {page} of {pages}", page=view.page + 1, pages=view.pages)
        if view.pages > 1
        else "",
    )


def _season(view: Shop, words: Words) -> str:
    if view.offline_up_to is not None:
        if view.balance is None or not view.offline_up_to:
            return words("No network: little can be redeemed right now.")
        return words.n(
            "No network: ⟦{n}⟧ point to use here.",
            "No network: ⟦{n}⟧ points to use here.",
            view.offline_up_to,
        )
    if view.closes is not None:
        return words("Redeeming is open until {day}.", day=_day(view.closes, words))
    if view.opens is not None:
        return words("Goods can be redeemed from {day} on.", day=_day(view.opens, words))
    return ""


@dataclass(frozen=True)
class ConfirmWords:
    question: str
    sum: str
    then: str
    may: bool
    """Whether it can be had; else `then` says why not."""


def confirm(view: Confirm, words: Words) -> ConfirmWords:
    ware, after = view.ware, view.balance - view.ware.points
    short = ""
    if ware.left == 0:
        short = words("None is left.")
    elif after < 0:
        short = words.n("{n} point is missing.", "{n} points are missing.", -after)
    return ConfirmWords(
        question=words("Redeem “{title}”?", title=ware.title),
        sum=words(
            "{before} − {price} = ⟦{after} left⟧",
            before=view.balance,
            price=ware.points,
            after=after,
        )
        if not short
        else words("you have ⟦{n}⟧", n=price(view.balance, words)),
        then=short or _then(view, words),
        may=not short,
    )


def _then(view: Confirm, words: Words) -> str:
    ware = view.ware
    said = {
        WareKind.VOUCHER: words("You get a code, on this screen and on paper."),
        WareKind.SERVICE: words("The service desk arranges it with you."),
        WareKind.GOOD: words("It is given out at the counter."),
    }[ware.kind]
    if ware.door:
        said = words("Door {n} of the locker opens.", n=ware.door)
    if view.pin:
        return f"{said}\n" + words("Your PIN is asked for.")
    return said


def good_until(until: dt.date | None, words: Words) -> str:
    return "" if until is None else words("good until {day}", day=_day(until, words))


def redeeming(view: Redeeming, words: Words) -> tuple[str, str, str]:
    """Drawing, headline, sentence."""
    match view.phase:
        case Phase.PAYING:
            return "clock", words("One moment please"), view.title
        case Phase.OPENING:
            return "numbered-door", words("Door {n} is opening", n=view.door), view.title
        case Phase.TAKE_IT:
            return (
                "numbered-door",
                words("Door {n} is open", n=view.door),
                words("Please take “{title}”, then close the door.", title=view.title),
            )
        case Phase.CLOSE_IT:
            return (
                "numbered-door",
                words("Please close door {n}", n=view.door),
                words("Push it until it clicks."),
            )


@dataclass(frozen=True)
class RedeemedWords:
    drawing: str
    headline: str
    sentence: str
    left: str
    slip: str
    good: bool


def redeemed(view: Redeemed, words: Words) -> RedeemedWords:
    drawing, headline, sentence = _ending(view, words)
    kept = view.ending in (Ending.CAME_BACK,)
    return RedeemedWords(
        drawing=drawing,
        headline=addressed(view.name, headline, words),
        sentence=sentence,
        left=words("Left to redeem: ⟦{n}⟧", n=price(view.left, words)),
        slip="" if kept else _slip(view.slip, words),
        good=view.ending in (Ending.OUT, Ending.COUNTER, Ending.VOUCHER),
    )


def _ending(view: Redeemed, words: Words) -> tuple[str, str, str]:
    match view.ending:
        case Ending.OUT:
            return (
                "tick",
                words("it is yours"),
                words("{title} for {price}.", title=view.title, price=price(view.points, words)),
            )
        case Ending.COUNTER:
            return (
                "tick",
                words("it is paid"),
                words("Please get “{title}” at the counter, with your card.", title=view.title),
            )
        case Ending.VOUCHER:
            day = _day(view.until, words) if view.until else ""
            return (
                "tick",
                words("here is your voucher"),
                words(
                    "{title}: show it at {merchant} until {day}.",
                    title=view.title,
                    merchant=view.merchant,
                    day=day,
                ),
            )
        case Ending.CAME_BACK:
            return (
                "warning",
                words("the door did not open"),
                words(
                    "Your {price} are back. Staff have been told.", price=price(view.points, words)
                ),
            )
        case Ending.STAFF_CALLED:
            return (
                "warning",
                words("please wait for staff"),
                words("It is not sure whether the door opened. They look, and nothing is lost."),
            )


def _slip(slip: Slip, words: Words) -> str:
    return {
        Slip.PRINTED: words("Please take your receipt."),
        Slip.NO_PAPER: words("No receipt: the paper has run out."),
        Slip.COVER_OPEN: words("No receipt: the printer's cover is open."),
        Slip.NO_PRINTER: "",
    }[slip]


def _day(day: dt.date, words: Words) -> str:
    return words("{day} {month}", day=day.day, month=words.month(day))
