"""What the terminal says to a code that is held before its scanner."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kiosk.flows.scanned import answer_to, told
from linli.kiosk.flows.views import Trouble
from linli.sync.asks import Declined, VoucherSeen
from linli.sync.phone_links import link_address

OURS = "https://points.example"


@pytest.mark.parametrize(
    "text",
    [
        f"{OURS}/merchant/check?code=7KQ4M2XA90TB",
        f"{OURS.upper()}/MERCHANT/CHECK?CODE=7KQ4M2XA90TB",
        "7KQ4-M2XA-90TB",
        "7kq4m2xa90tb",
    ],
)
def test_a_voucher_is_known_by_its_address_and_by_its_code(text: str) -> None:
    assert answer_to(text, OURS) is Trouble.VOUCHER_AT_SHOP


def test_a_code_that_links_a_phone_is_for_the_phone() -> None:
    assert answer_to(link_address(OURS, "AbC-_1"), OURS) is Trouble.SCAN_WITH_PHONE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://points.example.evil/merchant/check?code=7KQ4M2XA90TB",
        "https://evil.example/merchant/check?code=7KQ4M2XA90TB",
        f"{OURS}/merchant/check?code=",
        f"{OURS}/merchant/check?code=<script>",
        f"{OURS}/me",
        "http://[",
        "wxp://f2f0abc",
        "6901234567892",
        "x" * 5000,
    ],
)
def test_anything_else_is_said_to_be_not_ours(text: str) -> None:
    assert answer_to(text, OURS) is Trouble.NOT_OUR_CODE


def test_without_a_public_address_only_bare_codes_are_known() -> None:
    assert answer_to(f"{OURS}/me/link", None) is Trouble.NOT_OUR_CODE
    assert answer_to("7KQ4M2XA90TB", None) is Trouble.VOUCHER_AT_SHOP


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        ("issued", Trouble.VOUCHER_GOOD),
        ("used", Trouble.VOUCHER_USED),
        ("refunded", Trouble.VOUCHER_OVER),
        ("expired", Trouble.VOUCHER_OVER),
        ("something new", Trouble.VOUCHER_OVER),
    ],
)
def test_what_the_ledger_says_of_a_voucher_is_shown(state: str, trouble: Trouble) -> None:
    until = dt.datetime(2026, 12, 31, 16, tzinfo=dt.UTC)
    refused = told(VoucherSeen(state=state, title="满20减5", merchant="阳光面包", until=until))
    assert refused is not None
    assert (refused.trouble, refused.title, refused.merchant) == (trouble, "满20减5", "阳光面包")
    assert refused.until is not None
    assert refused.until.day == 1  # in Shanghai it is the first of January by then


def test_without_an_answer_the_first_word_stands() -> None:
    assert told(None) is None
    assert told(Declined(reason="not-there")) is None


@given(st.text())
def test_any_text_gets_one_of_the_answers(text: str) -> None:
    assert answer_to(text, OURS) in Trouble
    assert answer_to(OURS + text, OURS) in Trouble
