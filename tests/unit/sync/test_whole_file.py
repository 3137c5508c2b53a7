"""A small file is there whole, as before a write or as after it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from linli.sync.whole_file import write_whole


def test_what_is_written_is_there_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "made" / "file"
    write_whole(file, b"one")
    write_whole(file, b"two")
    assert file.read_bytes() == b"two"
    assert list(file.parent.iterdir()) == [file]


def test_a_disk_that_takes_nothing_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "file"
    write_whole(file, b"one")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(file, b"two")
    assert file.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [file]


def test_a_secret_takes_no_rights_from_what_a_power_cut_left_beside_it(tmp_path: Path) -> None:
    file, left = tmp_path / "key", tmp_path / "key.part"
    left.write_bytes(b"half")
    left.chmod(0o644)
    write_whole(file, b"secret", 0o600)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
