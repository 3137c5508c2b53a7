"""What is printed of a redemption: what staff and merchants need, and nobody's name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from linli.assets.words import Words
from linli.devices.printers.base import Outcome, Status
from linli.devices.printers.base import Printed as Told
from linli.devices.printers.slip import Slip as Paper
from linli.kiosk.peripherals.receipts import Receipts, slip_paper
from linli.kiosk.redeeming.machine import Slip
from linli.kiosk.redeeming.progress import Printed
from linli.sync.periods import SHANGHAI

AT = dt.datetime(2026, 11, 28, 9, 5, tzinfo=SHANGHAI)
SLIP = Slip("r-1", "洗衣皂一组", 10, "redeem.a000001.t-0123456789abcdef", AT, 30)
VOUCHER = Slip("r-2", "面包", 10, "redeem.a000001.t-2", AT, 20, "7K3M", "面包房", AT)
URL = "https://points.example"


def paper(slip: Slip) -> Paper:
    return slip_paper(slip, Words("zh_CN"), "邻里中心", URL)


def test_a_slip_says_what_when_and_how_many_points_and_no_account() -> None:
    said = {line.label: line.value for line in paper(SLIP).lines}
    assert said == {
        "兑换": "洗衣皂一组",
        "积分": "10",
        "时间": "2026-11-28 09:05",
        "可兑换": "30",
        "单号": "89abcdef",
    }
    assert paper(SLIP).qr is None


def test_a_vouchers_slip_has_its_code_as_the_merchants_phone_reads_it() -> None:
    printed = paper(VOUCHER)
    assert printed.qr == f"{URL}/merchant/check?code=7K3M"
    assert {line.label: line.value for line in printed.lines}["商户"] == "面包房"


@dataclass
class HandPrinter:
    answer: Told
    name: str = "printer"

    def print(self, slip: Paper) -> Told:
        return self.answer

    def status(self) -> Status:
        return self.answer.status

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("outcome", "status", "said"),
    [
        (Outcome.PRINTED, Status.PAPER_LOW, Printed.PRINTED),
        (Outcome.NOT_PRINTED, Status.PAPER_OUT, Printed.NO_PAPER),
        (Outcome.HALF, Status.PAPER_OUT, Printed.NO_PAPER),
        (Outcome.NOT_PRINTED, Status.COVER_OPEN, Printed.COVER_OPEN),
        (Outcome.NOT_PRINTED, Status.OFFLINE, Printed.NO_PRINTER),
    ],
)
def test_the_person_is_told_why_there_is_no_slip(
    outcome: Outcome, status: Status, said: Printed
) -> None:
    receipts = Receipts(HandPrinter(Told(outcome, status)), Words("zh_CN"), "邻里中心", None)
    assert receipts.print(SLIP) is said
