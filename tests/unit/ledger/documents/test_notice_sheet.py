"""The monthly notice: what stands on it, and how long lists run over its pages."""

from __future__ import annotations

import pytest

from linli.ledger.documents.model import DocumentError, Notice, Place, Proof, Ranking
from linli.ledger.documents.render import pdf
from linli.sync.messages import Kind
from tests.unit.ledger.documents.documents_of import (
    PROOF,
    by_hand,
    notice,
    places,
    posted,
    rankings,
)
from tests.unit.ledger.documents.pdf_text import Page, Pdf

MM = 72 / 25.4
FOOT = 38 * MM
"""Lists end above it."""
SIDE = 18 * MM


def printed(document: Notice) -> tuple[Page, ...]:
    return Pdf(pdf(document)).pages


def test_it_says_whose_month_it_is_until_when_and_how_to_object() -> None:
    text = printed(notice(posted(3)))[0].text
    for part in ("阳光社区", "红色积分公示", "2026年10月", "2026年11月1日", "至2026年11月7日"):
        assert part in text
    assert "到社区积分服务台当面提出" in text


def test_it_shows_the_totals_of_the_month() -> None:
    text = printed(notice())[0].text
    for part in ("1,286件", "12,860分", "423人", "18家", "12件"):
        assert part in text


def test_a_short_month_fits_on_one_sheet() -> None:
    assert len(printed(notice(posted(3), by_hand(1)))) == 1


def test_two_thousand_deeds_fill_about_twenty_sheets_and_none_is_lost() -> None:
    pages = printed(notice(posted(2000), by_hand(40)))
    assert 18 <= len(pages) <= 24
    text = "".join(page.text for page in pages)
    assert all(f"热心邻居{at:04d}" in text for at in range(2000))
    assert all(f"补录{at:04d}" in text for at in range(40))


@pytest.mark.parametrize("count", [1, 2, 37, 60, 91, 92, 93, 180, 260])
def test_every_deed_is_printed_once_however_many_there_are(count: int) -> None:
    text = "".join(page.text for page in printed(notice(posted(count))))
    assert [text.count(f"热心邻居{at:04d}") for at in range(count)] == [1] * count


@pytest.mark.parametrize("count", [45, 93, 260])
def test_no_row_runs_into_the_foot_of_its_page(count: int) -> None:
    for page in printed(notice(posted(count), by_hand(9), rankings(14, 12, 90))):
        rows = [run for run in page.runs if "热心邻居" in run.text or "补录" in run.text]
        assert all(run.y > FOOT and run.x >= SIDE - 1 for run in rows)


def rows_by_page(count: int, by_desk: int = 0) -> list[int]:
    pages = printed(notice(posted(count), by_hand(by_desk), ranked=()))
    return [sum("热心邻居" in run.text for run in page.runs) for page in pages]


@pytest.mark.parametrize("more", [1, 2, 3])
def test_a_list_a_little_too_long_for_its_sheet_takes_company_to_the_next(more: int) -> None:
    full = rows_by_page(400)[0]
    assert rows_by_page(full, by_desk=30)[0] == full
    assert rows_by_page(full + more, by_desk=30)[:2] == [full + more - 4, 4]


def test_rows_draw_closer_rather_than_leave_a_sheet_nearly_empty() -> None:
    full = rows_by_page(400)[0]
    assert len(printed(notice(posted(full - 20), by_hand(6), ranked=()))) == 1
    assert len(printed(notice(posted(full - 20), by_hand(60), ranked=()))) == 2


@pytest.mark.parametrize("ways", range(0, 30, 2))
def test_wherever_the_lists_begin_no_sheet_is_left_empty(ways: int) -> None:
    objections = tuple(f"第{way}种办法" for way in range(ways))
    ranked = rankings(residents=12)
    first, *others = printed(notice(posted(150), by_hand(5), ranked, objections=objections))
    assert all("热心邻居" in page.text for page in others)
    assert all(run.y > FOOT for page in (first, *others) for run in page.runs if "热心" in run.text)
    text = "".join(page.text for page in (first, *others))
    assert text.count("热心邻居") == 150


def test_each_page_has_its_number_the_root_and_the_way_to_check_it() -> None:
    pages = printed(notice(posted(200)))
    for at, page in enumerate(pages, start=1):
        assert f"{at}/{len(pages)}" in page.text
        assert PROOF.root in page.text
        assert "扫码核对" in page.text


def test_deeds_entered_by_hand_stand_in_their_own_section() -> None:
    text = printed(notice(posted(2), by_hand(2)))[0].text
    before, _, after = text.partition("服务台人工补录")
    assert "共2件，没有刷卡记录" in after
    assert "热心邻居0001" in before
    assert "补录0000" not in before
    assert "补录0001" in after
    assert "周*敏" in after
    assert "卡片挂失补办中" in after


def test_the_section_by_hand_is_named_again_on_each_further_sheet() -> None:
    pages = printed(notice(desk_deeds=by_hand(150)))
    assert len(pages) > 2
    assert all("服务台人工补录（续）" in page.text for page in pages[1:])


def test_a_month_without_deeds_says_so() -> None:
    text = printed(notice(ranked=rankings(0, 0, 0)))[0].text
    assert "本月没有认定的积分" in text
    assert "本月没有人工补录的积分" in text
    assert text.count("本月还没有记录") == 3


def test_a_kind_without_anybody_says_so_beside_the_others() -> None:
    text = printed(notice(ranked=rankings(units=0)))[0].text
    assert text.count("本月还没有记录") == 1
    assert "驻区单位" in text


def test_equal_points_share_their_rank() -> None:
    ranking = Ranking(Kind.RESIDENT, places(4, (90, 80, 80, 70)))
    assert [place.rank for place in ranking.places] == [1, 2, 2, 4]
    text = printed(notice(ranked=(ranking,)))[0].text
    for part in ("1邻居0号90", "2邻居1号80", "2邻居2号80", "4邻居3号70"):
        assert part in text


def test_whoever_comes_after_the_tenth_is_in_the_list_below() -> None:
    text = printed(notice(ranked=rankings(residents=25)))[0].text
    _, _, rest = text.partition("个人其余名次")
    assert "第11位起，共15位" in rest
    assert all(f"邻居{at}号" in rest for at in range(10, 25))


def test_hundreds_of_ranks_lose_nobody() -> None:
    text = "".join(page.text for page in printed(notice(ranked=rankings(residents=400))))
    assert all(f"邻居{at}号" in text for at in range(400))


def test_a_full_name_of_a_unit_is_printed_whole() -> None:
    name = "向阳街道阳光社区党群服务中心与新时代文明实践站联合志愿服务总队阳光分队"
    ranking = Ranking(Kind.UNIT, (Place(1, name, 1000),))
    assert name in printed(notice(ranked=(ranking,)))[0].text


@pytest.mark.parametrize("month", ["2026-13", "2026", "", "2026-1", "x"])
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(DocumentError, match="is no month"):
        pdf(notice(month=month))


def test_a_root_that_is_not_hex_is_refused() -> None:
    with pytest.raises(DocumentError, match="in hex"):
        pdf(notice(proof=Proof("not a root", PROOF.url)))


def test_an_address_too_long_for_a_qr_code_is_refused() -> None:
    with pytest.raises(DocumentError, match="QR"):
        pdf(notice(proof=Proof(PROOF.root, "https://" + "x" * 5000)))
