"""Reads stories for those who write and approve them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, func, select, true

from linli.ledger.stories.schema import story


class State(StrEnum):
    """Where a story is on its way. One that is `shown` still needs its person's consent."""

    WAITING = "waiting"
    SHOWN = "shown"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Story:
    """One story as staff see it."""

    number: int
    scope: str
    title: str
    text: str
    account: str | None
    certificate: str | None
    activity: str | None
    written_by: str
    written_at: dt.datetime
    approved_by: str | None
    approved_at: dt.datetime | None
    taken_down_by: str | None
    taken_down_at: dt.datetime | None
    taken_down_why: str | None

    @property
    def state(self) -> State:
        if self.taken_down_at is not None:
            return State.DOWN
        return State.WAITING if self.approved_at is None else State.SHOWN


IS: dict[State, ColumnElement[bool]] = {
    State.WAITING: story.c.approved_at.is_(None) & story.c.taken_down_at.is_(None),
    State.SHOWN: story.c.approved_at.is_not(None) & story.c.taken_down_at.is_(None),
    State.DOWN: story.c.taken_down_at.is_not(None),
}


def stories(
    connection: Connection,
    scope: str,
    state: State | None = None,
    text: str = "",
    *,
    most: int | None = 50,
    offset: int = 0,
) -> list[Story]:
    """A community's, newest first, with the text in their title or words; all of them without a
    state."""
    query = select(story).where(_wanted(scope, state, text))
    page = query.order_by(story.c.number.desc()).limit(most).offset(offset)
    return [Story(**row._asdict()) for row in connection.execute(page)]


def count_stories(
    connection: Connection, scope: str, state: State | None = None, text: str = ""
) -> int:
    query = select(func.count()).select_from(story).where(_wanted(scope, state, text))
    return int(connection.execute(query).scalar_one())


def _wanted(scope: str, state: State | None, text: str) -> ColumnElement[bool]:
    words = story.c.title.contains(text, autoescape=True)
    words |= story.c.text.contains(text, autoescape=True)
    return (story.c.scope == scope) & words & (true() if state is None else IS[state])


def read_story(connection: Connection, number: int) -> Story | None:
    row = connection.execute(select(story).where(story.c.number == number)).first()
    return None if row is None else Story(**row._asdict())
