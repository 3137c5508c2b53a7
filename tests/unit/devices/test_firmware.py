"""The board's firmware is built where it is needed, once, and says what it lacks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from linli.devices.simulated import firmware
from linli.devices.simulated.firmware import FirmwareError, host_program


def test_without_a_compiler_the_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FirmwareError, match=r"apt-get install make gcc"):
        host_program()


def test_it_is_built_once_and_then_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    built = host_program()
    assert os.access(built, os.X_OK)
    first = built.stat().st_mtime_ns
    assert host_program() == built
    assert built.stat().st_mtime_ns == first
    assert not list(tmp_path.rglob("*.making"))


def test_sources_that_do_not_compile_are_told_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "Makefile").write_text("%:\n\t@echo broken >&2; false\n")
    monkeypatch.setattr(firmware, "SOURCES", tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(FirmwareError, match="broken"):
        host_program()
