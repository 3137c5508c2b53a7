"""What each page of a visit shows at this moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from linli.kiosk.flows.phone import modules
from linli.kiosk.flows.shop_views import Confirm, Redeeming, Shop, Vouchers, WareCard
from linli.kiosk.flows.views import PhoneLink
from linli.kiosk.flows.visit_views import (
    AskCard,
    AskConsent,
    DeedDetail,
    Hindered,
    Hindrance,
    Object,
    Pad,
    PadFor,
    Services,
    Told,
    VisitView,
    Waiting,
)
from linli.kiosk.visits import pages
from linli.kiosk.visits.desk import Desk, Progress
from linli.kiosk.visits.own_points import deed_line
from linli.kiosk.visits.visit import Visit
from linli.kiosk.visits.visitor import Visitor
from linli.sync.messages import HolderRow

SHORTEST_PHONE, LONGEST_PHONE, PIN = 7, 12, 6
WARES_A_PAGE = 6

Shown = VisitView | PhoneLink


def view_of(visit: Visit, desk: Desk) -> Shown:
    """Reads anew what may have changed. Where it is gone meanwhile, says so."""
    if visit.progress is not None:
        return _progress(visit.progress)
    now, page = desk.clock.now(), visit.page
    match page:
        case pages.CardPage(module, ware):
            found = desk.shelf.find(ware, now) if ware else None
            return AskCard(module, found.title if found else "")
        case pages.WaitPage():
            return Waiting(_name(visit))
        case pages.TellPage(outcome, name, count):
            return Told(outcome, name, count)
        case pages.HinderPage(hindrance, count):
            return Hindered(hindrance, _name(visit), count)
        case pages.PadPage():
            return _pad(page)
        case pages.ShopPage():
            return _shop(page, visit, desk, now)
        case pages.NewsPage():
            return desk.news.rows(now)
        case pages.NewsItemPage():
            return desk.news.item(page, now) or desk.news.rows(now)
        case _:
            return _own(page, visit.visitor, desk, now)


def _own(page: pages.Page, visitor: Visitor | None, desk: Desk, now: dt.datetime) -> Shown:
    """Pages of somebody who tapped."""
    holder = None if visitor is None else desk.replica.holder(visitor.account)
    if visitor is None or holder is None:
        return Hindered(Hindrance.NOT_KNOWN)
    match page:
        case pages.PointsPage():
            return desk.points.month(holder, page, now)
        case pages.DeedPage():
            return _deed(page, holder, desk, now)
        case pages.ObjectPage(id_) if deed := desk.points.deed(holder.account, id_, now):
            return Object(deed_line(deed))
        case pages.ServicesPage():
            return _services(visitor, holder, desk)
        case pages.VouchersPage():
            return _vouchers(page, holder)
        case pages.ConsentPage():
            return AskConsent(holder.name, bool(_consent(holder, desk)))
        case pages.PhonePage(address):
            return PhoneLink(holder.name, modules(address), visitor.trace)
        case pages.WarePage(id_):
            return _confirm(id_, visitor, holder, desk, now)
        case _:
            return Hindered(Hindrance.NOT_KNOWN, holder.name)


def _vouchers(page: pages.VouchersPage, holder: HolderRow) -> Shown:
    if page.shown is not None:
        return page.vouchers[page.shown]
    return Vouchers(holder.name, tuple((one.title, one.until) for one in page.vouchers))


def _services(visitor: Visitor, holder: HolderRow, desk: Desk) -> Services:
    return Services(
        name=holder.name,
        phone=desk.links is not None,
        consent=_consent(holder, desk),
        pin=holder.pin,
        vouchers=len(desk.till.vouchers(visitor)) if desk.till is not None else 0,
    )


def _deed(page: pages.DeedPage, holder: HolderRow, desk: Desk, now: dt.datetime) -> Shown:
    deed = desk.points.deed(holder.account, page.deed, now)
    if deed is None:
        return Hindered(Hindrance.NOT_KNOWN, holder.name)
    until = desk.points.object_until(deed, now)
    return DeedDetail(
        deed=deed_line(deed),
        code=deed.item,
        reason=deed.reason,
        proof=page.proof,
        place=page.place,
        size=page.size,
        object_until=until,
        # Once the notice is closed the panel has answered; what it said is not known here.
        objected=until is not None and desk.store.has_objected(holder.account, deed.id),
    )


def _consent(holder: HolderRow, desk: Desk) -> bool | None:
    """What was said here last, until the feed tells the same."""
    if holder.under14:
        return None
    said = desk.consents.get(holder.account)
    if said == holder.consent:
        del desk.consents[holder.account]
    return holder.consent if said is None else said


def _pad(page: pages.PadPage) -> Pad:
    if page.for_ is PadFor.PHONE:
        return Pad(page.for_, SHORTEST_PHONE, LONGEST_PHONE, False, page.turn, page.trouble)
    return Pad(page.for_, PIN, PIN, True, page.turn, page.trouble, page.tries)


def _shop(page: pages.ShopPage, visit: Visit, desk: Desk, now: dt.datetime) -> Shop:
    visitor = visit.visitor
    holder = None if visitor is None else desk.replica.holder(visitor.account)
    balance = None if holder is None else desk.points.balance(holder)
    wares = [_judged(ware, balance) for ware in desk.shelf.wares(now)]
    if page.only_within:
        wares = [ware for ware in wares if ware.within is not False]
    count = max(1, -(-len(wares) // WARES_A_PAGE))
    number = min(page.page, count - 1)
    season = desk.shelf.season(now)
    held = 0 if holder is None or desk.till is None else desk.till.held(holder.account)
    return Shop(
        wares=tuple(wares[number * WARES_A_PAGE : (number + 1) * WARES_A_PAGE]),
        page=number,
        pages=count,
        only_within=page.only_within,
        name="" if holder is None else holder.name,
        balance=balance,
        closes=season.closes,
        opens=season.opens,
        offline_up_to=None if desk.online() else held,
    )


def _judged(ware: WareCard, balance: int | None) -> WareCard:
    return ware if balance is None else replace(ware, within=ware.points <= balance)


def _confirm(id_: str, visitor: Visitor, holder: HolderRow, desk: Desk, now: dt.datetime) -> Shown:
    ware = desk.shelf.find(id_, now)
    if ware is None or desk.till is None:
        return Hindered(Hindrance.WITHDRAWN, holder.name)
    balance = desk.points.balance(holder)
    needed = desk.till.pin_needed(visitor, ware)
    return Confirm(_judged(ware, balance), holder.name, balance, needed)


def _progress(progress: Progress) -> Shown:
    if progress.ended is not None:
        return progress.ended
    return Redeeming(progress.title, progress.phase, progress.door)


def _name(visit: Visit) -> str:
    return "" if visit.visitor is None else visit.visitor.holder.name
