"""What the tests of adjustments begin with: the starting standard, of which B05 gives 20 points."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection

from linli.ledger.standard.changes import Change, Field
from linli.ledger.standard.drafting import draft, put_change
from linli.ledger.standard.publishing import publish
from linli.ledger.standard.sets import read_set
from linli.sync.messages import StandardDoc

FIRST = dt.date(2026, 12, 1)
RAISED = Change("B05", Field.POINTS, 20, 25)
Draft = Callable[..., str]
Publish = Callable[[str], StandardDoc]


def with_points(doc: StandardDoc, code: str, points: int, on: dt.date) -> StandardDoc:
    """The whole standard again, with other points for one item, from another day."""
    classes = [
        replace(
            class_,
            items=[replace(i, points=points) if i.code == code else i for i in class_.items],
        )
        for class_ in doc.classes
    ]
    return replace(doc, version=f"whole-{on}", effective_from=on, classes=classes)


@pytest.fixture
def drafted(connection: Connection, now: dt.datetime) -> Draft:
    """Makes a draft of some changes, from 1 December unless told otherwise."""

    def make(*changes: Change, on: dt.date = FIRST, month: str = "2026-12") -> str:
        id_ = draft(connection, month, on, "王主任", now)
        for change in changes:
            put_change(connection, id_, change, "夜间值守多")
        return id_

    return make


@pytest.fixture
def published(connection: Connection, now: dt.datetime) -> Publish:
    """Publishes a draft as it stands."""

    def make(id_: str) -> StandardDoc:
        return publish(connection, id_, read_set(connection, id_).seen, "李书记", now)

    return make
