"""Where a touch leads to.

| on                | what                         | leads to                                     |
|-------------------|------------------------------|----------------------------------------------|
| a card is asked   | the tap                      | the points, or the ware that was touched     |
| points            | a deed · older · newer       | the deed · other deeds                       |
| a deed            | check · object               | the proof · which complaint                  |
| services          | phone · name · PIN · loss    | a code · a question · the pad                |
| the pad           | digits                       | the next pad, or waiting for the ledger      |
| shop              | a ware                       | the ware, or a card is asked for             |
| a ware            | redeem                       | the pad where a PIN is needed, then progress |
| anything          | back                         | the screen before                            |
"""

from __future__ import annotations

from dataclasses import replace

from linli.kiosk.flows import actions
from linli.kiosk.flows.actions import Action
from linli.kiosk.flows.visit_views import Hindrance, Module
from linli.kiosk.store.store import NotSavedError
from linli.kiosk.visits import deeds, pads, pages, redeeming, settling
from linli.kiosk.visits.visit import Visit
from linli.kiosk.visits.visitor import Visitor


def act(visit: Visit, action: Action) -> None:
    """A touch. One that has no meaning on this page is left alone."""
    if visit.busy:
        return
    try:
        if not _move(visit, action) and not _browse(visit, action) and visit.visitor is not None:
            _act_for(visit, visit.visitor, action)
    except NotSavedError:
        visit.trail.go(pages.HinderPage(Hindrance.NOT_SAVED))


def _move(visit: Visit, action: Action) -> bool:
    """What everybody can do anywhere."""
    match action, visit.page:
        case actions.Back(), _:
            visit.trail.back()
        case actions.ShowShop(), _:
            visit.trail.go(pages.ShopPage())
        case actions.ReportLoss(), _:
            settling.report_loss(visit)
        case actions.Typed(digits), pages.PadPage() as page:
            pads.typed(visit, page, digits)
        case _:
            return False
    return True


def _browse(visit: Visit, action: Action) -> bool:
    """What everybody can do in the shop and the news."""
    match action, visit.page:
        case actions.ShowNews(id_), pages.NewsPage():
            visit.trail.go(pages.NewsItemPage(id_))
        case actions.TurnPage(by), pages.NewsItemPage() as page:
            visit.trail.turn_to(replace(page, page=max(0, page.page + by)))
        case actions.TurnPage(by), pages.ShopPage() as page:
            visit.trail.turn_to(replace(page, page=max(0, page.page + by)))
        case actions.OnlyWithin(only), pages.ShopPage():
            visit.trail.turn_to(pages.ShopPage(only_within=only))
        case actions.ShowWare(id_), pages.ShopPage():
            known = visit.visitor is not None
            visit.trail.go(pages.WarePage(id_) if known else pages.CardPage(Module.SHOP, id_))
        case _:
            return False
    return True


def _act_for(visit: Visit, visitor: Visitor, action: Action) -> None:
    """What only somebody who tapped can do."""
    match action, visit.page:
        case actions.ShowServices(), _:
            visit.trail.go(pages.ServicesPage())
        case _, pages.PointsPage() | pages.DeedPage() | pages.ObjectPage():
            deeds.act(visit, visitor, action)
        case actions.Redeem(), pages.WarePage(ware):
            redeeming.redeem(visit, visitor, ware)
        case actions.ShowVouchers() | actions.ShowVoucher(), _:
            redeeming.look_again(visit, visitor, action)
        case _, pages.ServicesPage() | pages.ConsentPage():
            settling.act(visit, visitor, action)
        case _:
            pass
