"""Photos of written-down deeds, for the panel that decides and the desk that wrote them down."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import Connection, Table, select

from linli.ledger.database import reading
from linli.ledger.declarations.evidence import read_photo
from linli.ledger.declarations.schema import declaration, desk_entry
from linli.ledger.people.schema import holder
from linli.ledger.staff.roles import Right
from linli.ledger.web.console.guard import FORBIDDEN, Reader, Visitor
from linli.ledger.web.photos import GONE, Place, photo_answer
from linli.ledger.web.refusals import Refused
from linli.ledger.web.site import Here

routes = APIRouter(prefix="/console")


@routes.get("/evidence/{deed}/{place}")
def photo(site: Here, visitor: Reader, deed: str, place: Place) -> Response:
    with reading(site.engine) as connection:
        _require_sight(connection, visitor, deed)
        return photo_answer(read_photo(connection, deed, place))


def _require_sight(connection: Connection, visitor: Visitor, deed: str) -> None:
    """Panel and overseers see every photo of their community, a desk those of its entries. Raises
    Refused."""
    by_hand = _scope_of(connection, desk_entry, deed)
    scope = by_hand or _scope_of(connection, declaration, deed)
    if scope is None:
        raise Refused(404, GONE)
    decides = visitor.may(Right.REVIEW) or visitor.may(Right.OVERSEE)
    if not decides and not (by_hand and visitor.may(Right.DESK)):
        raise Refused(403, FORBIDDEN)
    if visitor.worker.scope not in (None, scope):
        raise Refused(403, "这张照片属于别的社区。")


def _scope_of(connection: Connection, table: Table, id_: str) -> str | None:
    query = (
        select(holder.c.scope)
        .join(table, table.c.account == holder.c.account)
        .where(table.c.id == id_)
    )
    found = connection.execute(query).scalar()
    return None if found is None else str(found)
