"""The firmware for each board: it compiles without a warning, links, and fits."""

from __future__ import annotations

import subprocess
from pathlib import Path

from linli.devices.simulated.firmware import SOURCES


def test_the_firmware_fits_on_every_board(tmp_path: Path) -> None:
    command = ["make", "-s", "-C", str(SOURCES), f"BUILD={tmp_path}", "lm3s", "stm32f103", "sizes"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "stm32f103.elf" in done.stdout
    assert (tmp_path / "stm32f103.bin").stat().st_size <= 32 * 1024


def test_a_firmware_that_is_too_large_is_not_built(tmp_path: Path) -> None:
    command = ["make", "-s", "-C", str(SOURCES), f"BUILD={tmp_path}", "FLASH_LIMIT=4096", "sizes"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "too large" in done.stdout
