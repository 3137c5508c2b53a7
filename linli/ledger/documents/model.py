"""What each document says, as plain values.

Names come as they are to be shown: masking and aliases are decided before. Text may be anything a
person can type; it is printed as it is, on as many lines as it needs. Money is in fen. Nothing is
looked up and no clock is read, so that equal values make equal documents.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from linli.sync.messages import Kind


class DocumentError(ValueError):
    """A document cannot be made; the text says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a ranking. Equal points share a rank (1, 2, 2, 4)."""

    rank: int
    name: str
    points: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """The places of one kind of account, best first."""

    kind: Kind
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class PostedDeed:
    """A deed as the public reads it."""

    name: str
    item: str
    day: dt.date
    points: int


@dataclass(frozen=True, slots=True)
class DeskDeed:
    """A deed that a person wrote down at a desk, and that no card witnessed."""

    name: str
    item: str
    day: dt.date
    points: int
    entered_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Totals:
    """The month in figures. `deeds` and `points` are what was posted, desk deeds among them."""

    deeds: int
    points: int
    people: int
    units: int
    voided: int


@dataclass(frozen=True, slots=True)
class Proof:
    """How anybody checks the sheet: the checkpoint's root in hex, and the address a QR leads to."""

    root: str
    url: str


@dataclass(frozen=True, slots=True)
class Notice:
    """公示: the month's sheet for the wall. `month` is a period key such as 2026-10; `objections`
    are the ways to object, one a line."""

    community: str
    month: str
    opens: dt.date
    closes: dt.date
    objections: tuple[str, ...]
    issuer: str
    rankings: tuple[Ranking, ...]
    deeds: tuple[PostedDeed, ...]
    desk_deeds: tuple[DeskDeed, ...]
    totals: Totals
    proof: Proof


@dataclass(frozen=True, slots=True)
class Poster:
    """群海报: the same month for a phone chat; of each kind the first ten lines are shown."""

    community: str
    month: str
    opens: dt.date
    closes: dt.date
    rankings: tuple[Ranking, ...]
    totals: Totals
    proof: Proof


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the review panel, there or not."""

    name: str
    role: str
    present: bool


class Verdict(StrEnum):
    """What the panel said."""

    POSTED = "posted"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class Decision:
    """One deed and what the panel said. `recused` are the members who took no part."""

    name: str
    item: str
    day: dt.date
    points: int
    verdict: Verdict
    reason: str = ""
    recused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Minutes:
    """审核纪要: one meeting of the panel. `week` is a period key such as 2026-W44."""

    community: str
    week: str
    held_on: dt.date
    place: str
    quorum: int
    members: tuple[Member, ...]
    decisions: tuple[Decision, ...]


class Award(StrEnum):
    """The two honours of the year."""

    STAR = "star"
    NEIGHBOUR = "neighbour"


@dataclass(frozen=True, slots=True)
class Certificate:
    """证书: an honour for one person or unit. The name stands in full. `citation` replaces the
    usual sentence of the award."""

    award: Award
    name: str
    year: int
    community: str
    issuer: str
    issued_on: dt.date
    number: str
    points: int | None = None
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Worth:
    """What an item of the standard gives, and how often: `limit` reads 每月 4 次. `details` are
    what changes besides, one a line."""

    points: int
    limit: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """What the neighbours answered when they were asked about a change."""

    agree: int
    neutral: int
    oppose: int


@dataclass(frozen=True, slots=True)
class Unshown:
    """Neighbours were asked, and what they said is not on the sheet: as they are so `few` that
    everybody would know who said what, or as it was no question of for and against."""

    answers: int
    few: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the standard. Without `old` the item is new, without `new` it is dropped."""

    code: str
    item: str
    old: Worth | None
    new: Worth | None
    reason: str
    survey: Survey | Unshown | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """标准调整公告: what changes in the points standard, and why."""

    community: str
    version: str
    month: str
    effective_on: dt.date
    issuer: str
    issued_on: dt.date
    changes: tuple[Change, ...]
    objections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voucher:
    """A voucher redeemed at the merchant's: its price in points, and who bears its value."""

    number: str
    good: str
    day: dt.date
    points: int
    community_fen: int
    merchant_fen: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """商户结算单: what the community owes a merchant for one month."""

    community: str
    merchant: str
    merchant_number: str
    month: str
    made_on: dt.date
    number: str
    vouchers: tuple[Voucher, ...]


Document = Notice | Poster | Minutes | Certificate | Adjustment | Settlement
