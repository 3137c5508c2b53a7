"""The ticket that links a phone: sync/phone_links.py."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from linli.sync.messages import Trust
from linli.sync.periods import SHANGHAI
from linli.sync.phone_links import (
    CONTEXT,
    LONGEST,
    NONCE_SIZE,
    LinkTicket,
    link_address,
    open_ticket,
    seal_ticket,
    ticket_sender,
)
from linli.sync.signing import MalformedError, SignatureError

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
NOW = dt.datetime(2026, 11, 28, 9, 0, tzinfo=SHANGHAI)
TICKET = LinkTicket(
    "yangguang-t1", "a000001", "c000001", Trust.HIGH, NOW, True, bytes(range(NONCE_SIZE))
)
NAMES = st.from_regex(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST - 1}}}", fullmatch=True)
TICKETS = st.builds(
    LinkTicket,
    terminal=NAMES,
    account=NAMES,
    card=NAMES,
    trust=st.sampled_from(Trust),
    made_at=st.integers(0, 2**32 - 1).map(lambda s: dt.datetime.fromtimestamp(s, SHANGHAI)),
    clock_good=st.booleans(),
    nonce=st.binary(min_size=NONCE_SIZE, max_size=NONCE_SIZE),
)


@given(TICKETS)
def test_a_ticket_says_what_it_was_told(ticket: LinkTicket) -> None:
    text = seal_ticket(ticket, KEY)
    assert open_ticket(text, KEY.public_key()) == ticket
    assert ticket_sender(text) == ticket.terminal


def test_a_ticket_in_its_address_is_short_enough_for_a_cheap_phone() -> None:
    address = link_address("https://points.yangguang.example/", seal_ticket(TICKET, KEY))
    assert address.startswith("https://points.yangguang.example/me/link?t=")
    assert len(address) <= 200


@given(st.data())
def test_a_changed_character_is_never_accepted(data: st.DataObject) -> None:
    text = seal_ticket(TICKET, KEY)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0189-_"))
    changed = text[:place] + other + text[place + 1 :]
    if changed == text:
        return
    with pytest.raises((MalformedError, SignatureError)):
        open_ticket(changed, KEY.public_key())


@given(TICKETS, TICKETS)
def test_no_signature_fits_another_ticket(one: LinkTicket, other: LinkTicket) -> None:
    first, second = (_bytes(seal_ticket(ticket, KEY)) for ticket in (one, other))
    if one == other:
        return
    mixed = _as_text(first[:-64] + second[-64:])
    with pytest.raises(SignatureError):
        open_ticket(mixed, KEY.public_key())


def test_another_terminals_key_does_not_open_it() -> None:
    with pytest.raises(SignatureError, match="not signed by yangguang-t1"):
        open_ticket(seal_ticket(TICKET, OTHER), KEY.public_key())


def test_a_signature_over_the_ticket_alone_is_none() -> None:
    """What a terminal signs for another purpose must not open an account."""
    body = _bytes(seal_ticket(TICKET, KEY))[:-64]
    with pytest.raises(SignatureError):
        open_ticket(_as_text(body + KEY.sign(body)), KEY.public_key())
    assert open_ticket(_as_text(body + KEY.sign(CONTEXT + body)), KEY.public_key()) == TICKET


@given(st.one_of(st.text(max_size=300), st.binary(max_size=300).map(lambda raw: _as_text(raw))))
def test_rubbish_is_malformed_and_nothing_worse(rubbish: str) -> None:
    with pytest.raises((MalformedError, SignatureError)):
        open_ticket(rubbish, KEY.public_key())


def test_the_same_ticket_in_another_spelling_is_not_taken() -> None:
    """Padding bits are the ones a reader ignores: two texts would be one ticket."""
    text = next(
        sealed
        for n in range(9)
        if len(sealed := seal_ticket(replace(TICKET, account=f"a{'0' * n}1"), KEY)) % 4
    )
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = alphabet[alphabet.index(text[-1]) ^ 1]
    assert _bytes(text[:-1] + last) == _bytes(text)
    with pytest.raises(MalformedError):
        open_ticket(text[:-1] + last, KEY.public_key())


def test_the_same_ticket_is_known_again_and_another_is_not() -> None:
    assert TICKET.digest == replace(TICKET).digest
    assert TICKET.digest != replace(TICKET, nonce=b"another__").digest


@pytest.mark.parametrize("name", ["", "a b", "a" * (LONGEST + 1), "张三", "-a"])
def test_what_is_no_name_is_not_sealed(name: str) -> None:
    with pytest.raises(ValueError, match="no terminal, account or card"):
        seal_ticket(replace(TICKET, card=name), KEY)


def test_a_ticket_without_enough_random_bytes_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="9 random bytes"):
        seal_ticket(replace(TICKET, nonce=b"short"), KEY)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _as_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
