"""Links end with the word of their owner or the desk, the card, or the account."""

from __future__ import annotations

import pytest

from linli.ledger.audit.verify import verify
from linli.ledger.ingest.stopping import free_card, stop_card, swap_card
from linli.ledger.people.checks import NewCard, PeopleError
from linli.ledger.people.erasing import erase
from linli.ledger.people.exporting import export
from linli.ledger.people.leaving import leave
from linli.ledger.people.merging import merge
from linli.ledger.people.vault import KeyRing
from linli.ledger.phones.linking import MOST
from linli.ledger.phones.revoking import revoke, revoke_at_desk
from linli.ledger.schema import phone, phone_ticket
from tests.unit.ledger.phones.handsets import CLERK, Phones
from tests.unit.ledger.tampering import tamper


def test_an_owner_lets_go_of_one_phone_and_keeps_the_other(phones: Phones) -> None:
    lost = phones.link(phones.ticket(), "lost")
    phones.link(phones.ticket(), "kept")
    assert phones.do(revoke, "a1", lost.id, phones.now)
    assert not phones.do(revoke, "a1", lost.id, phones.now)
    assert (phones.opens("lost"), phones.opens("kept")) == (None, "a1")


def test_nobody_lets_go_of_anothers_phone(phones: Phones) -> None:
    theirs = phones.link(phones.ticket(), "token")
    assert not phones.do(revoke, "a2", theirs.id, phones.now)
    assert phones.opens("token") == "a1"


def test_the_desk_lets_go_of_all_phones_and_is_written_down(phones: Phones) -> None:
    for token in ("one", "two"):
        phones.link(phones.ticket(), token)
    with pytest.raises(PeopleError, match="what it is needed for"):
        phones.do(revoke_at_desk, "a1", CLERK, "  ", phones.now)
    assert phones.devices() == ["手机", "手机"]
    assert phones.do(revoke_at_desk, "a1", CLERK, "手机丢失", phones.now) == 2
    assert phones.devices() == []
    assert verify(phones.engine) is None


def test_a_lost_card_takes_its_phones_with_it(phones: Phones) -> None:
    """Whoever found the card may have linked a phone with it."""
    phones.link(phones.ticket(), "token")
    phones.link(phones.ticket("a2"), "neighbour")
    phones.do(stop_card, "safe-a1", phones.now)
    assert (phones.opens("token"), phones.opens("neighbour")) == (None, "a2")
    phones.do(free_card, "safe-a1", phones.now)
    assert phones.opens("token") is None
    assert verify(phones.engine) is None


def test_a_replaced_card_links_anew(phones: Phones) -> None:
    phones.link(phones.ticket(), "old")
    new = NewCard("safe-new", "0400000000ff99", "a1", "ntag424", "11" * 16)
    phones.do(swap_card, "safe-a1", new, phones.now)
    assert phones.opens("old") is None
    phones.link(phones.ticket(card="safe-new"), "new")
    assert phones.opens("new") == "a1"


def test_who_leaves_has_no_pages_any_more(phones: Phones) -> None:
    phones.link(phones.ticket(), "token")
    phones.do(leave, "a1", phones.now)
    assert phones.opens("token") is None
    assert verify(phones.engine) is None


def test_of_two_accounts_that_are_one_all_phones_open_the_one(phones: Phones) -> None:
    phones.link(phones.ticket("a1"), "losers")
    phones.link(phones.ticket("a2"), "winners")
    ticket = phones.ticket("a1")
    phones.do(merge, "a1", "a2", phones.now)
    assert (phones.opens("losers"), phones.opens("winners")) == ("a2", "a2")
    phones.link(ticket, "on the way")
    assert phones.opens("on the way") == "a2"
    assert verify(phones.engine) is None


def test_of_two_accounts_that_are_one_no_more_phones_are_left_than_one_may_have(
    phones: Phones,
) -> None:
    for number in range(MOST):
        phones.link(phones.ticket("a1"), f"a1-{number}")
        phones.pass_(hours=1)
        phones.link(phones.ticket("a2"), f"a2-{number}")
        phones.pass_(hours=1)
    phones.do(merge, "a1", "a2", phones.now)
    assert len(phones.devices("a2")) == MOST
    assert phones.opens("a2-4") == "a2"
    assert phones.opens("a1-0") is None
    assert verify(phones.engine) is None


def test_of_somebody_erased_nothing_is_kept(phones: Phones) -> None:
    phones.link(phones.ticket("a1"), "losers")
    phones.do(merge, "a1", "a2", phones.now)
    phones.link(phones.ticket("a2"), "winners")
    phones.do(erase, "a2", CLERK, "本人申请", phones.now)
    assert (phones.opens("losers"), phones.opens("winners")) == (None, None)
    assert phones.village.rows(phone) == []
    assert phones.village.rows(phone_ticket) == []
    assert verify(phones.engine) is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE phone SET account = 'a2', card = NULL", "account, card and moment"),
        ("UPDATE phone SET revoked_at = NULL, revoked_why = NULL", "its link"),
        ("UPDATE phone_ticket SET used_at = NULL", "account, card and moment"),
    ],
)
def test_verify_names_a_link_made_behind_the_ledgers_back(
    phones: Phones, change: str, named: str
) -> None:
    phones.link(phones.ticket(), "token")
    phones.do(stop_card, "safe-a1", phones.now)
    assert verify(phones.engine) is None
    tamper(phones.engine, change)
    found = verify(phones.engine)
    assert found is not None
    assert named in found.where


def test_somebody_is_given_what_is_known_of_their_phones_but_no_token(phones: Phones) -> None:
    phones.link(phones.ticket(), "token", "苹果手机")
    ring = KeyRing("k1", {"k1": bytes(32)})
    told = phones.do(export, "a1", ring, CLERK, "本人申请", phones.now)
    ((known,),) = [one["phones"] for one in told["accounts"]]
    assert (known["device"], known["card"]) == ("苹果手机", "safe-a1")
    assert "token_hash" not in known
