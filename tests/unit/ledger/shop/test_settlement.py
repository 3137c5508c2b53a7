"""A merchant's month: its used vouchers, who came, what they said, and a spreadsheet of it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import asdict, replace

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from linli.ledger.documents.model import Settlement, Voucher
from linli.ledger.shop.merchants import Merchant, add_offer
from linli.ledger.shop.refusals import ShopError
from linli.ledger.shop.settlement import (
    Footfall,
    MerchantMonth,
    footfall,
    month_span,
    rating,
    settle,
)
from linli.ledger.shop.using import rate
from linli.ledger.shop.workbook import settlement_sheet
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.shop.counter import BREAD, DAY, Shop

NOVEMBER = dt.datetime(2026, 11, 30, 23, 59, 59, tzinfo=SHANGHAI)
DANGEROUS = ['=cmd|"/c calc"!A1', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1", "\n=1"]


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """Three vouchers were used in November, the last in its last second, and one in December."""
    shop.do(
        lambda c: add_offer(c, replace(BREAD, id="cake", per_person=None, in_all=None), shop.now)
    )
    codes = [shop.issue(who, f"r{n}", "cake").code for n, who in enumerate(["a1", "a1", "a2"])]
    shop.use(codes[0], "t0")
    shop.use(codes[1], "t1")
    last, next_one = shop.issue("a2", "r8", "cake"), shop.issue("a2", "r9", "cake")
    shop.now = NOVEMBER
    shop.use(last.code, "t2")
    shop.now += dt.timedelta(seconds=1)
    shop.use(next_one.code, "t3")
    return shop


def november(shop: Shop) -> MerchantMonth:
    return shop.do(lambda c: settle(c, "bakery", "2026-11"))


def test_a_settlement_has_the_vouchers_used_in_its_month(shop: Shop) -> None:
    month = november(shop)
    assert [v.day.isoformat() for v in month.vouchers] == ["2026-11-24", "2026-11-24", "2026-11-30"]
    assert (month.points, month.community_fen, month.merchant_fen) == (30, 900, 600)
    assert len(shop.do(lambda c: settle(c, "bakery", "2026-12")).vouchers) == 1
    assert shop.do(lambda c: settle(c, "books", "2026-11")).vouchers == ()


def test_a_later_price_does_not_change_what_was_used(shop: Shop) -> None:
    before = november(shop)
    shop.do(lambda c: c.execute(text("UPDATE offer SET title = 'x', points = 1, merchant_fen = 0")))
    assert november(shop) == before


def test_the_paper_settlement_can_be_built_from_it(shop: Shop) -> None:
    month = november(shop)
    sheet = Settlement(
        community="阳光社区",
        merchant=month.merchant.name,
        merchant_number=month.merchant.number,
        month=month.month,
        made_on=dt.date(2026, 12, 1),
        number="2026-11-001",
        vouchers=tuple(Voucher(**asdict(one)) for one in month.vouchers),
    )
    assert sheet.vouchers[0].community_fen == 300


def test_footfall_counts_visits_and_people_of_each_day(shop: Shop) -> None:
    assert shop.do(lambda c: footfall(c, "bakery", "2026-11")) == [
        Footfall(dt.date(2026, 11, 24), visits=2, people=1),
        Footfall(dt.date(2026, 11, 30), visits=1, people=1),
    ]


def test_ratings_are_counted_and_averaged(shop: Shop) -> None:
    assert shop.do(lambda c: rating(c, "bakery", "2026-11")).average is None
    for id_, stars in (("a1.r0", 5), ("a1.r1", 2)):
        shop.do(lambda c, id_=id_, stars=stars: rate(c, "a1", id_, stars))
    found = shop.do(lambda c: rating(c, "bakery", "2026-11"))
    assert (found.counts, found.ratings, found.average) == ((0, 1, 0, 0, 1), 2, 3.5)


@pytest.mark.parametrize("month", ["2026-13", "", "november", "2026-11-01", "9999-12"])
def test_what_is_no_month_has_no_settlement(month: str) -> None:
    with pytest.raises(ShopError, match="is no month"):
        month_span(month)


def test_nobody_has_no_settlement(shop: Shop) -> None:
    with pytest.raises(ShopError, match="no merchant"):
        shop.do(lambda c: settle(c, "nobody", "2026-11"))


def a_month(title: str = "满20减5") -> MerchantMonth:
    line = Voucher("7KQ4-M2XA-90TB", title, dt.date(2026, 11, 24), 10, 305, 200)
    return MerchantMonth(Merchant("m", "village", title, title), "2026-11", (line, line))


def test_the_spreadsheet_says_what_the_settlement_says() -> None:
    sheet = load_workbook(io.BytesIO(settlement_sheet(a_month()))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[2][:2] == ("7KQ4-M2XA-90TB", "满20减5")
    assert rows[2][2].date() == dt.date(2026, 11, 24)
    assert rows[2][3:] == (10, 3.05, 2)
    assert rows[-1][3:] == (20, 6.1, 4)


@pytest.mark.parametrize("title", DANGEROUS)
def test_no_text_becomes_a_formula(title: str) -> None:
    sheet = load_workbook(io.BytesIO(settlement_sheet(a_month(title)))).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    titles = [cell for cell in cells if cell.value in (title, title.replace("\r", "\n"))]
    assert len(titles) == 4
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in titles)


def test_what_a_spreadsheet_cannot_hold_is_left_out() -> None:
    sheet = load_workbook(io.BytesIO(settlement_sheet(a_month("a\0b\x1fc")))).active
    assert sheet["B3"].value == "abc"


def test_the_same_month_makes_the_same_bytes_whenever_it_is_written() -> None:
    written = settlement_sheet(a_month())
    assert written == settlement_sheet(a_month())
    with zipfile.ZipFile(io.BytesIO(written)) as packed:
        assert packed.read("docProps/core.xml").count(b"1980-01-01T00:00:00Z") == 2
        assert {info.date_time[0] for info in packed.infolist()} == {1980}


def test_a_window_of_days_is_a_month_of_shanghai() -> None:
    first, after = month_span("2026-11")
    assert (after - first) == 30 * DAY
    assert first.utcoffset() == dt.timedelta(hours=8)
