"""The village with a panel of three, two of whom must agree, and with staff."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from linli.ledger.review.panel import LEADER, MEMBER, appoint, set_quorum
from linli.ledger.staff.schema import staff
from tests.unit.ledger.declarations.forms import STAFF
from tests.unit.ledger.village import Village


@pytest.fixture
def village(village: Village) -> Village:
    """a4 leads for the branch; a5 and a6 stand for the residents."""
    with village.engine.begin() as connection:
        set_quorum(connection, "village", 2)
        appoint(connection, "village", "a4", LEADER, "支部", village.now)
        for account in ("a5", "a6"):
            appoint(connection, "village", account, MEMBER, "居民代表", village.now)
        rows = [
            {
                "login": one.login,
                "name": one.name,
                "role": one.role.value,
                "scope": one.scope,
                "account": one.account,
                "password": "",
                "must_change": False,
                "made_at": village.now,
            }
            for one in STAFF
        ]
        connection.execute(insert(staff), rows)
    return village
