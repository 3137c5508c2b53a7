"""What is settled at the terminal: a phone, a public name, a PIN, a lost card."""

from __future__ import annotations

from linli.kiosk.flows import actions
from linli.kiosk.flows.actions import Action
from linli.kiosk.flows.phone import refusal
from linli.kiosk.flows.visit_views import Hindrance, Outcome, PadFor
from linli.kiosk.visits import pages
from linli.kiosk.visits.visit import Visit
from linli.kiosk.visits.visitor import Visitor
from linli.sync.messages import Consent, Trust


def act(visit: Visit, visitor: Visitor, action: Action) -> None:
    """A touch among the services. Raises NotSavedError."""
    match action, visit.page:
        case actions.LinkPhone(), pages.ServicesPage():
            _link_phone(visit, visitor)
        case actions.ShowConsent(), pages.ServicesPage():
            if not visitor.holder.under14:
                visit.trail.go(pages.ConsentPage())
        case actions.SetConsent(agreed), pages.ConsentPage():
            _consent(visit, visitor, agreed=agreed)
        case actions.ChoosePin(), pages.ServicesPage():
            _choose_pin(visit, visitor)
        case _:
            pass


def report_loss(visit: Visit) -> None:
    """Whoever lost their card has none to tap: they are known by their phone number and PIN."""
    if _reachable(visit):
        visit.pad(PadFor.PHONE)
    elif not isinstance(visit.page, pages.HinderPage):  # touched twice, it is said once
        visit.trail.go(pages.HinderPage(Hindrance.NO_NETWORK))


def _link_phone(visit: Visit, visitor: Visitor) -> None:
    desk = visit.desk
    if desk.links is None:
        return
    now, good = desk.clock.now(), desk.clock.good()
    visit.trouble = refusal(visitor.trust, clock_good=good)
    if visit.trouble is None:
        address = desk.links.address(visitor.known.card, visitor.trust, now, clock_good=good)
        visit.trail.go(pages.PhonePage(address))


def _consent(visit: Visit, visitor: Visitor, *, agreed: bool) -> None:
    """To hide a name again any card will do; to show it, only one that nobody else can have."""
    if agreed and visitor.trust is not Trust.HIGH:
        visit.trail.go(pages.HinderPage(Hindrance.CARD_COPYABLE))
        return
    desk = visit.desk
    card, trust = visitor.known.card.card, visitor.trust
    event = Consent(account=visitor.account, card=card, trust=trust, agreed=agreed)
    desk.store.say(event, desk.clock.now())
    desk.consents[visitor.account] = agreed
    visit.trail.back()
    outcome = Outcome.CONSENTED if agreed else Outcome.WITHDREW
    visit.trail.go(pages.TellPage(outcome, visitor.holder.name))


def _choose_pin(visit: Visit, visitor: Visitor) -> None:
    if visitor.trust is not Trust.HIGH:
        visit.trail.go(pages.HinderPage(Hindrance.CARD_COPYABLE))
    elif not _reachable(visit):
        visit.trail.go(pages.HinderPage(Hindrance.NO_NETWORK))
    else:
        visit.pad(PadFor.OLD_PIN if visitor.holder.pin else PadFor.NEW_PIN)


def _reachable(visit: Visit) -> bool:
    return visit.desk.asks is not None and visit.desk.online()
