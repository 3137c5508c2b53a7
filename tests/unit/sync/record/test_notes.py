"""Whom a signed note is believed."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from linli.sync.record.keys import NoteError, NoteKey, NoteSignatureError, from_base64
from linli.sync.record.notes import LONGEST_NOTE, Note, parse_note, sign, verify

CENTRE = Ed25519PrivateKey.from_private_bytes(b"c" * 32)
LEADER = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
CENTRE_KEY = NoteKey.of("linli.example/centre", CENTRE)
LEADER_KEY = NoteKey.of("linli.example/leader", LEADER)

lines = st.text(st.characters(codec="utf-8", min_codepoint=0x20), max_size=30)
texts = st.lists(lines, min_size=1, max_size=5).map(lambda some: "".join(f"{s}\n" for s in some))


def signed(text: str) -> Note:
    return sign(sign(Note(text), CENTRE_KEY.name, CENTRE), LEADER_KEY.name, LEADER)


@given(texts)
def test_a_signed_note_is_read_back_and_verifies(text: str) -> None:
    note = signed(text)
    assert parse_note(str(note).encode()) == note
    assert verify(note, [CENTRE_KEY, LEADER_KEY]) == note.signatures


@given(texts, st.data())
def test_a_changed_byte_is_malformed_or_does_not_verify(text: str, data: st.DataObject) -> None:
    raw = bytearray(str(signed(text)).encode())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    try:
        good = verify(parse_note(bytes(raw)), [CENTRE_KEY, LEADER_KEY])
    except NoteError:
        return
    # A changed name or id only makes a stranger of its signer.
    assert len(good) == 1


@given(st.one_of(st.binary(max_size=200), st.text(max_size=60).map(lambda t: t.encode("utf-8"))))
def test_whatever_comes_is_a_note_or_an_error(raw: bytes) -> None:
    try:
        note = parse_note(raw)
    except NoteError:
        return
    assert str(note).encode() == raw


def test_signing_again_takes_the_place_of_the_earlier_signature() -> None:
    again = sign(signed("text\n"), CENTRE_KEY.name, CENTRE)
    assert [s.name for s in again.signatures] == [LEADER_KEY.name, CENTRE_KEY.name]


def test_a_note_of_strangers_is_not_believed() -> None:
    with pytest.raises(NoteSignatureError, match="not signed with any known key"):
        verify(sign(Note("text\n"), "linli.example/stranger", LEADER), [CENTRE_KEY, LEADER_KEY])


def test_a_name_alone_does_not_make_a_signer() -> None:
    namesake = sign(Note("text\n"), CENTRE_KEY.name, LEADER)
    with pytest.raises(NoteSignatureError):
        verify(namesake, [CENTRE_KEY])


def test_two_keys_that_cannot_be_told_apart_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NoteKey, "id", b"same")
    twin = NoteKey.of(CENTRE_KEY.name, LEADER)
    with pytest.raises(NoteError, match="two keys"):
        verify(signed("text\n"), [CENTRE_KEY, twin])


@pytest.mark.parametrize("text", ["", "no last newline", "tab\there\n", "\ud800\n", "bell\x07\n"])
def test_a_text_that_no_note_can_hold_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError):
        sign(Note(text), CENTRE_KEY.name, CENTRE)


@pytest.mark.parametrize("name", ["", "with space", "with+plus", "wide\u3000space", "line\nbreak"])
def test_a_name_that_no_line_can_hold_is_refused(name: str) -> None:
    with pytest.raises(NoteError):
        sign(Note("text\n"), name, CENTRE)


@pytest.mark.parametrize("text", ["QQ", "QR==", "Q Q=", "QQ==\n", "QQ-_", "é==="])
def test_base64_has_one_spelling(text: str) -> None:
    with pytest.raises(NoteError, match="not base64"):
        from_base64(text)


@pytest.mark.parametrize("encoded", ["", "AAAAAA==", "AAAA"])
def test_a_signature_is_more_than_a_key_id(encoded: str) -> None:
    with pytest.raises(NoteError, match="is empty"):
        parse_note(f"text\n\n— linli.example/centre {encoded}\n".encode())


def test_a_note_without_end_is_not_read() -> None:
    with pytest.raises(NoteError, match="at most"):
        parse_note(b"x" * (LONGEST_NOTE + 1))
