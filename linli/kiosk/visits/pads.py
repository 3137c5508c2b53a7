"""What is typed on the pad of digits, one pad after the other."""

from __future__ import annotations

from linli.kiosk.flows.visit_views import Outcome, PadFor, PadTrouble
from linli.kiosk.visits import pages, redeeming
from linli.kiosk.visits.reasons import hindrance_for, pad_trouble_for
from linli.kiosk.visits.visit import Visit
from linli.sync.asks import Answer, AskLoss, AskSetPin, Declined, LossTaken, PinSet

WITH_OLD = 3
"""Old, new, and new once more."""


def typed(visit: Visit, page: pages.PadPage, digits: str) -> None:
    """The pad is complete: on to the next, or to the ledger."""
    so_far = (*page.typed, digits)
    match page.for_:
        case PadFor.PHONE:
            visit.pad(PadFor.PIN, so_far)
        case PadFor.OLD_PIN:
            visit.pad(PadFor.NEW_PIN, so_far)
        case PadFor.NEW_PIN:
            visit.pad(PadFor.NEW_PIN_AGAIN, so_far)
        case PadFor.NEW_PIN_AGAIN if so_far[-1] != so_far[-2]:
            visit.pad(PadFor.NEW_PIN, so_far[:-2], PadTrouble.DIFFERENT)
        case PadFor.NEW_PIN_AGAIN:
            _set_pin(visit, so_far)
        case PadFor.PIN if page.typed:
            _take_loss(visit, *so_far)
        case PadFor.PIN:
            redeeming.pay(visit, digits)


def _set_pin(visit: Visit, so_far: tuple[str, ...]) -> None:
    visitor = visit.visitor
    if visitor is None:
        return
    old = so_far[0] if len(so_far) == WITH_OLD else None

    def answered(answer: Answer | None) -> None:
        match answer:
            case PinSet():
                visit.trail.end(pages.TellPage(Outcome.PIN_SET, visitor.holder.name))
            case Declined(reason="pin-easy"):
                visit.pad(PadFor.NEW_PIN, so_far[:-2], PadTrouble.TOO_EASY)
            case Declined(tries=tries) if pad_trouble_for(answer) is not None:
                visit.pad(PadFor.OLD_PIN, (), PadTrouble.WRONG, tries)
            case _:
                visit.trail.end(pages.HinderPage(hindrance_for(answer, online=visit.desk.online())))

    visit.ask_and_wait(AskSetPin(who=visitor.tapped(), pin=so_far[-1], old=old), answered)


def _take_loss(visit: Visit, phone: str, pin: str) -> None:
    def answered(answer: Answer | None) -> None:
        match answer:
            case LossTaken(name=name, cards=cards):
                visit.trail.end(pages.TellPage(Outcome.LOSS_TAKEN, name, cards))
            case _:
                visit.trail.end(pages.HinderPage(hindrance_for(answer, online=visit.desk.online())))

    visit.ask_and_wait(AskLoss(phone=phone, pin=pin), answered)
