"""What a month's notice and its chat poster say, read from the ledger. Names are those for
everybody's eyes: masked with consent, an alias without."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from linli.ledger.declarations.reading import signed_entries
from linli.ledger.documents.model import Notice, Poster, Proof
from linli.ledger.journal.deed import POSTED
from linli.ledger.notice.carried import Carried, carried
from linli.ledger.notice.listing import desk_deed, posted_deed
from linli.ledger.notice.publishing import NoticeError, shown_deeds
from linli.ledger.people.directory import read_holders
from linli.ledger.people.schema import org
from linli.ledger.record.log import RecordError, newest_checkpoint
from linli.ledger.standard.versions import Standards

OBJECTIONS = (
    "在邻里中心的终端上刷卡，再用手机扫码提出",
    "用已绑定便民服务卡的手机提出",
    "到积分服务台当面提出",
)


@dataclass(frozen=True, slots=True)
class _Month:
    """All that both carriers show."""

    community: str
    carried: Carried
    proof: Proof


def notice_sheet(
    connection: Connection, scope: str, month: str, standards: Standards, issuer: str, url: str
) -> Notice:
    """The sheet for the wall; `url` is where anybody checks the record. Raises NoticeError before
    the month is frozen or the first checkpoint is made."""
    read = _read(connection, scope, month, url)
    deeds = [d for d in shown_deeds(connection, scope, month) if d.state == POSTED]
    holders = read_holders(connection, {d.account for d in deeds})
    by_hand = signed_entries(connection, [d.id for d in deeds])
    return Notice(
        community=read.community,
        month=month,
        opens=read.carried.opens,
        closes=read.carried.closes,
        objections=OBJECTIONS,
        issuer=issuer,
        rankings=read.carried.rankings,
        deeds=tuple(
            posted_deed(d, holders[d.account], standards) for d in deeds if d.id not in by_hand
        ),
        desk_deeds=tuple(
            desk_deed(posted_deed(d, holders[d.account], standards), by_hand[d.id])
            for d in deeds
            if d.id in by_hand
        ),
        totals=read.carried.totals,
        proof=read.proof,
    )


def chat_poster(connection: Connection, scope: str, month: str, url: str) -> Poster:
    """The same month for a phone chat. Raises NoticeError."""
    read = _read(connection, scope, month, url)
    return Poster(
        community=read.community,
        month=month,
        opens=read.carried.opens,
        closes=read.carried.closes,
        rankings=read.carried.rankings,
        totals=read.carried.totals,
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
    found = carried(connection, scope, month)
    if found is None:
        raise NoticeError(f"there is no notice of {month} in {scope}: freeze the month first")
    try:
        root = newest_checkpoint(connection).root.hex()
    except RecordError as error:
        raise NoticeError(f"{error}: the notice names it, so make one first") from error
    return _Month(community, found, Proof(root, url))
