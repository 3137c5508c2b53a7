"""A month is sealed: what was earned in it may be spent from now on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import Connection, insert

from linli.ledger.journal.accounts import Move, apply_moves, earned, redeemable
from linli.ledger.journal.deed import POSTED
from linli.ledger.journal.schema import transfer
from linli.ledger.people.bearers import bearers


def seal_points(
    connection: Connection, name: str, points: Mapping[str, int], reason: str, now: dt.datetime
) -> None:
    """One posted transfer for each holder, from their bearer's earned to redeemable. `name` is the
    month's, so that it cannot happen twice.

    Raises IntegrityError where a holder has not earned as much, or the month was sealed."""
    ends = bearers(connection, points)
    rows = [
        {
            "id": f"{name}.{holder}",
            "debit": earned(ends[holder]),
            "credit": redeemable(ends[holder]),
            "points": some,
            "state": POSTED,
            "deed": None,
            "item": None,
            "standard_version": None,
            "made_at": now,
            "decided_at": now,
            "reason": reason,
        }
        for holder, some in sorted(points.items())
        if some
    ]
    if rows:
        connection.execute(insert(transfer), rows)
        apply_moves(
            connection,
            [
                Move(earned(ends[holder]), redeemable(ends[holder]), some, 0)
                for holder, some in points.items()
                if some
            ],
        )
