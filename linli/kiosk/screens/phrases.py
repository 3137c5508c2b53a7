"""What each view says: from values to sentences, without any drawing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from linli.kiosk.flows.views import (
    ActivityCard,
    Choose,
    Home,
    Link,
    Reader,
    Refused,
    Standing,
    Status,
    Success,
    Trouble,
)
from linli.kiosk.theme.lines import NO_BREAK, STRONG_CLOSE, STRONG_OPEN
from linli.kiosk.theme.words import Words, time_of


class Given(Enum):
    """Whether the points shown are the person's already."""

    GIVEN = "given"
    PROMISED = "promised"
    NONE = "none"


@dataclass(frozen=True)
class Figure:
    """A card of the success screen. `before` and `after` stand small beside the number. Titles and
    notes come in several lengths, longest first: the first that has room is shown."""

    titles: tuple[str, ...]
    number: str
    after: str
    notes: tuple[str, ...]
    before: str = ""
    progress: float | None = None


@dataclass(frozen=True)
class SuccessWords:
    headline: str
    detail: str
    points: str
    given: Given
    chip: str
    figures: tuple[Figure, Figure, Figure]
    hint: str


@dataclass(frozen=True)
class TroubleWords:
    drawing: str
    headline: str
    sentence: str
    next_title: str
    following: ActivityCard | None


def signed(points: int) -> str:
    return f"+{points}"


def success(view: Success, words: Words) -> SuccessWords:
    done = words("signed out") if view.signed_out else words("signed in")
    given = _given(view)
    return SuccessWords(
        headline=addressed(view.name, done, words),
        detail=words.listed(view.title, view.place, time_of(view.at)),
        points=signed(view.points if given is not Given.NONE else 0),
        given=given,
        chip={
            Given.GIVEN: words("Under review"),
            Given.PROMISED: words("at sign-out"),
            Given.NONE: words("Limit reached"),
        }[given],
        figures=(_balance(view, words), _rank(view.standing, words), _deeds(view, words)),
        hint=_hint(view, words),
    )


def _given(view: Success) -> Given:
    if not view.counted:
        return Given.NONE
    return Given.PROMISED if view.sign_out_after is not None else Given.GIVEN


def _hint(view: Success, words: Words) -> str:
    said = []
    if not view.counted:
        said.append(words("This month's limit is used up: no points."))
    if view.sign_out_after is not None:
        after = time_of(view.sign_out_after)
        said.append(words("Please tap again after ⟦{time}⟧ to sign out.", time=after))
    elif view.counted:
        said.append(words("Reviewed every week; to redeem after the monthly notice."))
    return "\n".join(said)


def _balance(view: Success, words: Words) -> Figure:
    note = words("Nothing under review")
    if view.pending:
        note = words.n("{n} under review", "{n} under review", view.pending)
    return Figure(
        titles=(words("To redeem"),),
        number=str(view.redeemable),
        after=" " + words.n("point", "points", view.redeemable),
        notes=(note,),
    )


def _rank(standing: Standing | None, words: Words) -> Figure:
    title = words("Rank this month")
    if standing is None:
        note = words("Your first points bring you in.")
        return Figure((title,), "–", "", (note,), progress=0.0)
    note = words("First this month. Well done!")
    if standing.gap is not None and standing.next_rank is not None:
        note = words.n(
            "{n} point behind no. {rank}",
            "{n} points behind no. {rank}",
            standing.gap,
            rank=standing.next_rank,
        )
    closer = note
    if standing.gap is not None:
        closer = words.n(
            "{n} behind no. {rank}",
            "{n} behind no. {rank}",
            standing.gap,
            rank=standing.next_rank,
        )
    before, number, after = re.split(
        f"[{STRONG_OPEN}{STRONG_CLOSE}]", words("No. ⟦{rank}⟧", rank=standing.rank)
    )
    return Figure(
        titles=(words("Rank this month · {place}", place=standing.place), title),
        before=before,
        number=number,
        after=after,
        notes=(note, closer),
        progress=standing.progress,
    )


def _deeds(view: Success, words: Words) -> Figure:
    kinds = [f"{name} {count}".replace(" ", NO_BREAK) for name, count in view.done_by_class]
    lists = tuple(words.listed(*kinds[:n]) for n in range(len(kinds), 0, -1))
    return Figure(
        titles=(words("Done this month"),),
        number=str(view.done_this_month),
        after=" " + words.n("deed", "deeds", view.done_this_month),
        notes=lists or (words("This one counts at sign-out."),),
    )


def addressed(name: str, sentence: str, words: Words) -> str:
    if not name:
        return sentence[:1].upper() + sentence[1:]
    return words("{name}, {sentence}", name=name, sentence=sentence)


def also(view: Success, words: Words) -> str:
    """One line for the person who tapped a moment before."""
    done = words("signed out") if view.signed_out else words("signed in")
    return words.listed(addressed(f"⟦{view.name}⟧", done, words), view.title)


def also_points(view: Success, words: Words) -> str:
    if _given(view) is Given.PROMISED:
        return words("{points} at sign-out", points=signed(view.points))
    return signed(view.points if view.counted else 0)


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
        case _:
            return _card_trouble(view.trouble, words)


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


@dataclass(frozen=True)
class HomeWords:
    invitation: str
    below: str
    title: str
    more: str
    empty: str
    empty_note: str


def home(view: Home, status: Status, rows: int, words: Words) -> HomeWords:
    """`rows` is how many activities have room."""
    hidden = len(view.activities) - rows
    ready = status.reader is Reader.READY
    return HomeWords(
        invitation=words("Please tap\nyour service card"),
        below=words("Sign in · sign out · see your points")
        if ready
        else words("The reader is reconnecting, one moment please"),
        title=words("Activities today"),
        more=words.n("and {n} more", "and {n} more", hidden) if hidden > 0 else "",
        empty=words("No more activities today")
        if view.known
        else words("Fetching the activities of today"),
        empty_note=words("New ones will appear here.")
        if view.known
        else words("They appear once there is a network."),
    )


def activity_details(card: ActivityCard, words: Words) -> tuple[str, ...]:
    """Where, and how many came if there is room to say so."""
    came = words.n("{n} person here", "{n} people here", card.present) if card.present else ""
    return words.listed(card.place, came), card.place


def greeting(view: Choose, words: Words) -> str:
    return addressed(view.name, words("which one do you come for?"), words)


def network(status: Status, words: Words) -> str:
    if status.link is Link.ONLINE:
        return words("Network fine")
    if status.waiting:
        return words.n("Offline · {n} tap waiting", "Offline · {n} taps waiting", status.waiting)
    return words("Offline, working")


def reader(status: Status, words: Words) -> str:
    if status.reader is Reader.READY:
        return words("Reader fine")
    return words("Reader reconnecting")
