"""What is printed of a redemption."""

from __future__ import annotations

from doubles.centre import at

from linli.assets.words import Words
from linli.kiosk.peripherals.receipts import slip_paper
from linli.kiosk.redeeming.machine import Slip

VOUCHER = Slip(
    request="q-1",
    title="早餐面包",
    points=10,
    order="redeem.r-1.q-1",
    at=at("12:00"),
    left=240,
    code="7KQ4M2XA90TB",
    merchant="向阳面包房",
)


def test_a_code_is_printed_in_groups_and_its_picture_leads_to_the_merchant_s_page() -> None:
    paper = slip_paper(VOUCHER, Words("zh_CN"), "阳光社区邻里中心", "https://points.example/")
    assert "7KQ4-M2XA-90TB" in [line.value for line in paper.lines]
    assert paper.qr == "https://points.example/merchant/check?code=7KQ4M2XA90TB"
