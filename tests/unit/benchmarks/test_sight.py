"""What a virtual screen shows, and since when."""

from __future__ import annotations

import struct
import threading
import time
from pathlib import Path

import pytest

from linli.benchmarks import sight
from linli.benchmarks.sight import STRIDE, Sight

HEADER, PIXELS = 100, 200


def screen(directory: Path) -> Path:
    """A plain one, of so many pixels that are looked at."""
    words = [HEADER, *[0] * 24]
    path = directory / "Xvfb_screen0"
    path.write_bytes(struct.pack(">25I", *words) + bytes(STRIDE * PIXELS))
    return path


def draw(path: Path, values: bytes) -> None:
    with path.open("r+b") as file:
        for place, value in enumerate(values):
            file.seek(HEADER + STRIDE * place)
            file.write(bytes([value]))


def test_what_comes_late_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sight, "SETTLED_S", 0.05)
    path = screen(tmp_path)
    drawn = threading.Event()

    def later() -> None:
        drawn.set()
        draw(path, b"\1\2\3")

    thread = threading.Timer(0.3, later)
    thread.start()
    Sight(tmp_path).meaningful_after(time.monotonic())
    assert drawn.is_set()
    thread.join()


def test_a_program_that_draws_nothing_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sight, "SETTLED_S", 0.05)
    monkeypatch.setattr(sight, "NOTHING_S", 0.1)
    screen(tmp_path)
    with pytest.raises(TimeoutError):
        Sight(tmp_path).meaningful_after(time.monotonic())
