"""Who has a card that can be copied gets a code at the service desk."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from linli.ledger.audit.verify import verify
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.leaving import leave
from linli.ledger.people.merging import merge
from linli.ledger.phones.devices import device_words
from linli.ledger.phones.refusals import PhoneError, PhoneRefusal
from linli.ledger.phones.tickets import issue_at_desk
from linli.ledger.schema import audit_log, phone_ticket
from linli.ledger.shop.codes import new_code
from tests.unit.ledger.phones.handsets import CLERK, Phones
from tests.unit.ledger.phones.test_linking import refusal

_numbers: Iterator[int] = itertools.count(0x1234567890ABC)


def issued(phones: Phones, account: str = "a3") -> str:
    code: str = phones.do(
        issue_at_desk, account, CLERK, "本人持身份证到场", phones.now, lambda _: next(_numbers)
    )
    return code


def test_the_desk_gives_a_code_that_links_one_phone(phones: Phones) -> None:
    code = issued(phones)
    phones.link(f" {code[:4].lower()}-{code[4:8]} {code[8:]} ", "token")
    assert phones.opens("token") == "a3"
    assert refusal(phones, code, "another") is PhoneRefusal.USED
    assert phones.link(code, "token").account == "a3"
    assert verify(phones.engine) is None


def test_a_code_is_written_down_with_who_gave_it_and_kept_only_as_a_digest(phones: Phones) -> None:
    code = issued(phones)
    (row,) = phones.village.rows(audit_log)
    assert (row.who, row.what, row.account) == ("王芳", "link a phone", "a3")
    assert code not in repr(phones.village.rows(phone_ticket))


def test_no_code_is_given_without_a_reason_or_for_a_closed_account(phones: Phones) -> None:
    with pytest.raises(PeopleError, match="what it is needed for"):
        phones.do(issue_at_desk, "a3", CLERK, "", phones.now, lambda _: 1)
    phones.do(leave, "a3", phones.now)
    with pytest.raises(PhoneError, match="is closed"):
        phones.do(issue_at_desk, "a3", CLERK, "本人到场", phones.now, lambda _: 1)
    assert phones.village.rows(phone_ticket) == []


def test_a_code_is_good_for_ten_minutes(phones: Phones) -> None:
    code = issued(phones)
    phones.pass_(minutes=10.1)
    assert refusal(phones, code) is PhoneRefusal.EXPIRED


def test_a_code_given_before_two_accounts_became_one_opens_the_one(phones: Phones) -> None:
    code = issued(phones, "a3")
    phones.do(merge, "a3", "a4", phones.now)
    assert phones.link(code, "token").account == "a4"
    assert verify(phones.engine) is None


def test_a_well_formed_code_that_was_never_given_out_links_nothing(phones: Phones) -> None:
    issued(phones)
    assert refusal(phones, new_code(lambda _: 99)) is PhoneRefusal.NO_TICKET


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "苹果手机"),
        ("Mozilla/5.0 (Linux; Android 10; HUAWEI VOG) MicroMessenger/8.0", "华为手机 · 微信"),
        ("Mozilla/5.0 (Linux; Android 14; SM-G990) Chrome/120 Mobile", "安卓手机"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1", "鸿蒙手机"),
        ("", "手机"),
        ("<script>alert(1)</script>" * 100, "手机"),
    ],
)
def test_what_a_phone_is_called(agent: str, said: str) -> None:
    assert device_words(agent) == said
