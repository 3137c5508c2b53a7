"""What the desk's tests ask of a village."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from sqlalchemy import Engine, select

from linli.ledger.feed.schema import change
from linli.sync.messages import Change, Row, Stream

Told = Callable[[Engine, str, Stream], list[Row]]


@pytest.fixture
def told() -> Told:
    """All rows of a community's feed in their order."""

    def rows(engine: Engine, scope: str, stream: Stream) -> list[Row]:
        query = (
            select(change.c.payload)
            .where(change.c.scope == scope, change.c.stream == stream.value)
            .order_by(change.c.number)
        )
        with engine.connect() as connection:
            payloads = connection.execute(query).scalars().all()
        changes = [msgspec.json.decode(payload, type=Change) for payload in payloads]
        return [row for one in changes for row in one.rows]

    return rows
