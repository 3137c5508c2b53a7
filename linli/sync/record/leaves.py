"""The leaves of the public record: posted deeds without the people who did them.

A leaf is canonical JSON (RFC 8785), so that whoever checks it hashes the same bytes. Who did the
deed is only in its commitment: HMAC-SHA256 under a salt that the resident is given. With the salt
a resident shows that a leaf is theirs; once it is deleted, nobody can.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from functools import lru_cache
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

VERSION = 1
SALT_SIZE = 32
State = Literal["posted", "corrected"]

_Text = Annotated[str, Meta(min_length=1, max_length=64)]
_Id = Annotated[str, Meta(min_length=1, max_length=256)]
_Hex32 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
EXACT = 2**53 - 1
"""Section 3.2.2.3: numbers are doubles, and whole ones are exact up to here."""
_Points = Annotated[int, Meta(ge=0, le=EXACT)]
_in_order = msgspec.json.Encoder(order="sorted")


class LeafError(ValueError):
    """The bytes are not a leaf or opening, or not the canonical ones; the text says why."""


class Leaf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"item_class": "class"}):
    """What everybody may read of a deed. Leaves of one deed have the same commitment: a correction
    says what the deed counts for instead, 0 points where it counts no more."""

    commitment: _Hex32
    item: _Text
    item_class: _Text
    points: _Points
    day: _Text
    standard: _Text
    state: State
    node: _Text
    v: Literal[1] = 1


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the resident is given: whose deed it is, and the salt (hex) it is committed with."""

    account: _Id
    deed: _Id
    salt: _Hex32
    v: Literal[1] = 1


def open_for(account: str, deed: str, salt: bytes) -> Opening:
    """The opening of a deed. `salt` is random, of this deed alone and secret: account and deed ids
    are few enough to try them all. Raises LeafError."""
    if len(salt) != SALT_SIZE:
        # HMAC pads its keys with zeros: only keys of one length are told apart.
        raise LeafError(f"a salt has {SALT_SIZE} bytes, not {len(salt)}")
    return _checked(Opening(account=account, deed=deed, salt=salt.hex()))


def commitment(opening: Opening) -> str:
    """HMAC-SHA256 of the opening without its salt, under the salt, in hex. Raises LeafError."""
    _checked(opening)
    told: dict[str, str | int] = {"account": opening.account, "deed": opening.deed, "v": opening.v}
    return hmac.new(bytes.fromhex(opening.salt), _canonical(told), hashlib.sha256).hexdigest()


def build_leaf(
    opening: Opening,
    *,
    item: str,
    item_class: str,
    points: int,
    day: dt.date,
    standard: str,
    node: str,
    state: State = "posted",
) -> Leaf:
    """The public leaf of the deed that `opening` opens; `node` is its community.

    Raises LeafError for what no leaf may say."""
    leaf = Leaf(
        commitment=commitment(opening),
        item=item,
        item_class=item_class,
        points=points,
        day=day.isoformat(),
        standard=standard,
        state=state,
        node=node,
    )
    return parse_leaf(leaf_bytes(leaf))


@lru_cache(1024)
def leaf_bytes(leaf: Leaf) -> bytes:
    """The bytes that are hashed into the tree and served to everybody. Raises LeafError."""
    return _canonical(msgspec.to_builtins(leaf))


def parse_leaf(raw: bytes) -> Leaf:
    """The leaf in `raw`, if these are its only bytes. Raises LeafError."""
    try:
        leaf = msgspec.json.decode(raw, type=Leaf)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LeafError(f"not a leaf of version {VERSION}: {error}") from error
    try:
        day = dt.date.fromisoformat(leaf.day)
    except ValueError as error:
        raise LeafError(f"{leaf.day!r} is not a day") from error
    if day.isoformat() != leaf.day:
        raise LeafError(f"the day {leaf.day!r} is not written as {day.isoformat()}")
    if leaf.state == "posted" and leaf.points == 0:
        raise LeafError("a posted deed has points")
    if leaf_bytes(leaf) != raw:
        raise LeafError("the leaf is not canonical JSON")
    return leaf


def opening_bytes(opening: Opening) -> bytes:
    """As it is given to the resident. Raises LeafError."""
    return _canonical(msgspec.to_builtins(opening))


def parse_opening(raw: bytes) -> Opening:
    """As a resident brings it back, in whatever JSON spelling. Raises LeafError."""
    try:
        return msgspec.json.decode(raw, type=Opening)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LeafError(f"not an opening of version {VERSION}: {error}") from error


def opens(opening: Opening, leaf: Leaf) -> bool:
    """Whether the leaf is of the very deed and account of this opening."""
    return hmac.compare_digest(commitment(opening), leaf.commitment)


def _canonical(value: dict[str, str | int]) -> bytes:
    """Of texts and whole numbers under plain names msgspec writes what RFC 8785 asks for; a test
    compares them. A library for all of RFC 8785 took thirty times as long, which was a twentieth
    of a year in the ledger."""
    if any(isinstance(part, int) and abs(part) > EXACT for part in value.values()):
        raise LeafError(f"no canonical JSON: a number is beyond {EXACT}")
    try:
        return _in_order.encode(value)
    except UnicodeEncodeError as error:  # a lone surrogate
        raise LeafError(f"no canonical JSON: {error}") from error


def _checked(opening: Opening) -> Opening:
    """Structs check their fields only when they are read."""
    try:
        return msgspec.convert(msgspec.to_builtins(opening), Opening)
    except msgspec.ValidationError as error:
        raise LeafError(str(error)) from error
