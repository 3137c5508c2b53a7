"""What the public reads of a deed, and how a resident shows that it is theirs."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from linli.sync.record.leaves import (
    Leaf,
    LeafError,
    Opening,
    build_leaf,
    commitment,
    leaf_bytes,
    open_for,
    opening_bytes,
    opens,
    parse_leaf,
    parse_opening,
)

SALT = bytes(range(32))
OPENING = open_for("a000421", "act7/a000421", SALT)
FACTS: dict[str, Any] = {
    "item": "A03",
    "item_class": "A",
    "points": 10,
    "day": dt.date(2026, 11, 28),
    "standard": "2026-01",
    "node": "yangguang",
}
LEAF = build_leaf(OPENING, **FACTS)
RAW = leaf_bytes(LEAF)

ids = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
salts = st.binary(min_size=32, max_size=32)


def test_a_leaf_is_canonical_json_with_sorted_fields() -> None:
    assert RAW.decode() == (
        '{"class":"A","commitment":"' + LEAF.commitment + '","day":"2026-11-28","item":"A03",'
        '"node":"yangguang","points":10,"standard":"2026-01","state":"posted","v":1}'
    )


@given(ids, ids, salts)
def test_an_opening_is_written_as_rfc_8785_has_it(account: str, deed: str, salt: bytes) -> None:
    opening = open_for(account, deed, salt)
    assert opening_bytes(opening) == rfc8785.dumps(msgspec.to_builtins(opening))


def test_every_character_is_written_as_rfc_8785_has_it() -> None:
    surrogates = range(0xD800, 0xE000)
    text = "".join(chr(code) for code in range(0x110000) if code not in surrogates)
    leaf = msgspec.structs.replace(LEAF, node=text)
    assert leaf_bytes(leaf) == rfc8785.dumps(msgspec.to_builtins(leaf))


def test_a_number_that_a_double_cannot_hold_is_in_no_leaf() -> None:
    with pytest.raises(LeafError, match="a number is beyond"):
        leaf_bytes(msgspec.structs.replace(LEAF, points=2**53))


def test_the_commitment_is_the_hmac_of_account_and_deed_under_the_salt() -> None:
    told = b'{"account":"a000421","deed":"act7/a000421","v":1}'
    assert LEAF.commitment == hmac.new(SALT, told, hashlib.sha256).hexdigest()


@given(ids, ids, salts)
def test_a_leaf_holds_nothing_of_account_deed_or_salt(account: str, deed: str, salt: bytes) -> None:
    leaf = build_leaf(open_for(account, deed, salt), **FACTS)
    other = build_leaf(OPENING, **FACTS)
    hidden = msgspec.structs.replace(leaf, commitment=other.commitment)
    assert hidden == other


@given(ids, ids, salts, st.integers(1, 2**53 - 1), st.dates())
def test_a_leaf_and_its_opening_are_read_back_and_belong_together(
    account: str, deed: str, salt: bytes, points: int, day: dt.date
) -> None:
    opening = open_for(account, deed, salt)
    leaf = build_leaf(opening, **{**FACTS, "points": points, "day": day})
    assert parse_leaf(leaf_bytes(leaf)) == leaf
    assert parse_opening(opening_bytes(opening)) == opening
    assert opens(opening, leaf)


@pytest.mark.parametrize(
    "other",
    [
        open_for("a000422", "act7/a000421", SALT),
        open_for("a000421", "act8/a000421", SALT),
        open_for("a000421", "act7/a000421", bytes(32)),
    ],
)
def test_another_account_deed_or_salt_does_not_open_the_leaf(other: Opening) -> None:
    assert opens(OPENING, LEAF)
    assert not opens(other, LEAF)


def test_a_correction_has_the_commitment_of_the_deed_it_corrects() -> None:
    corrected = build_leaf(OPENING, **{**FACTS, "points": 0}, state="corrected")
    assert corrected.commitment == LEAF.commitment
    assert opens(OPENING, parse_leaf(leaf_bytes(corrected)))


@pytest.mark.parametrize("size", [0, 16, 31, 33, 64])
def test_a_salt_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(LeafError, match="32 bytes"):
        open_for("a000421", "d", bytes(size))


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": 0},
        {"points": -1},
        {"points": 2**53},
        {"item": ""},
        {"node": "n" * 65},
        {"state": "pending"},
        {"standard": "\ud800"},
    ],
)
def test_a_leaf_that_says_what_none_may_say_is_not_built(wrong: dict[str, Any]) -> None:
    with pytest.raises(LeafError):
        build_leaf(OPENING, **{**FACTS, **wrong})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"A03",', '"A03", '),
        ('"v":1', '"v":1.0'),
        ('"v":1', '"v":2'),
        ('"points":10', '"points":1e1'),
        ('"points":10', '"points":"10"'),
        ('"points":10', '"points":9,"points":10'),
        ('"v":1', '"v":1,"name":"张三"'),
        ('"v":1}', '"v":1}\n'),
        ('"A03"', '"\\u004103"'),
        ("2026-11-28", "20261128"),
        ("2026-11-28", "2026-11-31"),
        ("posted", "pending"),
        ('"node":"yangguang",', ""),
        (',"v":1', ""),
        (LEAF.commitment, LEAF.commitment.upper()),
        (LEAF.commitment, LEAF.commitment + "\\n"),
        (RAW.decode(), "[]"),
        (RAW.decode(), ""),
        (RAW.decode(), "[" * 100_000),
    ],
)
def test_a_leaf_has_one_spelling(old: str, new: str) -> None:
    changed = RAW.decode().replace(old, new)
    assert changed != RAW.decode()
    with pytest.raises(LeafError):
        parse_leaf(changed.encode())


@given(st.binary(max_size=60))
def test_whatever_comes_for_a_leaf_or_opening_is_judged(raw: bytes) -> None:
    for parse in (parse_leaf, parse_opening):
        with pytest.raises(LeafError):
            parse(raw)


def test_an_opening_may_come_back_in_another_spelling() -> None:
    spaced = opening_bytes(OPENING).replace(b",", b" ,\n")
    assert opens(parse_opening(spaced), LEAF)


def test_an_opening_that_was_never_checked_commits_to_nothing() -> None:
    with pytest.raises(LeafError):
        commitment(Opening(account="a", deed="d", salt="00"))


def test_a_leaf_has_no_field_for_a_person() -> None:
    assert {field.encode_name for field in msgspec.structs.fields(Leaf)} == {
        "v",
        "commitment",
        "item",
        "class",
        "points",
        "day",
        "standard",
        "state",
        "node",
    }
