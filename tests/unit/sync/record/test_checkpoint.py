"""What a checkpoint says, and what the panel's leader signs in cosigning it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from linli.sync.record.checkpoint import (
    LATEST,
    Checkpoint,
    CosignerKey,
    cosign,
    cosigned_at,
    parse_checkpoint,
    sign_checkpoint,
)
from linli.sync.record.keys import NoteError, NoteKey, NoteSignatureError
from linli.sync.record.notes import Note, Signature, parse_note, sign, verify

ORIGIN = "linli.example/xiangyang"
LEADER = "linli.example/panel-leader"
LOG_KEY = Ed25519PrivateKey.from_private_bytes(b"c" * 32)
LEADER_KEY = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
COSIGNER = CosignerKey.of(LEADER, LEADER_KEY)
NOW = 1_795_000_000
HEAD = Checkpoint(ORIGIN, 7, bytes(range(32)))
ROOT_TEXT = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

lines = st.text(st.characters(codec="utf-8", min_codepoint=0x20), min_size=1, max_size=20)
heads = st.builds(
    Checkpoint,
    origin=lines,
    size=st.integers(0, LATEST),
    root=st.binary(min_size=32, max_size=32),
    extensions=st.lists(lines, max_size=3).map(tuple),
)


@given(heads)
def test_a_checkpoint_is_read_as_it_was_written(head: Checkpoint) -> None:
    assert parse_checkpoint(str(head)) == head


def test_a_checkpoint_is_three_lines() -> None:
    assert str(HEAD) == f"{ORIGIN}\n7\n{ROOT_TEXT}\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{ORIGIN}\n7\n",
        f"{ORIGIN}\n7\n{ROOT_TEXT}",
        f"\n7\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n07\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n-7\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n+7\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n7 \n{ROOT_TEXT}\n",
        f"{ORIGIN}\n７\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n9223372036854775808\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n{'9' * 5000}\n{ROOT_TEXT}\n",
        f"{ORIGIN}\n7\n{ROOT_TEXT[:-4]}\n",
        f"{ORIGIN}\n7\n{ROOT_TEXT[:-2]}9=\n",
        f"{ORIGIN}\n7\n{ROOT_TEXT}\n\n",
        f"{ORIGIN}\r\n7\r\n{ROOT_TEXT}\r\n",
    ],
)
def test_a_checkpoint_has_one_spelling(text: str) -> None:
    with pytest.raises(NoteError):
        parse_checkpoint(text)


@given(st.text(max_size=80))
def test_whatever_comes_is_a_checkpoint_or_an_error(text: str) -> None:
    try:
        head = parse_checkpoint(text)
    except NoteError:
        return
    assert str(head) == text


def test_the_log_signs_under_its_origin() -> None:
    note = sign_checkpoint(HEAD, LOG_KEY)
    (signature,) = verify(note, [NoteKey.of(ORIGIN, LOG_KEY)])
    assert signature.name == ORIGIN


@given(heads, st.integers(0, LATEST))
def test_a_cosignature_verifies_with_its_time(head: Checkpoint, at: int) -> None:
    note = cosign(Note(str(head)), LEADER, LEADER_KEY, at)
    (signature,) = verify(parse_note(str(note).encode()), [COSIGNER])
    assert cosigned_at(signature) == at


def test_cosigning_keeps_the_logs_signature_and_replaces_last_weeks() -> None:
    note = cosign(sign_checkpoint(HEAD, LOG_KEY), LEADER, LEADER_KEY, NOW)
    again = cosign(note, LEADER, LEADER_KEY, NOW + 60)
    log, leader = verify(again, [NoteKey.of(ORIGIN, LOG_KEY), COSIGNER])
    assert (log.name, cosigned_at(leader)) == (ORIGIN, NOW + 60)


def test_the_time_and_every_line_are_cosigned() -> None:
    note = cosign(Note(str(replace(HEAD, extensions=("more",)))), LEADER, LEADER_KEY, NOW)
    (signature,) = note.signatures
    later = replace(signature, value=(NOW + 1).to_bytes(8) + signature.value[8:])
    with pytest.raises(NoteSignatureError):
        verify(replace(note, signatures=(later,)), [COSIGNER])
    with pytest.raises(NoteSignatureError):
        verify(replace(note, text=note.text.replace("more", "less")), [COSIGNER])


def test_a_plain_signature_is_no_cosignature_and_the_other_way_round() -> None:
    plain = sign(Note(str(HEAD)), LEADER, LEADER_KEY)
    with pytest.raises(NoteSignatureError, match="not signed with any known key"):
        verify(plain, [COSIGNER])
    (signature,) = plain.signatures
    passed_off = replace(signature, key_id=COSIGNER.id)
    with pytest.raises(NoteSignatureError, match="wrong length"):
        verify(replace(plain, signatures=(passed_off,)), [COSIGNER])
    with pytest.raises(NoteError, match="not a cosignature"):
        cosigned_at(signature)


def test_a_cosignature_of_no_possible_time_is_refused_however_well_signed() -> None:
    at = LATEST + 1
    message = f"cosignature/v1\ntime {at}\n{HEAD}".encode()
    signature = Signature(LEADER, COSIGNER.id, at.to_bytes(8) + LEADER_KEY.sign(message))
    with pytest.raises(NoteSignatureError, match="no possible time"):
        verify(Note(str(HEAD), (signature,)), [COSIGNER])


def test_a_cosigner_vouches_for_nothing_but_checkpoints() -> None:
    text = "a shopping list\n"
    message = f"cosignature/v1\ntime {NOW}\n{text}".encode()
    signature = Signature(LEADER, COSIGNER.id, NOW.to_bytes(8) + LEADER_KEY.sign(message))
    with pytest.raises(NoteSignatureError, match="cosigned no checkpoint"):
        verify(Note(text, (signature,)), [COSIGNER])


def test_only_checkpoints_are_cosigned_and_only_at_a_time() -> None:
    with pytest.raises(NoteError):
        cosign(Note("a shopping list\n"), LEADER, LEADER_KEY, NOW)
    for at in (-1, LATEST + 1):
        with pytest.raises(NoteError, match="no time"):
            cosign(Note(str(HEAD)), LEADER, LEADER_KEY, at)


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": -1},
        {"size": LATEST + 1},
        {"root": bytes(31)},
        {"origin": ""},
        {"origin": "two\nlines"},
        {"extensions": ("",)},
    ],
)
def test_a_checkpoint_that_says_the_impossible_is_not_made(wrong: dict[str, object]) -> None:
    with pytest.raises(NoteError):
        replace(HEAD, **wrong)  # type: ignore[arg-type]
