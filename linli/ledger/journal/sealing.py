"""A month is sealed: what was earned in it may be spent from now on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import Connection

from linli.ledger.journal.accounts import earned, redeemable
from linli.ledger.journal.posting import Posting, post_transfers
from linli.ledger.people.bearers import bearers


def seal_points(
    connection: Connection, name: str, points: Mapping[str, int], reason: str, now: dt.datetime
) -> None:
    """One posted transfer for each holder, from their bearer's earned to redeemable. `name` is the
    month's, so that it cannot happen twice.

    Raises IntegrityError where a holder has not earned as much, or the month was sealed."""
    ends = bearers(connection, points)
    postings = [
        Posting(f"{name}.{holder}", earned(ends[holder]), redeemable(ends[holder]), some, reason)
        for holder, some in sorted(points.items())
        if some
    ]
    post_transfers(connection, postings, now)
