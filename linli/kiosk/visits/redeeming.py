"""From the touch that redeems to what comes of it: the till does the work and tells."""

from __future__ import annotations

from linli.kiosk.flows.actions import Action, ShowVoucher, ShowVouchers
from linli.kiosk.flows.shop_views import Phase
from linli.kiosk.flows.visit_views import Hindrance, PadFor, PadTrouble
from linli.kiosk.visits import pages
from linli.kiosk.visits.desk import Progress
from linli.kiosk.visits.reasons import hindrance_for, voucher_hindrance
from linli.kiosk.visits.visit import Visit
from linli.kiosk.visits.visitor import Visitor
from linli.sync.asks import Answer, AskVoucher, Declined
from linli.sync.messages import Trust


def redeem(visit: Visit, visitor: Visitor, id_: str) -> None:
    """Where a PIN is needed, it is asked for first; never where it would be of no use. Raises
    NotSavedError."""
    desk = visit.desk
    ware = desk.shelf.find(id_, desk.clock.now())
    if ware is None or desk.till is None:
        visit.trail.go(pages.HinderPage(Hindrance.WITHDRAWN))
    elif not desk.till.pin_needed(visitor, ware):
        pay(visit, None)
    elif (obstacle := desk.till.obstacle(visitor, ware)) is not None:
        visit.trail.go(_hindered(visit, obstacle))
    else:
        visit.pad(PadFor.PIN)


def pay(visit: Visit, pin: str | None) -> None:
    """The ware that was touched last is redeemed."""
    desk, visitor = visit.desk, visit.visitor
    page = visit.trail.last(pages.WarePage)
    ware = desk.shelf.find(page.ware, desk.clock.now()) if page is not None else None
    if visitor is None or ware is None or desk.till is None:
        visit.trail.end(pages.HinderPage(Hindrance.WITHDRAWN))
        return
    visit.trail.end(pages.WaitPage())
    visit.progressed(Progress(ware.title, Phase.PAYING))

    def told(progress: Progress) -> None:
        visit.later(lambda: _progressed(visit, progress))

    desk.till.redeem(visitor, ware, pin, told)


def look_again(visit: Visit, visitor: Visitor, action: Action) -> None:
    """Codes that were paid for lately, for whoever could not take them along. Raises
    NotSavedError."""
    match action, visit.page:
        case ShowVouchers(), pages.ServicesPage() if visit.desk.till is not None:
            visit.trail.go(pages.VouchersPage(visit.desk.till.vouchers(visitor)))
        case ShowVoucher(place), pages.VouchersPage(vouchers, None) if place < len(vouchers):
            _show_code(visit, visitor, pages.VouchersPage(vouchers, place), vouchers[place].code)
        case _:
            pass


def _show_code(visit: Visit, visitor: Visitor, page: pages.VouchersPage, code: str) -> None:
    """A merchant may have taken it meanwhile: the ledger is asked where it can be."""

    def answered(answer: Answer | None) -> None:
        over = voucher_hindrance(answer)
        if over is not None:
            visit.trail.turn_to(pages.HinderPage(over))
            return
        visit.trail.turn_to(page)
        if visit.desk.till is not None:
            visit.desk.till.shown(visitor, code)

    visit.trail.go(pages.WaitPage())
    if visit.desk.online():
        visit.ask(AskVoucher(code=code), visit.page, answered)
    else:
        answered(None)


def _progressed(visit: Visit, progress: Progress) -> None:
    if not progress.declined:
        visit.progressed(progress)
        return
    visit.progressed(None)
    if progress.declined == "pin-wrong" and progress.tries:
        visit.pad(PadFor.PIN, (), PadTrouble.WRONG, progress.tries)
    else:
        visit.trail.end(_hindered(visit, progress))


def _hindered(visit: Visit, progress: Progress) -> pages.HinderPage:
    answer = Declined(reason=progress.declined)
    hindrance = hindrance_for(answer, online=visit.desk.online())
    here = visit.visitor is not None and visit.visitor.trust is Trust.HIGH
    if progress.declined == "no-pin" and here:
        hindrance = Hindrance.CHOOSE_PIN
    return pages.HinderPage(hindrance, progress.count)
