"""What a month's notice and its chat poster say, read from the ledger. Names are those for
everybody's eyes: masked with consent, an alias without."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from linli.ledger.declarations.reading import Signed, signed_entries
from linli.ledger.documents.model import (
    DeskDeed,
    Notice,
    Place,
    PostedDeed,
    Poster,
    Proof,
    Ranking,
    Totals,
)
from linli.ledger.journal.deed import POSTED, VOIDED, WITHDRAWN, Deed
from linli.ledger.journal.schema import deed
from linli.ledger.notice.publishing import Notice as Hanging
from linli.ledger.notice.publishing import NoticeError, read_notice, shown_deeds
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.people.masking import masked
from linli.ledger.people.schema import holder, org
from linli.ledger.record.log import RecordError, newest_checkpoint
from linli.ledger.standard.versions import Standards
from linli.sync.messages import Kind
from linli.sync.periods import business_day
from linli.sync.replica_reads import shared_ranks

KINDS = (Kind.CADRE, Kind.UNIT, Kind.RESIDENT)
OBJECTIONS = (
    "在邻里中心的终端上刷卡提出",
    "用已绑定便民服务卡的手机提出",
    "到积分服务台当面提出",
)
FORGOTTEN = "应本人要求不再显示"
"""In place of a reason that was erased with the person."""


@dataclass(frozen=True, slots=True)
class _Month:
    """All that both carriers show."""

    hanging: Hanging
    community: str
    deeds: Sequence[Deed]
    holders: dict[str, Holder]
    totals: Totals
    proof: Proof

    def closes(self) -> dt.date:
        """The last day on which somebody may object."""
        return business_day(self.hanging.until) - dt.timedelta(days=1)

    def rankings(self) -> tuple[Ranking, ...]:
        return tuple(_ranking(kind, self.deeds, self.holders) for kind in KINDS)


def notice_sheet(
    connection: Connection, scope: str, month: str, standards: Standards, issuer: str, url: str
) -> Notice:
    """The sheet for the wall; `url` is where anybody checks the record. Raises NoticeError before
    the month is frozen or the first checkpoint is made."""
    read = _read(connection, scope, month, url)
    by_hand = signed_entries(connection, [d.id for d in read.deeds])
    return Notice(
        community=read.community,
        month=month,
        opens=business_day(read.hanging.frozen_at),
        closes=read.closes(),
        objections=OBJECTIONS,
        issuer=issuer,
        rankings=read.rankings(),
        deeds=tuple(
            _posted(d, read.holders[d.account], standards)
            for d in read.deeds
            if d.id not in by_hand
        ),
        desk_deeds=tuple(
            _by_hand(_posted(d, read.holders[d.account], standards), by_hand[d.id])
            for d in read.deeds
            if d.id in by_hand
        ),
        totals=read.totals,
        proof=read.proof,
    )


def chat_poster(connection: Connection, scope: str, month: str, url: str) -> Poster:
    """The same month for a phone chat. Raises NoticeError."""
    read = _read(connection, scope, month, url)
    return Poster(
        community=read.community,
        month=month,
        opens=business_day(read.hanging.frozen_at),
        closes=read.closes(),
        rankings=read.rankings(),
        totals=read.totals,
        proof=read.proof,
    )


def community_name(connection: Connection, scope: str) -> str:
    """Raises NoticeError."""
    name = connection.execute(select(org.c.name).where(org.c.id == scope)).scalar()
    if name is None:
        raise NoticeError(f"there is no community {scope!r}")
    return str(name)


def _read(connection: Connection, scope: str, month: str, url: str) -> _Month:
    community = community_name(connection, scope)
    hanging = read_notice(connection, scope, month)
    if hanging is None:
        raise NoticeError(f"there is no notice of {month} in {scope}: freeze the month first")
    try:
        root = newest_checkpoint(connection).root.hex()
    except RecordError as error:
        raise NoticeError(f"{error}: the notice names it, so make one first") from error
    deeds = [d for d in shown_deeds(connection, scope, month) if d.state == POSTED]
    holders = read_holders(connection, {d.account for d in deeds})
    totals = _totals(deeds, holders, _voided(connection, scope, month))
    return _Month(hanging, community, deeds, holders, totals, Proof(root, url))


def _ranking(kind: Kind, deeds: Sequence[Deed], holders: dict[str, Holder]) -> Ranking:
    points: Counter[str] = Counter()
    for kept in deeds:
        if holders[kept.account].kind is kind:
            points[kept.account] += kept.points
    ordered = sorted(points.items(), key=lambda pair: (-pair[1], pair[0]))
    ranks = shared_ranks([some for _, some in ordered])
    return Ranking(
        kind,
        tuple(
            Place(rank, holders[account].public_name, some)
            for rank, (account, some) in zip(ranks, ordered, strict=True)
        ),
    )


def _posted(of: Deed, bearer: Holder, standards: Standards) -> PostedDeed:
    day = dt.date.fromisoformat(of.day)
    scored = standards.score(of.item, day)
    return PostedDeed(bearer.public_name, scored.name if scored else of.item, day, of.points)


def _by_hand(of: PostedDeed, entry: Signed) -> DeskDeed:
    by = f"{masked(entry.entered_by)}（{masked(entry.signed_by)}复核）"
    return DeskDeed(of.name, of.item, of.day, of.points, by, entry.reason or FORGOTTEN)


def _totals(deeds: Sequence[Deed], holders: dict[str, Holder], voided: int) -> Totals:
    units = {account for account, found in holders.items() if found.kind is Kind.UNIT}
    return Totals(
        deeds=len(deeds),
        points=sum(d.points for d in deeds),
        people=len(holders) - len(units),
        units=len(units),
        voided=voided,
    )


def _voided(connection: Connection, scope: str, month: str) -> int:
    """How many deeds of the month a review voided or took back."""
    query = (
        select(func.count())
        .select_from(deed)
        .join(holder, holder.c.account == deed.c.account)
        .where(
            holder.c.scope == scope,
            deed.c.day.startswith(month),
            deed.c.state == VOIDED,
            ~deed.c.flags.contains(WITHDRAWN),
        )
    )
    return int(connection.execute(query).scalar_one())
