"""Signed notes, checkpoints and cosignatures against the published examples of C2SP, the notes of
Go's checksum database, and a checkpoint that public witnesses cosigned."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.ledger.record.audit import AuditError, Fault, Keys, open_checkpoint
from linli.sync.record.checkpoint import (
    Checkpoint,
    CosignerKey,
    cosigned_at,
    parse_checkpoint,
)
from linli.sync.record.keys import NoteError, NoteKey, NoteSignatureError
from linli.sync.record.notes import Note, Signature, parse_note, sign, verify

CASES: dict[str, Any] = json.loads(
    Path(__file__).with_name("signed_note.json").read_text(encoding="utf-8")
)
EXAMPLE, SUMDB = CASES["signed_note"], CASES["sumdb"]
PETER, ENOCH = NoteKey.parse(SUMDB["peter"]["key"]), NoteKey.parse(SUMDB["enoch"]["key"])
PETERS_LINE = f"— PeterNeumann {SUMDB['peter']['signature']}\n"
ENOCHS_LINE = f"— EnochRoot {SUMDB['enoch']['signature']}\n"
COSIGNED = CASES["cosigned"]
LOG = NoteKey.parse(COSIGNED["log_key"])
WITNESSES = tuple(CosignerKey.parse(text) for text in COSIGNED["cosigner_keys"])


def sumdb_note(*lines: str) -> bytes:
    return f"{SUMDB['text']}\n{''.join(lines)}".encode()


def test_the_example_of_the_specification_verifies() -> None:
    key = NoteKey.parse(EXAMPLE["key"])
    raw = f"{EXAMPLE['text']}\n— example.com/foo {EXAMPLE['signature']}\n".encode()
    note = parse_note(raw)
    assert [signature.made_with(key) for signature in verify(note, [key])] == [True]
    assert note.text == EXAMPLE["text"]
    assert str(note).encode() == raw


def test_a_text_with_empty_lines_ends_at_the_last_of_them() -> None:
    case = CASES["empty_lines"]
    note = parse_note(f"{case['text']}\n— {case['name']} {case['signature']}\n".encode())
    assert note.text == case["text"]
    assert [signature.name for signature in note.signatures] == [case["name"]]


@pytest.mark.parametrize(
    "text", [EXAMPLE["key"], CASES["formats"]["ed25519_key"], str(PETER), str(ENOCH), str(LOG)]
)
def test_a_published_key_is_written_as_it_was_read(text: str) -> None:
    assert str(NoteKey.parse(text)) == text


@pytest.mark.parametrize("text", [CASES["formats"]["cosigner_key"], *COSIGNED["cosigner_keys"]])
def test_a_published_cosigner_key_is_written_as_it_was_read(text: str) -> None:
    assert str(CosignerKey.parse(text)) == text
    with pytest.raises(NoteError):
        NoteKey.parse(text)


@pytest.mark.parametrize("text", [*SUMDB["bad_keys"], *CASES["formats"]["bad_keys"]])
def test_a_key_published_as_bad_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        NoteKey.parse(text)


def test_no_part_of_a_key_and_no_changed_character_is_a_key() -> None:
    text = SUMDB["peter"]["key"]
    parts = {text[i:j] for i in range(len(text)) for j in range(i + 1, len(text) + 1)} - {text}
    changed = {text[:i] + chr(ord(text[i]) + 1) + text[i + 1 :] for i in range(len(text))}
    for wrong in parts | changed:
        with pytest.raises(NoteError):
            NoteKey.parse(wrong)


def test_signing_with_the_published_key_gives_the_published_note() -> None:
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(SUMDB["peter"]["private"]))
    assert str(sign(Note(SUMDB["text"]), "PeterNeumann", key)).encode() == sumdb_note(PETERS_LINE)
    wrong = Note(SUMDB["text"], (Signature("PeterNeumann", PETER.id, b"bad"),))
    assert str(sign(wrong, "PeterNeumann", key)).encode() == sumdb_note(PETERS_LINE)


def test_unknown_signers_are_passed_over_and_known_ones_verified() -> None:
    note = parse_note(sumdb_note(PETERS_LINE, ENOCHS_LINE))
    assert [s.name for s in verify(note, [PETER])] == ["PeterNeumann"]
    assert [s.name for s in verify(note, [PETER, ENOCH])] == ["PeterNeumann", "EnochRoot"]
    with pytest.raises(NoteSignatureError, match="not signed with any known key"):
        verify(note, [])


def test_a_known_signer_with_a_wrong_signature_spoils_the_note() -> None:
    wrong = f"{PETERS_LINE[:60]}ABCD{PETERS_LINE[60:]}"
    note = parse_note(sumdb_note(wrong, ENOCHS_LINE))
    with pytest.raises(NoteSignatureError, match="PeterNeumann"):
        verify(note, [PETER, ENOCH])
    assert verify(note, [ENOCH])


def test_a_hundred_signatures_are_read_and_no_more() -> None:
    assert len(parse_note(sumdb_note(*[PETERS_LINE] * 100)).signatures) == 100
    with pytest.raises(NoteError, match="at most 100"):
        parse_note(sumdb_note(*[PETERS_LINE] * 101))


@pytest.mark.parametrize(
    "raw",
    [
        SUMDB["text"].encode(),
        sumdb_note(),
        sumdb_note(PETERS_LINE)[:-1],
        b"\x01" + sumdb_note(PETERS_LINE),
        b"\xff" + sumdb_note(PETERS_LINE),
        sumdb_note(f"— Bad Name {SUMDB['peter']['signature']}"),
        sumdb_note(f"— Bad Name {SUMDB['peter']['signature']}\n"),
        sumdb_note(PETERS_LINE, "Unexpected line.\n"),
    ],
)
def test_a_note_published_as_malformed_is_refused(raw: bytes) -> None:
    with pytest.raises(NoteError):
        parse_note(raw)


def test_the_published_checkpoint_is_read_and_written() -> None:
    case = CASES["checkpoint"]
    note = parse_note(case["note"].encode())
    checkpoint = parse_checkpoint(note.text)
    root = base64.b64decode(case["root"])
    assert checkpoint == Checkpoint(case["origin"], case["size"], root)
    assert str(checkpoint) == note.text
    assert cosigned_at(note.signatures[1]) == case["cosigned_at"]


@pytest.mark.parametrize(("encoded", "at"), CASES["formats"]["timestamps"])
def test_the_time_of_a_published_cosignature_is_read(encoded: str, at: int | None) -> None:
    blob = base64.b64decode(encoded)
    signature = Signature("witness", blob[:4], blob[4:])
    if at is None:
        with pytest.raises(NoteError):
            cosigned_at(signature)
    else:
        assert cosigned_at(signature) == at


def test_the_cosignatures_of_public_witnesses_verify() -> None:
    audited = open_checkpoint(COSIGNED["note"].encode(), Keys(LOG, WITNESSES))
    assert audited.checkpoint.size == 1432088532
    assert audited.cosigned == {key.name: COSIGNED["cosigned_at"] for key in WITNESSES}


def test_a_cosigned_checkpoint_with_another_size_does_not_verify() -> None:
    changed = COSIGNED["note"].replace("1432088532", "1432088533").encode()
    for key in (LOG, *WITNESSES):
        with pytest.raises(NoteSignatureError, match=key.name):
            verify(parse_note(changed), [key])
    with pytest.raises(AuditError) as caught:
        open_checkpoint(changed, Keys(LOG, WITNESSES))
    assert caught.value.fault is Fault.BAD_SIGNATURE
