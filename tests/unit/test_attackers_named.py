"""The document about attackers names tests that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ATTACKERS = (
    "child with a keyboard",
    "thief of a terminal or SD card",
    "neighbour with a card cloner",
    "curious clerk",
    "colluding panel member",
    "man in the middle",
    "stolen maintainer's laptop",
    "malicious terminal with a valid certificate",
    "malicious operator of the ledger",
)


def rows() -> dict[str, list[tuple[str, str]]]:
    """The tests of each row, by its first cell."""
    text = (ROOT / "docs" / "privacy-security.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| ") and NAMED.search(line)]
    return {line.split("|")[1].strip(): NAMED.findall(line) for line in lines}


def functions_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_each_attacker_has_tests_and_each_of_them_is_there() -> None:
    named = rows()
    assert set(ATTACKERS) <= named.keys()
    every = {one for tests in named.values() for one in tests}
    files = {path: functions_of(path) for path, _ in every}
    assert [f"{path}::{name}" for path, name in sorted(every) if name not in files[path]] == []
