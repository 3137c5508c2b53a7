"""A month is shown, then sealed: from then on its points may be spent."""

from __future__ import annotations

import datetime as dt

import pytest

from linli.ledger.audit.verify import verify
from linli.ledger.journal.schema import account
from linli.ledger.notice.publishing import NoticeError, freeze, seal, shown_deeds
from linli.ledger.review.deciding import review
from linli.ledger.standard.versions import StandardShelf
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.village import Village

DAY = dt.timedelta(days=1)


def balance(village: Village, id_: str) -> int:
    return next(row.posted for row in village.rows(account) if row.id == id_)


def freeze_november(village: Village, days: int = 5) -> None:
    with village.engine.begin() as connection:
        freeze(connection, "village", "2026-11", village.now, days)


def seal_november(village: Village) -> None:
    with village.engine.begin() as connection:
        seal(connection, "village", "2026-11", village.now)


def test_the_notice_shows_what_was_posted_and_not_what_waits(village: Village) -> None:
    freeze_november(village)
    with village.engine.connect() as connection:
        shown = [d.id for d in shown_deeds(connection, "village", "2026-11")]
    assert shown == ["visit.a1", "story.a1", "visit.a2"]


def test_a_sealed_month_may_be_spent(village: Village) -> None:
    freeze_november(village)
    assert balance(village, "a1:redeemable") == 0
    village.now += 6 * DAY
    seal_november(village)
    assert (balance(village, "a1:earned"), balance(village, "a1:redeemable")) == (0, 20)
    assert balance(village, "a2:redeemable") == 10
    assert verify(village.engine) is None


def test_it_hangs_for_whole_days(village: Village) -> None:
    freeze_november(village, days=3)
    village.now = dt.datetime(2026, 12, 4, 23, 59, tzinfo=SHANGHAI)
    with pytest.raises(NoticeError, match="hangs until 2026-12-05"):
        seal_november(village)
    village.now += dt.timedelta(minutes=1)
    seal_november(village)


def test_a_month_is_not_frozen_before_it_is_over(village: Village) -> None:
    village.now -= 2 * DAY
    with pytest.raises(NoticeError, match="not over yet"):
        freeze_november(village)


@pytest.mark.parametrize("month", ["2026-13", "november", "", "2026-11-01"])
def test_what_is_no_month_is_refused(village: Village, month: str) -> None:
    with village.engine.begin() as connection, pytest.raises(NoticeError, match="is no month"):
        freeze(connection, "village", month, village.now)


def test_nothing_is_frozen_or_sealed_twice(village: Village) -> None:
    freeze_november(village)
    with pytest.raises(NoticeError, match="is up already"):
        freeze_november(village)
    village.now += 6 * DAY
    seal_november(village)
    with pytest.raises(NoticeError, match="is sealed already"):
        seal_november(village)


def test_what_is_posted_late_is_on_the_next_notice(village: Village) -> None:
    freeze_november(village)
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        review(connection, ["story.a3"], "posted", "late", standards, village.now)
    village.now = dt.datetime(2027, 1, 1, 9, 0, tzinfo=SHANGHAI)
    with village.engine.begin() as connection:
        freeze(connection, "village", "2026-12", village.now)
        assert [d.id for d in shown_deeds(connection, "village", "2026-12")] == ["story.a3"]


def test_an_empty_month_has_an_empty_notice(village: Village) -> None:
    with village.engine.begin() as connection:
        freeze(connection, "village", "2026-10", village.now)
        assert not shown_deeds(connection, "village", "2026-10")
    village.now += 6 * DAY
    with village.engine.begin() as connection:
        seal(connection, "village", "2026-10", village.now)
    assert verify(village.engine) is None
