"""Whatever word a terminal gives for how a job ended, the console says it in Chinese."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import linli.kiosk.jobs
from linli.assets.words import Words
from linli.kiosk.doctor.finding import State, Subject
from linli.kiosk.doctor.phrases import subject
from linli.ledger.web.job_words import DETAIL, FOUND, REASON, SUBJECT
from linli.sync.updates import Refusal

JOBS = Path(linli.kiosk.jobs.__file__).parent
SAY_WHY = {"failed", "refused", "rejected", "Done", "CannotHereError"}
"""Calls that are given a word for programs."""
NO_WORDS = {"attempt", "reboot"}
"""Names of things on the disk."""


def words_in(source: str) -> Iterator[str]:
    """Small words given to those calls, and those that stand as constants for them."""
    for node in ast.walk(ast.parse(source)):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            given = node.args[:2] if name in SAY_WHY else []
        elif isinstance(node, ast.Assign):
            given = getattr(node.value, "elts", [node.value])
        for one in given:
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one.value


def test_every_reason_that_a_terminal_gives_has_its_words() -> None:
    said = {word for path in JOBS.glob("*.py") for word in words_in(path.read_text())}
    words = {w for w in said if w.islower() and w.replace("-", "").isalpha()} - NO_WORDS
    assert {"not-saved", "interrupted", "no-board", "reverted"} <= words
    assert words - REASON.keys() - DETAIL.keys() == set()


def test_every_refusal_of_a_release_has_its_words() -> None:
    assert {refusal.value for refusal in Refusal} <= REASON.keys()


def test_the_console_calls_what_a_self_test_looked_at_as_the_terminal_does() -> None:
    said = {one.value: subject(one, Words("zh_CN")) for one in Subject}
    assert said == SUBJECT
    assert {one.value for one in State} == FOUND.keys()
