"""The key ring of personal data: made once, whole, and only for its owner's eyes."""

from __future__ import annotations

import datetime as dt
import os
import stat
from pathlib import Path

import pytest

from linli.ledger.people.key_file import load_or_make

TODAY = dt.date(2026, 11, 29)


def test_the_ring_made_the_first_time_is_the_ring_ever_after(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "ring.json"
    made = load_or_make(path, TODAY)
    assert load_or_make(path, dt.date(2027, 1, 1)) == made
    assert [one.name for one in path.parent.iterdir()] == ["ring.json"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_crash_while_it_is_made_leaves_no_half_ring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: int) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "ring.json"
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", crash)
        with pytest.raises(KeyboardInterrupt):
            load_or_make(path, TODAY)
    assert not path.exists()
    assert load_or_make(path, TODAY) == load_or_make(path, TODAY)


def test_of_two_that_begin_at_once_both_have_the_one_ring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ring.json"
    link = os.link
    rings = []

    def slowly(part: Path, whole: Path) -> None:
        """The other one is done between this one's look and its own writing."""
        monkeypatch.setattr(os, "link", link)
        rings.append(load_or_make(tmp_path / "other.json", TODAY))
        (tmp_path / "other.json").rename(path)
        link(part, whole)

    monkeypatch.setattr(os, "link", slowly)
    rings.append(load_or_make(path, TODAY))
    assert rings[0] == rings[1]
