"""One holder: who they are, masked; where they live, their cards, points and newest deeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection, Row, func, select

from linli.ledger.database import reading
from linli.ledger.journal.accounts import earned, redeemable
from linli.ledger.journal.deed import POSTED
from linli.ledger.journal.schema import account as purse
from linli.ledger.journal.schema import deed
from linli.ledger.notice.schema import notice, notice_deed
from linli.ledger.people.bearers import bearers, taken_over
from linli.ledger.people.masking import public_name
from linli.ledger.people.personal_schema import person
from linli.ledger.people.schema import card, org
from linli.ledger.review.schema import panel_member
from linli.ledger.standard.versions import Standards
from linli.ledger.web.console.drawing import console_page
from linli.ledger.web.console.people.reach import HOLDER, Onlooker, holder_in_reach
from linli.ledger.web.site import Here
from linli.sync.messages import Kind

routes = APIRouter(prefix=HOLDER)
NEWEST = 20


@dataclass(frozen=True, slots=True)
class Points:
    """`on_notice` is the part of `earned` that a notice shows now."""

    pending: int
    earned: int
    on_notice: int
    redeemable: int


@routes.get("")
def one_holder(request: Request, site: Here, visitor: Onlooker, account: str) -> Response:
    with reading(site.engine) as connection:
        of = holder_in_reach(connection, visitor, account)
        bearer = bearers(connection, [account])[account]
        family = [account, *sorted(taken_over(connection, [account]))]
        return console_page(
            request,
            visitor,
            "people/holder.html",
            of=of,
            path_home=_path_home(connection, of.home),
            shown_as=_shown_as(of),
            bearer=bearer,
            took_over=family[1:],
            points=_points(connection, bearer, family),
            cards=_cards(connection, family),
            deeds=_deeds(connection, family, site.shelf.read(connection)),
            kept=_kept(connection, account),
            seat=_seat(connection, account),
        )


def _shown_as(of: Row[Any]) -> str:
    """Their name for everybody's eyes."""
    return public_name(
        of.name_masked, of.alias, Kind(of.kind), consent=of.public_consent, under14=of.under14
    )


def _path_home(connection: Connection, home: str) -> list[Row[Any]]:
    """From the street down."""
    path = connection.execute(select(org.c.path).where(org.c.id == home)).scalar_one().split()
    nodes = {row.id: row for row in connection.execute(select(org).where(org.c.id.in_(path))).all()}
    return [nodes[id_] for id_ in path]


def _points(connection: Connection, bearer: str, family: Sequence[str]) -> Points:
    ids = (earned(bearer), redeemable(bearer))
    rows = connection.execute(select(purse).where(purse.c.id.in_(ids)))
    purses = {row.id: row for row in rows}
    on_notice = (
        select(func.coalesce(func.sum(deed.c.points), 0))
        .join(notice_deed, notice_deed.c.deed == deed.c.id)
        .join(
            notice,
            (notice.c.scope == notice_deed.c.scope) & (notice.c.month == notice_deed.c.month),
        )
        .where(deed.c.account.in_(family), deed.c.state == POSTED, notice.c.sealed_at.is_(None))
    )
    on_way, may_spend = (purses[id_] for id_ in ids)
    return Points(
        on_way.pending,
        on_way.posted,
        int(connection.execute(on_notice).scalar_one()),
        may_spend.posted,
    )


def _cards(connection: Connection, family: Sequence[str]) -> Sequence[Row[Any]]:
    query = select(card).where(card.c.account.in_(family)).order_by(card.c.status, card.c.id)
    return connection.execute(query).all()


def _deeds(
    connection: Connection, family: Sequence[str], standards: Standards
) -> list[tuple[Row[Any], str]]:
    """The newest, each with its item's name in the standard of its day."""
    query = (
        select(deed)
        .where(deed.c.account.in_(family))
        .order_by(deed.c.done_at.desc(), deed.c.id)
        .limit(NEWEST)
    )
    return [(row, standards.name_of(row.item, row.day)) for row in connection.execute(query)]


def _kept(connection: Connection, account: str) -> dt.datetime | None:
    """Since when personal data of theirs is kept as it is."""
    query = select(person.c.kept_at).where(person.c.account == account)
    return connection.execute(query).scalar()


def _seat(connection: Connection, account: str) -> Row[Any] | None:
    """Theirs on the panel, where they have one."""
    query = select(panel_member).where(
        panel_member.c.account == account, panel_member.c.until.is_(None)
    )
    return connection.execute(query).first()
