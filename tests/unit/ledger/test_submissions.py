"""A form is taken once, whichever database keeps count."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection

from linli.ledger.database import insert_missing
from linli.ledger.staff.schema import submission
from linli.ledger.staff.submissions import first_time


def test_a_form_sent_again_was_taken_before(connection: Connection, now: dt.datetime) -> None:
    assert first_time(connection, "form-1", "leader", now)
    assert not first_time(connection, "form-1", "leader", now)
    assert first_time(connection, "form-2", "leader", now)


def test_only_rows_that_were_missing_are_counted(connection: Connection, now: dt.datetime) -> None:
    rows = [{"token": name, "by": "leader", "at": now} for name in ("a", "b", "c")]
    assert insert_missing(connection, submission, rows[:1]) == 1
    assert insert_missing(connection, submission, rows) == 2
    assert insert_missing(connection, submission, []) == 0
