"""The file of what a lock board was told to open, over crashes and damage."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from linli.devices.lockers.base import Outcome
from linli.devices.lockers.openings_file import KEPT, Entry, OpeningsFile, OpeningsFileError

NONCE, OTHER = b"n" * 16, b"o" * 16


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "openings"


def test_what_was_begun_and_decided_is_known_to_the_next_program(path: Path) -> None:
    first = OpeningsFile(path)
    first.begin(NONCE, 3)
    first.begin(OTHER, 4)
    first.decide(NONCE, Outcome.OPENED)
    first.close()
    second = OpeningsFile(path)
    assert second.find(NONCE) == Entry(3, Outcome.OPENED)
    assert second.find(OTHER) == Entry(4, Outcome.UNKNOWN)
    assert second.find(b"x" * 16) is None


def test_a_line_torn_at_any_byte_is_as_if_it_was_never_written(path: Path) -> None:
    file = OpeningsFile(path)
    file.begin(NONCE, 3)
    whole = path.read_bytes()
    file.begin(OTHER, 4)
    longer = path.read_bytes()
    file.close()
    for size in range(len(whole), len(longer)):
        path.write_bytes(longer[:size])
        found = OpeningsFile(path)
        assert (found.find(NONCE), found.find(OTHER)) == (Entry(3), None)
        found.begin(OTHER, 5)
        found.close()
        assert OpeningsFile(path).find(OTHER) == Entry(5)


def test_damage_in_the_middle_is_not_passed_over(path: Path) -> None:
    file = OpeningsFile(path)
    file.begin(NONCE, 3)
    file.begin(OTHER, 4)
    file.close()
    path.write_bytes(b"\0" + path.read_bytes()[1:])
    with pytest.raises(OpeningsFileError, match=r"line 1 .* move the file away"):
        OpeningsFile(path)


def test_the_oldest_are_dropped_when_it_is_opened_again(path: Path) -> None:
    file = OpeningsFile(path)
    for number in range(KEPT + 10):
        file.begin(number.to_bytes(16, "big"), 1)
    file.close()
    again = OpeningsFile(path)
    again.begin(NONCE, 1)
    again.close()
    assert len(path.read_bytes().splitlines()) == KEPT + 1


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    file = OpeningsFile(tmp_path / "nowhere" / "openings")
    with pytest.raises(OpeningsFileError, match="cannot be written"):
        file.begin(NONCE, 1)
    assert file.find(NONCE) is None


def test_after_a_failed_write_the_next_one_is_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = OpeningsFile(path)
    file.begin(NONCE, 3)
    whole = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda end, data: whole(end, data[:5]))
        with pytest.raises(OpeningsFileError):
            file.begin(OTHER, 4)
    file.begin(OTHER, 5)
    file.close()
    assert OpeningsFile(path).find(OTHER) == Entry(5)


def test_what_nobody_knows_stays_undecided_and_readable(path: Path) -> None:
    kept = OpeningsFile(path)
    kept.begin(bytes(16), 3)
    kept.decide(bytes(16), Outcome.UNKNOWN)
    kept.begin(b"n" * 16, 4)
    kept.close()
    assert OpeningsFile(path).find(bytes(16)) == Entry(3)
