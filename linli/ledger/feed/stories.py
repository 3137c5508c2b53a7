"""Stories as boards show them: approved, not taken down, and their person agrees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from linli.ledger.awards.schema import candidate
from linli.ledger.database import in_chunks
from linli.ledger.people.masking import public_name
from linli.ledger.people.schema import holder
from linli.ledger.stories.schema import story
from linli.sync.messages import Kind, StoryRow

MOST = 30
"""How many a board is given; it turns through fewer."""
AGREED: ColumnElement[bool] = (
    story.c.account.is_(None) | holder.c.public_consent | (holder.c.kind == Kind.UNIT.value)
)
ON_SHOW: ColumnElement[bool] = (
    story.c.approved_at.is_not(None)
    & story.c.taken_down_at.is_(None)
    & (story.c.text != "")
    & AGREED
)


def story_rows(connection: Connection, numbers: Collection[int]) -> list[StoryRow]:
    """These stories as they stand; those that are not on show without their words."""
    return [
        row
        for chunk in in_chunks(numbers)
        for row in _find(connection, _told().where(story.c.number.in_(chunk)))
    ]


def stories_on_show(
    connection: Connection, scope: str, most: int | None = MOST, offset: int = 0
) -> list[StoryRow]:
    """Of a community, newest first."""
    newest = (story.c.approved_at.desc(), story.c.number.desc())
    query = _told().where(story.c.scope == scope, ON_SHOW).order_by(*newest)
    return list(_find(connection, query.limit(most).offset(offset)))


def count_on_show(connection: Connection, scope: str) -> int:
    query = (
        select(func.count())
        .select_from(story)
        .outerjoin(holder, holder.c.account == story.c.account)
        .where(story.c.scope == scope, ON_SHOW)
    )
    return int(connection.execute(query).scalar_one())


def stories_of(connection: Connection, accounts: Collection[str]) -> dict[str, list[int]]:
    """The stories about these accounts that boards were told of, by community."""
    found: dict[str, list[int]] = defaultdict(list)
    for chunk in in_chunks(accounts):
        query = select(story.c.scope, story.c.number).where(
            story.c.account.in_(chunk), story.c.approved_at.is_not(None)
        )
        for row in connection.execute(query.order_by(story.c.number)):
            found[row.scope].append(row.number)
    return found


def may_show(connection: Connection, account: str | None) -> bool:
    """Whether a story about them may be on a board; one about nobody in particular may."""
    if account is None:
        return True
    query = select(holder.c.public_consent, holder.c.kind).where(holder.c.account == account)
    row = connection.execute(query).one()
    return bool(row.public_consent) or Kind(row.kind) is Kind.UNIT


def _told() -> Select[Any]:
    return (
        select(
            story,
            ON_SHOW.label("shown"),
            candidate.c.title.label("honour"),
            candidate.c.year,
            holder.c.kind,
            holder.c.name_masked,
            holder.c.alias,
            holder.c.public_consent,
            holder.c.under14,
        )
        .outerjoin(holder, holder.c.account == story.c.account)
        .outerjoin(candidate, candidate.c.number == story.c.certificate)
    )


def _find(connection: Connection, query: Select[Any]) -> Iterator[StoryRow]:
    for row in connection.execute(query):
        shown = bool(row.shown)
        yield StoryRow(
            id=str(row.number),
            title=row.title if shown else "",
            text=row.text if shown else "",
            name=_name(row) if shown else "",
            honour=row.honour or "",
            year=row.year or "",
            shown=shown,
            at=row.approved_at or row.written_at,
        )


def _name(row: Row[Any]) -> str:
    if row.account is None:
        return ""
    return public_name(
        row.name_masked,
        row.alias,
        Kind(row.kind),
        consent=row.public_consent,
        under14=row.under14,
    )
