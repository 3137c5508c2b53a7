"""A phone is linked by a tap of the card, and known again by its token."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from linli.ledger.audit.verify import verify
from linli.ledger.ingest.stopping import stop_card
from linli.ledger.people.checks import NewOrg
from linli.ledger.people.leaving import leave
from linli.ledger.people.tree import add_orgs
from linli.ledger.phones.linking import MOST, SEEN_EVERY, UNUSED_FOR, seen
from linli.ledger.phones.refusals import PhoneError, PhoneRefusal
from linli.ledger.schema import phone, phone_ticket
from linli.ledger.shop.leases import retire_terminal
from linli.ledger.terminals.registry import register
from linli.sync.messages import Trust
from linli.sync.signing import public_hex
from tests.unit.ledger.phones.handsets import Phones

OTHER = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)


def refusal(phones: Phones, said: str, token: str = "token") -> PhoneRefusal:
    with pytest.raises(PhoneError) as refused:
        phones.link(said, token)
    return refused.value.refusal


def test_a_tap_of_the_card_links_a_phone(phones: Phones) -> None:
    linked = phones.link(phones.ticket(), "token", "苹果手机")
    assert (linked.account, linked.device) == ("a1", "苹果手机")
    assert phones.opens("token") == "a1"
    assert phones.opens("another") is None
    assert verify(phones.engine) is None


def test_the_token_itself_is_nowhere_in_the_ledger(phones: Phones) -> None:
    phones.link(phones.ticket(), "a-very-secret-token")
    rows = [*phones.village.rows(phone), *phones.village.rows(phone_ticket)]
    assert rows
    assert "a-very-secret-token" not in repr(rows)


def test_a_ticket_links_one_phone(phones: Phones) -> None:
    ticket = phones.ticket()
    phones.link(ticket, "first")
    assert refusal(phones, ticket, "second") is PhoneRefusal.USED
    assert (phones.opens("first"), phones.opens("second")) == ("a1", None)


def test_the_button_touched_twice_is_one_link(phones: Phones) -> None:
    ticket = phones.ticket()
    assert phones.link(ticket, "token") == phones.link(ticket, "token")
    assert len(phones.devices()) == 1


def test_two_phones_with_one_ticket_at_the_same_moment_are_one_link(phones: Phones) -> None:
    ticket, outcomes = phones.ticket(), []

    def attempt(token: str) -> None:
        try:
            phones.link(ticket, token)
            outcomes.append("linked")
        except PhoneError as error:
            outcomes.append(error.refusal.value)

    threads = [threading.Thread(target=attempt, args=(f"token-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["linked", "used", "used", "used"]
    assert len(phones.devices()) == 1


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"trust": Trust.LOW}, PhoneRefusal.LOW_TRUST),
        ({"card": "card-a1"}, PhoneRefusal.LOW_TRUST),
        ({"card": "safe-a2"}, PhoneRefusal.NOT_THEIRS),
        ({"card": "nowhere"}, PhoneRefusal.NOT_THEIRS),
        ({"account": "nobody"}, PhoneRefusal.NOT_THEIRS),
        ({"clock_good": False}, PhoneRefusal.CLOCK),
        ({"key": OTHER}, PhoneRefusal.NO_TICKET),
        ({"terminal": "t9"}, PhoneRefusal.NO_TICKET),
    ],
)
def test_a_ticket_that_proves_too_little_links_nothing(
    phones: Phones, more: dict[str, Any], why: PhoneRefusal
) -> None:
    """`card-a1` has no keys: that its terminal calls it verified does not help."""
    assert refusal(phones, phones.ticket(**{"account": "a1", "card": "safe-a1", **more})) is why
    assert phones.devices() == []
    assert phones.village.rows(phone_ticket) == []


@pytest.mark.parametrize(
    ("minutes", "why"),
    [(9.9, None), (10.1, PhoneRefusal.EXPIRED), (-0.9, None), (-1.1, PhoneRefusal.CLOCK)],
)
def test_a_ticket_is_good_for_ten_minutes(
    phones: Phones, minutes: float, why: PhoneRefusal | None
) -> None:
    ticket = phones.ticket()
    phones.pass_(minutes=minutes)
    if why is None:
        assert phones.link(ticket, "token").account == "a1"
    else:
        assert refusal(phones, ticket) is why


@pytest.mark.parametrize("said", ["", "x", "AAAA-BBBB-CCCC", "A" * 300, "；" * 40, "A" * 5000])
def test_rubbish_links_nothing(phones: Phones, said: str) -> None:
    assert refusal(phones, said) is PhoneRefusal.NO_TICKET


def _stop(phones: Phones) -> None:
    phones.do(stop_card, "safe-a1", phones.now)


def _leave(phones: Phones) -> None:
    phones.do(leave, "a1", phones.now)


def _retire(phones: Phones) -> None:
    phones.do(retire_terminal, "t1", "李", "stolen", phones.now)


@pytest.mark.parametrize(
    ("happened", "why"),
    [
        (_stop, PhoneRefusal.CARD_STOPPED),
        (_leave, PhoneRefusal.CLOSED),
        (_retire, PhoneRefusal.NO_TICKET),
    ],
)
def test_what_happened_since_the_tap_counts(
    phones: Phones, happened: Callable[[Phones], None], why: PhoneRefusal
) -> None:
    ticket = phones.ticket()
    happened(phones)
    assert refusal(phones, ticket) is why


@pytest.mark.parametrize(("kind", "scope"), [("board", "village"), ("terminal", "valley")])
def test_a_board_or_a_terminal_of_another_community_links_nobody(
    phones: Phones, kind: str, scope: str
) -> None:
    with phones.engine.begin() as connection:
        if scope != "village":
            add_orgs(connection, [NewOrg(scope, "street", "community", "溪谷社区")], phones.now)
        register(
            connection,
            name="t2",
            kind=kind,
            public_key=public_hex(OTHER),
            scope=scope,
            centre="centre",
            now=phones.now,
        )
    why = refusal(phones, phones.ticket(terminal="t2", key=OTHER))
    assert why is (PhoneRefusal.NO_TICKET if kind == "board" else PhoneRefusal.NOT_THEIRS)


def test_with_a_sixth_phone_the_one_unused_for_longest_goes(phones: Phones) -> None:
    for number in range(MOST):
        phones.link(phones.ticket(), f"token-{number}", f"phone {number}")
        phones.pass_(hours=1)
    oldest = phones.opens("token-0")
    assert oldest == "a1"
    phones.link(phones.ticket(), "token-5", "phone 5")
    assert phones.devices() == [f"phone {n}" for n in (5, 4, 3, 2, 1)]
    assert phones.opens("token-0") is None
    assert verify(phones.engine) is None


def test_a_phone_that_nobody_used_for_half_a_year_is_forgotten(phones: Phones) -> None:
    phones.link(phones.ticket(), "token")
    phones.now += UNUSED_FOR - SEEN_EVERY
    assert phones.opens("token") == "a1"
    phones.now += SEEN_EVERY
    assert phones.opens("token") is None
    assert phones.devices() == []


def test_use_is_written_down_once_a_day_and_keeps_the_link(phones: Phones) -> None:
    linked = phones.link(phones.ticket(), "token")
    for days in (0.5, 1.0, 200.0):
        before = phones.now
        phones.pass_(days=days)
        phones.do(seen, replace(linked, last_seen_at=last(phones)), phones.now)
        assert last(phones) == (before if days < 1 else phones.now)


def last(phones: Phones) -> Any:
    with phones.engine.connect() as connection:
        return connection.execute(select(phone.c.last_seen_at)).scalar_one()


def test_tokens_are_of_any_text(phones: Phones) -> None:
    """A cookie may come with anything in it."""
    for token in ("", "令牌", "x" * 10_000, secrets.token_urlsafe(32)):
        assert phones.opens(token) is None
