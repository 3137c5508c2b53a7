"""What the wall and the chat are told of a month, and the minutes of a week."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import update

from linli.ledger.documents.model import Verdict
from linli.ledger.documents.render import pdf, pictures
from linli.ledger.notice.objecting import take_back
from linli.ledger.notice.publishing import NoticeError, freeze
from linli.ledger.notice.sheets import chat_poster, notice_sheet
from linli.ledger.people.schema import holder
from linli.ledger.record.log import make_checkpoint
from linli.ledger.review.minutes import week_minutes
from linli.ledger.review.opinions import Choice
from linli.ledger.review.panel import set_quorum
from linli.ledger.review.queue import cases
from linli.ledger.review.weekly import ReviewError, Said, say
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import Kind
from tests.unit.ledger.village import Village

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
URL = "https://points.example/check"


@pytest.fixture
def village(village: Village) -> Village:
    """November hangs, and its deeds are in the record."""
    with village.engine.begin() as connection:
        freeze(connection, "village", "2026-11", village.now)
        make_checkpoint(connection, "points.example", KEY, lambda: bytes(32), village.now)
    return village


def test_the_sheet_tells_the_posted_deeds_with_masked_names(village: Village) -> None:
    with village.engine.connect() as connection:
        standards = StandardShelf().read(connection)
        sheet = notice_sheet(connection, "village", "2026-11", standards, "支部", URL)
    assert (sheet.community, str(sheet.opens), str(sheet.closes)) == (
        "阳光社区",
        "2026-12-01",
        "2026-12-06",
    )
    assert [(d.name, d.points) for d in sheet.deeds] == [("张*1", 10), ("张*1", 10), ("张*2", 10)]
    residents = next(r for r in sheet.rankings if r.kind is Kind.RESIDENT)
    places = [(place.rank, place.name, place.points) for place in residents.places]
    assert places == [(1, "张*1", 20), (2, "张*2", 10)]
    assert (sheet.totals.deeds, sheet.totals.points, sheet.totals.people) == (3, 30, 2)
    assert len(sheet.proof.root) == 64
    assert pdf(sheet).startswith(b"%PDF")


def test_somebody_without_consent_has_an_alias(village: Village) -> None:
    with village.engine.begin() as connection:
        connection.execute(
            update(holder).where(holder.c.account == "a2").values(public_consent=False)
        )
        poster = chat_poster(connection, "village", "2026-11", URL)
    names = [place.name for ranking in poster.rankings for place in ranking.places]
    assert names == ["张*1", "热心邻居0002"]
    assert pictures(poster)[0].startswith(b"\x89PNG")


def test_what_was_taken_back_is_not_shown_but_counted(village: Village) -> None:
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        take_back(connection, "visit.a1", "没来", standards, village.now, sealed=False)
        sheet = notice_sheet(connection, "village", "2026-11", standards, "支部", URL)
    assert (sheet.totals.deeds, sheet.totals.voided) == (2, 1)


@pytest.mark.parametrize(
    ("scope", "month", "says"),
    [("village", "2026-10", "freeze the month first"), ("nowhere", "2026-11", "no community")],
)
def test_a_month_that_does_not_hang_has_no_sheet(
    village: Village, scope: str, month: str, says: str
) -> None:
    with village.engine.connect() as connection, pytest.raises(NoticeError, match=says):
        chat_poster(connection, scope, month, URL)


def test_the_minutes_name_who_was_there_what_was_decided_and_why(village: Village) -> None:
    with village.engine.begin() as connection:
        set_quorum(connection, "village", 1)
        standards = StandardShelf().read(connection)
        (case,) = cases(connection, "village")
        said = [Said(case.deed.id, Choice.VOID, case.seen, "当天不在现场")]
        say(connection, "village", "a5", said, standards, village.now)
        minutes = week_minutes(connection, "village", "2026-W49", standards, "一楼会议室")
    assert [(m.name, m.role, m.present) for m in minutes.members] == [
        ("张*4", "支部（组长）", False),
        ("张*5", "居民代表", True),
    ]
    (decision,) = minutes.decisions
    assert (decision.name, decision.verdict, decision.reason) == (
        "张*3",
        Verdict.VOIDED,
        "当天不在现场",
    )
    assert pdf(minutes).startswith(b"%PDF")


def test_a_week_without_decisions_has_no_minutes(village: Village) -> None:
    with village.engine.connect() as connection, pytest.raises(ReviewError, match="2026-W40"):
        week_minutes(connection, "village", "2026-W40", StandardShelf().read(connection), "")
