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
    Standing,
    Status,
    Success,
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
        said.append(words("Over this month's limit: no points."))
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
    below = {
        Reader.STARTING: words("Starting up, one moment please"),
        Reader.READY: words("Sign in · sign out · see your points"),
        Reader.RECONNECTING: words("The reader is reconnecting, one moment please"),
    }
    return HomeWords(
        invitation=words("Please tap\nyour service card"),
        below=below[status.reader],
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
    if status.link is Link.STARTING:
        return words("Connecting")
    if status.waiting:
        return words.n("Offline · {n} tap waiting", "Offline · {n} taps waiting", status.waiting)
    return words("Offline, working")


def reader(status: Status, words: Words) -> str:
    if status.reader is Reader.READY:
        return words("Reader fine")
    if status.reader is Reader.STARTING:
        return words("Reader starting")
    return words("Reader reconnecting")
