"""What a program gives back is only what can be read again."""

from __future__ import annotations

import subprocess
import sys

import pytest

from linli.kiosk.frugal import unaltered

LIBRARY = "7f0000000000-7f0000002000 {perms} 00000000 08:01 42 {path}"
OWN = ("Rss:  8 kB", "Anonymous:  {own} kB", "Swap:  {swap} kB")


def smaps(perms: str, path: str = "/lib/x.so", own: int = 0, swap: int = 0) -> list[str]:
    lines = (LIBRARY, *OWN)
    return [line.format(perms=perms, path=path, own=own, swap=swap) for line in lines]


@pytest.mark.parametrize("perms", ["r-xp", "r--p"])
def test_a_library_s_unaltered_part_is_given_back(perms: str) -> None:
    assert list(unaltered(smaps(perms))) == [(0x7F0000000000, 0x2000)]


@pytest.mark.parametrize(
    "kept",
    [
        smaps("rw-p"),
        smaps("r--s"),
        smaps("r-xp", path=""),
        smaps("r-xp", path="[vdso]"),
        smaps("r--p", own=4),
        smaps("r--p", swap=4),
    ],
)
def test_what_is_nobody_else_s_is_kept(kept: list[str]) -> None:
    assert list(unaltered([*kept, *smaps("r-xp")])) == [(0x7F0000000000, 0x2000)]
    assert list(unaltered(kept)) == []


def test_a_program_goes_on_after_it_was_tidied() -> None:
    program = (
        "import json, sqlite3, ssl; from linli.kiosk.frugal import frugal, tidy\n"
        "frugal(); tidy(); tidy()\n"
        "print(json.dumps(sqlite3.connect(':memory:').execute('SELECT 1+1').fetchone()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == ("[2]", 0)
