"""Bytes from the network: what a newer ledger sends is read as far as it is known; what is no
message raises MalformedError and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from doubles.centre import activity, at
from hypothesis import example, given
from hypothesis import strategies as st

from linli.sync.messages import WIRE_TYPES, Change, Head, Snapshot, Stream, encode
from linli.sync.parsing import parse, parse_rows
from linli.sync.signing import MalformedError

CHANGE = Change(
    scope="s-1", stream=Stream.CHANGES, number=7, at=at("09:00"), rows=[activity("a-1")]
)
NEW_ROW = {"row": "weather", "sky": {"clouds": 3}}


def as_json(change: Change) -> Any:
    return json.loads(encode(change))


def test_what_was_encoded_is_read_again() -> None:
    assert parse_rows(encode(CHANGE), Change) == CHANGE


def test_rows_of_a_newer_ledger_are_left_out() -> None:
    document = as_json(CHANGE)
    document["rows"] = [NEW_ROW, *document["rows"], NEW_ROW]
    assert parse_rows(json.dumps(document).encode(), Change) == CHANGE


def test_a_change_of_nothing_but_newer_rows_still_has_its_number() -> None:
    document = as_json(CHANGE)
    document["rows"] = [NEW_ROW]
    found = parse_rows(json.dumps(document).encode(), Change)
    assert (found.number, found.rows) == (7, [])


def test_newer_rows_of_a_snapshot_are_left_out_too() -> None:
    document = {**as_json(CHANGE), "rows": [NEW_ROW]}
    assert parse_rows(json.dumps(document).encode(), Snapshot).rows == []


def test_unknown_fields_are_ignored() -> None:
    document = as_json(CHANGE)
    document["colour"] = "red"
    document["rows"][0]["weather"] = "fine"
    assert parse_rows(json.dumps(document).encode(), Change) == CHANGE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("scope", "No Name"),
        ("scope", "a/b"),
        ("stream", "secrets"),
        ("number", 0),
        ("number", 2**60),
        ("number", 10**40),
        ("number", "7"),
        ("at", "2026-11-24T09:00:00"),
        ("rows", [{"row": "activity"}]),
        ("rows", [{"tag": "activity"}]),
        ("rows", [17]),
        ("rows", None),
    ],
)
def test_a_field_that_does_not_fit_makes_the_change_malformed(field: str, value: object) -> None:
    document = {**as_json(CHANGE), field: value}
    with pytest.raises(MalformedError):
        parse_rows(json.dumps(document).encode(), Change)


def test_points_that_no_database_holds_are_malformed() -> None:
    document = as_json(CHANGE)
    document["rows"][0]["points"] = 2**63
    with pytest.raises(MalformedError):
        parse_rows(json.dumps(document).encode(), Change)


def test_the_text_says_what_was_expected() -> None:
    with pytest.raises(MalformedError, match=r"not a Head: .*number"):
        parse(b'{"scope":"s-1","stream":"changes","number":-1}', Head)


def test_a_message_nested_without_end_is_malformed() -> None:
    with pytest.raises(MalformedError):
        parse_rows(b'{"scope":"s-1","x":' + b"[" * 100_000, Change)


@given(st.binary(max_size=80))
@example(b"\xff\xfe")
@example(b'"\\ud800 and more text"')
@example(b'{"scope":"\\ud800"}')
def test_garbage_is_malformed_and_never_anything_else(payload: bytes) -> None:
    for kind in WIRE_TYPES:
        with pytest.raises(MalformedError):
            parse(payload, kind)
    with pytest.raises(MalformedError):
        parse_rows(payload, Change)


@given(st.data())
def test_a_change_with_one_damaged_byte_is_read_or_malformed(data: st.DataObject) -> None:
    payload = bytearray(encode(CHANGE))
    payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = parse_rows(bytes(payload), Change)
    except MalformedError:
        return
    encode(found)


MANY_READ_AT_ONCE = """
import sys, threading
import msgspec
from linli.sync import messages

sys.setswitchinterval(1e-6)
together = threading.Barrier(8)

def read():
    together.wait()
    msgspec.json.decode(sys.argv[1], type=messages.Snapshot)

threads = [threading.Thread(target=read) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_threads_may_be_the_first_to_read_a_snapshot_at_the_same_moment() -> None:
    snapshot = encode(
        Snapshot(scope="s-1", stream=Stream.CHANGES, number=1, at=at("09:00"), rows=[])
    )
    for _ in range(4):
        program = [sys.executable, "-c", MANY_READ_AT_ONCE, snapshot.decode()]
        assert subprocess.run(program, timeout=60, check=False).returncode == 0
