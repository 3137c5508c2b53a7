"""The sentences that are known before anybody taps, to be made ready while nobody is there.

What holds a time is not among them: there are too many, and a cue sounds while they are made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from linli.assets.words import Words
from linli.devices.sound.base import Utterance
from linli.kiosk.flows.shop_views import (
    Confirm,
    Ending,
    Phase,
    Redeemed,
    Redeeming,
    Slip,
    WareCard,
    WareKind,
)
from linli.kiosk.flows.speech import said_of
from linli.kiosk.flows.views import Choose, PhoneLink, Refused, Success, Trouble, View
from linli.kiosk.flows.visit_views import (
    AskCard,
    AskConsent,
    DeedDetail,
    DeedLine,
    Hindered,
    Hindrance,
    Module,
    Object,
    Outcome,
    Pad,
    PadFor,
    PadTrouble,
    Proof,
    Stands,
    Told,
    Waiting,
)

POINTS = (5, 10, 20)
"""What the standard gives for one deed."""
DOORS = range(1, 25)
_WHEN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_DEED = DeedLine("", "", _WHEN, 0, Stands.POSTED)
_WARE = WareCard("", "", WareKind.GOOD, 0, None, "")


def sentences_ahead(words: Words) -> Iterator[Utterance]:
    """Each once, what is needed most first."""
    said: set[str] = set()
    for view in _views():
        utterance = said_of(view, words)
        if utterance is not None and utterance.text not in said:
            said.add(utterance.text)
            yield utterance


def _views() -> Iterator[View]:
    for points in POINTS:
        for out in (False, True):
            yield _success(points, signed_out=out)
            yield _success(points, signed_out=out, counted=False)
    yield from (Refused(which) for which in Trouble if which is not Trouble.TOO_EARLY)
    yield from (AskCard(Module.POINTS), Choose("", (), ""), Waiting(), PhoneLink("", (), ""))
    yield Confirm(_WARE, "", 0, pin=False)
    for door in DOORS:
        yield from (Redeeming("", phase, door) for phase in Phase)
    for slip in Slip:
        yield from (Redeemed("", "", 0, 0, ending, slip) for ending in Ending)
    yield from (Hindered(which) for which in Hindrance)
    yield from (Told(which) for which in Outcome)
    for trouble in (None, *PadTrouble):
        yield from (Pad(which, 0, 0, True, 0, trouble) for which in PadFor)
    yield from (DeedDetail(_DEED, "", proof=proof) for proof in Proof)
    yield from (Object(_DEED), AskConsent("", False))


def _success(points: int, *, signed_out: bool, counted: bool = True) -> Success:
    return Success(
        signed_out=signed_out,
        name="",
        title="",
        place="",
        at=_WHEN,
        points=points,
        counted=counted,
        sign_out_after=None,
        redeemable=0,
        pending=0,
        standing=None,
        done_this_month=0,
        done_by_class=(),
        trace="",
    )
