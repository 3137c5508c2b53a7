"""What is said about one's own points and deeds."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kiosk.flows.visit_views import (
    Complaint,
    DeedDetail,
    DeedLine,
    Object,
    Points,
    Proof,
    Rank,
    Stands,
)
from linli.kiosk.screens.phrases import addressed
from linli.kiosk.theme.words import Words, time_of


def stands(which: Stands, words: Words) -> str:
    return {
        Stands.PENDING: words("To be reviewed"),
        Stands.POSTED: words("Confirmed"),
        Stands.VOIDED: words("Rejected"),
        Stands.SURPLUS: words("Over the limit"),
    }[which]


def points_of(deed: DeedLine) -> str:
    return f"+{deed.points}" if deed.stands in (Stands.PENDING, Stands.POSTED) else "0"


def month(view: Points, words: Words) -> tuple[str, ...]:
    """The longest way to say it first."""
    name = words.month(view.month)
    return words("{month} {year}", month=name, year=view.month.year), name


def month_sum(view: Points, words: Words) -> tuple[str, ...]:
    if not view.count:
        return (words("no deeds"),)
    deeds = words.n("{n} deed", "{n} deeds", view.count)
    return words.listed(deeds, f"+{view.month_points}"), deeds


def purses(view: Points, words: Words) -> tuple[str, str]:
    """On notice, and under review."""
    return (
        words("on notice ⟦{n}⟧", n=view.earned),
        words("under review ⟦{n}⟧", n=view.pending),
    )


def rank(of: Rank, words: Words) -> tuple[str, str]:
    """Where, and which place."""
    return of.place, words("No. {rank}", rank=of.rank) if of.rank else words("not yet")


def deed_day(deed: DeedLine, words: Words) -> str:
    day = words.day(deed.done_at.date())
    return words.listed(day, time_of(deed.done_at)) if deed.timed else day


@dataclass(frozen=True)
class DeedWords:
    """`proof` is said large in the panel of the record, `how` below it."""

    detail: str
    chip: str
    reason: str
    proof: str
    how: str
    may_check: bool
    good: bool


def deed(view: DeedDetail, words: Words) -> DeedWords:
    said, how = _proof(view, words)
    return DeedWords(
        detail=words.listed(deed_day(view.deed, words), words("item {code}", code=view.code)),
        chip=stands(view.deed.stands, words),
        reason=_reason(view, words),
        proof=said,
        how=how,
        may_check=view.proof in (Proof.NOT_ASKED, Proof.OFFLINE, Proof.NOT_YET)
        and view.deed.stands is Stands.POSTED,
        good=view.proof is Proof.PROVEN,
    )


def _reason(view: DeedDetail, words: Words) -> str:
    match view.deed.stands:
        case Stands.VOIDED:
            if view.reason:
                return words("Reason: {reason}", reason=view.reason)
            return words("The panel did not confirm it. Ask at the service desk.")
        case Stands.SURPLUS:
            return words("Over the limit: this one brings no points.")
        case Stands.PENDING:
            return words("The panel reviews every week.")
        case Stands.POSTED:
            if view.objected:
                return words("Your objection is noted; the panel answers it.")
            return _until(view, words) or words("Confirmed by the panel.")


def _proof(view: DeedDetail, words: Words) -> tuple[str, str]:
    if view.deed.stands is Stands.VOIDED:
        return (
            words("It brings no points"),
            words("The public record counts only what the panel confirmed."),
        )
    if view.deed.stands is not Stands.POSTED:
        return (
            words("Not in the public record yet"),
            words("Confirmed deeds go into a record that nobody can change."),
        )
    match view.proof:
        case Proof.NOT_ASKED:
            return (
                words("Is it in the public record?"),
                words("This terminal checks it for you, step by step."),
            )
        case Proof.ASKING:
            return words("Checking …"), words("One moment please.")
        case Proof.PROVEN:
            return (
                words("It is in the record, unchanged"),
                words(
                    "Entry {place} of {size}. Checked here by the published rules, from your"
                    " deed up to the signature on the whole record.",
                    place=view.place,
                    size=view.size,
                ),
            )
        case Proof.NOT_YET:
            return (
                words("Sealed within the week"),
                words("It is sealed every week. Please check again then."),
            )
        case Proof.OFFLINE:
            return (
                words("It cannot be checked right now"),
                words(
                    "The ledger cannot be reached. Your points are safe; please try again later."
                ),
            )
        case Proof.WRONG:
            return (
                words("The proof does not hold"),
                words("Please tell the service desk: this must be looked into."),
            )


def objection_offer(view: DeedDetail, words: Words) -> str:
    """ "" where nothing can be objected to."""
    if view.object_until is None or view.objected:
        return ""
    return words("Object")


def _until(view: DeedDetail, words: Words) -> str:
    if view.object_until is None:
        return ""
    day = words("{day} {month}", day=view.object_until.day, month=words.month(view.object_until))
    return words("On notice: you may object until {day}.", day=day)


def object_question(view: Object, words: Words) -> str:
    return words("What is wrong with “{title}”?", title=view.deed.title)


def complaint(which: Complaint, words: Words) -> tuple[str, str]:
    return {
        Complaint.NOT_DONE: (words("I did not do this"), words("It was booked on me by mistake.")),
        Complaint.POINTS: (words("The points are wrong"), words("They should be others.")),
        Complaint.DAY: (words("The day is wrong"), words("I did it on another day.")),
        Complaint.CALL_ME: (
            words("Something else"),
            words("Somebody from the desk should call me."),
        ),
    }[which]


def points_title(view: Points, words: Words) -> str:
    return addressed(view.name, words("your points"), words)
