"""What a touch means: one small value for each button of a visit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import get_args

import msgspec

from linli.kiosk.flows.afar_views import AfarAction
from linli.kiosk.flows.maintenance_views import MaintenanceAction
from linli.kiosk.flows.visit_views import Complaint, Module


@dataclass(frozen=True)
class Open:
    """One of the resting screen's doors."""

    module: Module


@dataclass(frozen=True)
class ShowPoints:
    """Of the person whose tap has this trace."""

    trace: str


@dataclass(frozen=True)
class ShowOlder:
    """Deeds before the ones shown, of this month or another."""


@dataclass(frozen=True)
class ShowNewer:
    """Deeds after the ones shown."""


@dataclass(frozen=True)
class ShowDeed:
    id: str


@dataclass(frozen=True)
class CheckProof:
    pass


@dataclass(frozen=True)
class BeginObjection:
    pass


@dataclass(frozen=True)
class Complain:
    complaint: Complaint


@dataclass(frozen=True)
class ShowServices:
    pass


@dataclass(frozen=True)
class LinkPhone:
    pass


@dataclass(frozen=True)
class ShowConsent:
    pass


@dataclass(frozen=True)
class SetConsent:
    agreed: bool


@dataclass(frozen=True)
class ChoosePin:
    pass


@dataclass(frozen=True)
class ReportLoss:
    """Also without any card: it is gone."""


@dataclass(frozen=True)
class Typed:
    """What was typed on the pad. Never logged."""

    digits: str = field(repr=False)


@dataclass(frozen=True)
class ShowShop:
    pass


@dataclass(frozen=True)
class OnlyWithin:
    """Show only what one's points suffice for, or all."""

    only: bool


@dataclass(frozen=True)
class TurnPage:
    by: int


@dataclass(frozen=True)
class ShowWare:
    id: str


@dataclass(frozen=True)
class Redeem:
    pass


@dataclass(frozen=True)
class ShowVouchers:
    pass


@dataclass(frozen=True)
class ShowVoucher:
    """The one in this place of the list, from 0."""

    place: int


@dataclass(frozen=True)
class ShowNews:
    """One row of the news."""

    id: str


@dataclass(frozen=True)
class SetLargeType:
    """Of the whole terminal, until nobody is there any more."""

    on: bool


@dataclass(frozen=True)
class Back:
    """To the screen before."""


Action = (
    Open
    | ShowPoints
    | ShowOlder
    | ShowNewer
    | ShowDeed
    | CheckProof
    | BeginObjection
    | Complain
    | ShowServices
    | LinkPhone
    | ShowConsent
    | SetConsent
    | ChoosePin
    | ReportLoss
    | Typed
    | ShowShop
    | OnlyWithin
    | TurnPage
    | ShowWare
    | Redeem
    | ShowVouchers
    | ShowVoucher
    | ShowNews
    | SetLargeType
    | Back
    | MaintenanceAction
    | AfarAction
)

BY_NAME = {kind.__name__: kind for kind in get_args(Action)}


def write_action(action: Action) -> str:
    """As text, for whoever touches from afar: a simulated town, a test."""
    return msgspec.json.encode([type(action).__name__, action]).decode()


def read_action(text: str) -> Action:
    """Raises ValueError for what is no action."""
    try:
        name, raw = msgspec.json.decode(text, type=tuple[str, msgspec.Raw])
        action: Action = msgspec.json.decode(raw, type=BY_NAME[name])
    except (msgspec.MsgspecError, KeyError) as error:
        raise ValueError(f"{text!r} is no touch of a visit") from error
    return action
