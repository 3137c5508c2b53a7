"""A terminal tells somebody why a deed of theirs was voided, and nothing of anybody else."""

from __future__ import annotations

import pytest

from linli.ledger.database import reading
from linli.ledger.feed.reasons import CORRECTED_WORDS, WITHDRAWN_WORDS, told_reason
from linli.ledger.feed.snapshot import snapshot
from linli.ledger.notice.objecting import Way, answer, object_to
from linli.ledger.notice.publishing import freeze
from linli.ledger.review.deciding import review
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import DeedRow, Row, Stream
from tests.unit.ledger.conftest import Told
from tests.unit.ledger.village import Village


def reasons(rows: list[Row]) -> dict[str, str]:
    """As a terminal has them that followed every change."""
    return {row.id: row.reason for row in rows if isinstance(row, DeedRow)}


def kept(village: Village) -> dict[str, str]:
    with reading(village.engine) as connection:
        return reasons(snapshot(connection, "village", Stream.HOLDERS, village.now).rows)


def test_the_panels_reason_is_told_on_the_feed_and_in_snapshots(
    village: Village, told: Told
) -> None:
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        review(connection, ["story.a3"], "voided", "签到时间不对", standards, village.now)
    for rows in (reasons(told(village.engine, "village", Stream.HOLDERS)), kept(village)):
        assert rows == {"story.a3": "签到时间不对", "visit.a1": "", "visit.a2": "", "story.a1": ""}


def test_what_somebody_objected_and_was_answered_is_not_told(village: Village, told: Told) -> None:
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        freeze(connection, "village", "2026-11", village.now)
        words = "李明那天没有来"
        id_ = object_to(connection, "visit.a1", "a3", Way.CARD, words, village.now)
        said = "李明说得对"
        answer(connection, id_, "a5", said, standards, village.now, upheld=True)
    for rows in (reasons(told(village.engine, "village", Stream.HOLDERS)), kept(village)):
        assert rows["visit.a1"] == CORRECTED_WORDS


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("和张*三的记录重复", "和某居民的记录重复"),
        ("是欧阳*娜做的", "是某居民做的"),
        ("李*，重复", "某居民，重复"),
        ("照片看不清", "照片看不清"),
    ],
)
def test_masked_names_are_left_out(words: str, told: str) -> None:
    assert told_reason("voided", (), words) == told


def test_what_the_events_took_back_has_a_word_of_its_own() -> None:
    said = told_reason("voided", ("withdrawn",), "the events say otherwise now")
    assert said == WITHDRAWN_WORDS
    assert told_reason("posted", (), "weekly review") == ""
