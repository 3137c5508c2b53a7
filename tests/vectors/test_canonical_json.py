"""Canonical JSON, on which leaves and commitments rest, against the published data of RFC 8785."""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import pytest
import rfc8785

CASES = json.loads(Path(__file__).with_name("json_rfc8785.json").read_text(encoding="utf-8"))


def as_double(bits: int) -> float:
    (value,) = struct.unpack(">d", bits.to_bytes(8))
    return float(value)


@pytest.mark.parametrize(("name", "given", "canonical"), CASES["cases"])
def test_a_published_document_is_canonical_as_published(
    name: str, given: str, canonical: str
) -> None:
    assert rfc8785.dumps(json.loads(given)) == canonical.encode()
    assert rfc8785.dumps(json.loads(canonical)) == canonical.encode()


@pytest.mark.parametrize(("bits", "text"), CASES["numbers"])
def test_a_published_number_is_written_as_published(bits: str, text: str) -> None:
    assert rfc8785.dumps(as_double(int(bits, 16))) == text.encode()


def published_doubles() -> Iterator[int]:
    """Fixed ones, then 2000 in a row, then those in a chain of SHA-256, as the data's README
    tells."""
    yield from (int(text, 16) for text in CASES["doubles"])
    yield from range(1 << 52, (1 << 52) + 2000)
    block = bytes(32)
    for _ in count():
        block = hashlib.sha256(block).digest()
        for bits in struct.unpack("<4Q", block):
            value = as_double(bits)
            if value != 0 and math.isfinite(value):
                yield bits


@pytest.mark.parametrize(("digest", "lines", "size"), CASES["digests"])
def test_the_published_number_lines_have_the_published_digest(
    digest: str, lines: int, size: int
) -> None:
    text = b"".join(
        f"{bits:x},".encode() + rfc8785.dumps(as_double(bits)) + b"\n"
        for bits in islice(published_doubles(), lines)
    )
    assert (hashlib.sha256(text).hexdigest(), len(text)) == (digest, size)
