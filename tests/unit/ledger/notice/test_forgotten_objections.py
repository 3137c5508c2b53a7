"""Who is forgotten leaves no words in objections, theirs or those about them."""

from __future__ import annotations

import pytest

from linli.ledger.audit.verify import verify
from linli.ledger.journal.schema import transfer
from linli.ledger.notice.objecting import Way, answer, object_to
from linli.ledger.notice.on_show import objections_of
from linli.ledger.notice.progress import progress_of
from linli.ledger.notice.publishing import freeze
from linli.ledger.notice.schema import objection
from linli.ledger.people.access_log import Staff
from linli.ledger.people.erasing import erase
from linli.ledger.standard.versions import StandardShelf
from tests.unit.ledger.village import Village

SAID, TOLD = "王建国那天在外地", "王建国的签到是邻居代刷的"


@pytest.fixture
def village(village: Village) -> Village:
    """a3 objected to a deed of a1, whose deed was taken back; a2 to one of their own."""
    with village.engine.begin() as connection:
        freeze(connection, "village", "2026-11", village.now)
        standards = StandardShelf().read(connection)
        for by, deed, upheld in (("a3", "visit.a1", True), ("a2", "visit.a2", False)):
            id_ = object_to(connection, deed, by, Way.DESK, SAID, village.now)
            answer(connection, id_, "a5", TOLD, standards, village.now, upheld=upheld)
    return village


def forget(village: Village, account: str) -> None:
    with village.engine.begin() as connection:
        erase(connection, account, Staff("李主任", "clerk"), "本人书面申请", village.now)


def words_about(village: Village) -> dict[str, tuple[str, str]]:
    return {row.deed: (row.words, row.answer) for row in village.rows(objection)}


@pytest.mark.parametrize("who", ["a1", "a3"])
def test_the_words_go_with_whoever_is_forgotten_of_the_two(village: Village, who: str) -> None:
    forget(village, who)
    assert words_about(village) == {"visit.a1": ("", ""), "visit.a2": (SAID, TOLD)}
    upheld = {row.deed: row.upheld for row in village.rows(objection)}
    assert upheld == {"visit.a1": True, "visit.a2": False}
    assert verify(village.engine) is None


def test_the_journal_never_had_the_words(village: Village) -> None:
    told = " ".join(row.reason for row in village.rows(transfer))
    assert TOLD not in told
    assert "objection visit.a1!1" in told


def test_until_then_the_answer_is_told_as_the_reason(village: Village) -> None:
    with village.engine.connect() as connection:
        standards = StandardShelf().read(connection)
        (before,) = progress_of(connection, ["visit.a1"], standards)
        assert before.reason == TOLD
    forget(village, "a1")
    with village.engine.connect() as connection:
        (after,) = progress_of(connection, ["visit.a1"], standards)
        assert after.reason == ""
        assert objections_of(connection, "a3", standards)[0].words == ""
