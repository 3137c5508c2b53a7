"""A story's way to the board: one of the staff writes it, another approves it, and anybody of them
may take it down. About a person only while their name may be public."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from linli.ledger.activities.schema import activity
from linli.ledger.awards.schema import candidate
from linli.ledger.feed.stories import may_show, story_rows
from linli.ledger.feed.writer import append
from linli.ledger.people.directory import ERASED
from linli.ledger.people.holding import hold
from linli.ledger.people.schema import holder, org
from linli.ledger.stories.checks import (
    StoryError,
    checked_reason,
    checked_text,
    checked_title,
)
from linli.ledger.stories.schema import story
from linli.sync.messages import Stream


@dataclass(frozen=True, slots=True)
class Draft:
    """`account` is whom it is about, if anybody; with a `certificate`, whoever has that honour.
    `activity` is the sharing session it was told at."""

    title: str
    text: str
    account: str | None = None
    certificate: str | None = None
    activity: str | None = None


def write(connection: Connection, scope: str, draft: Draft, by: str, now: dt.datetime) -> int:
    """Keep a story until another approves it; returns its number. The same words by the same hand,
    while they wait, are the same story. Raises StoryError."""
    level = connection.execute(select(org.c.level).where(org.c.id == scope)).scalar()
    if level != "community":
        raise StoryError(f"{scope!r} is no community: stories are a community's")
    draft = replace(draft, title=checked_title(draft.title), text=checked_text(draft.text))
    if draft.certificate is not None:
        draft = replace(draft, account=_honoured(connection, scope, draft))
    if draft.account is not None:
        _check_person(connection, scope, draft.account)
    if draft.activity is not None:
        _check_session(connection, scope, draft.activity)
    before = select(story.c.number).where(
        story.c.scope == scope,
        story.c.title == draft.title,
        story.c.text == draft.text,
        story.c.written_by == by,
        story.c.approved_at.is_(None),
        story.c.taken_down_at.is_(None),
    )
    known = connection.execute(before.order_by(story.c.number).limit(1)).scalar()
    if known is not None:
        return int(known)
    if draft.certificate is not None:
        _refuse_second(connection, draft.certificate)
    made = insert(story).values(
        scope=scope,
        title=draft.title,
        text=draft.text,
        account=draft.account,
        certificate=draft.certificate,
        activity=draft.activity,
        written_by=by,
        written_at=now,
    )
    return int(connection.execute(made.returning(story.c.number)).scalar_one())


def approve(connection: Connection, number: int, by: str, now: dt.datetime) -> bool:
    """Put it on the boards; False where this member did so already. Raises StoryError: for its
    writer, for one that was taken down, and without the person's consent."""
    row = _held(connection, number)
    if row.taken_down_at is not None:
        raise StoryError(f"story {number} was taken down: write it anew")
    if not row.text:
        raise StoryError(f"story {number} is about somebody who was forgotten")
    if row.approved_by == by:
        return False
    if row.approved_by is not None:
        raise StoryError(f"story {number} was approved by {row.approved_by} already")
    if row.written_by == by:
        raise StoryError(f"{by} wrote story {number}: another member of staff approves it")
    if not may_show(connection, row.account):
        raise StoryError(f"{row.account} has not agreed to their name in public: ask them first")
    _change(connection, row, now, approved_by=by, approved_at=now)
    return True


def take_down(connection: Connection, number: int, by: str, why: str, now: dt.datetime) -> bool:
    """Off the boards, for good; False where it is down already. Raises StoryError."""
    why = checked_reason(why)
    row = _held(connection, number)
    if row.taken_down_at is not None:
        return False
    _change(connection, row, now, taken_down_by=by, taken_down_at=now, taken_down_why=why)
    return True


def _change(connection: Connection, row: Row[Any], now: dt.datetime, **values: object) -> None:
    """Boards are told of one that they have or are to have."""
    connection.execute(update(story).where(story.c.number == row.number).values(**values))
    rows = story_rows(connection, [row.number])
    append(connection, row.scope, Stream.CHANGES, rows, now)


def _held(connection: Connection, number: int) -> Row[Any]:
    """Locked as the desk locks: the person, their feeds, then the story."""
    query = select(story).where(story.c.number == number)
    row = connection.execute(query).first()
    if row is None:
        raise StoryError(f"there is no story {number}")
    hold(connection, [] if row.account is None else [row.account], [row.scope])
    return connection.execute(query.with_for_update()).one()


def _honoured(connection: Connection, scope: str, draft: Draft) -> str:
    query = select(candidate.c.account, candidate.c.scope)
    row = connection.execute(query.where(candidate.c.number == draft.certificate)).first()
    if row is None or row.scope != scope:
        raise StoryError(f"{scope} has given no honour with certificate {draft.certificate}")
    if draft.account not in (None, row.account):
        raise StoryError(f"certificate {draft.certificate} is not {draft.account}'s")
    return str(row.account)


def _refuse_second(connection: Connection, certificate: str) -> None:
    there = select(func.max(story.c.number)).where(
        story.c.certificate == certificate, story.c.taken_down_at.is_(None)
    )
    number = connection.execute(there).scalar()
    if number is not None:
        raise StoryError(f"story {number} tells of {certificate} already: take it down first")


def _check_person(connection: Connection, scope: str, account: str) -> None:
    query = select(holder.c.scope, holder.c.closed_as).where(holder.c.account == account)
    row = connection.execute(query).first()
    if row is None or row.scope != scope or row.closed_as == ERASED:
        raise StoryError(f"{account} is nobody of {scope}: check the number")


def _check_session(connection: Connection, scope: str, id_: str) -> None:
    query = select(activity.c.scope).where(activity.c.id == id_)
    if connection.execute(query).scalar() != scope:
        raise StoryError(f"{id_} is no activity of {scope}")
