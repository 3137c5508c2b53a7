"""`linli terminal doctor`: what is wrong with this terminal, in the words of whoever stands before
it, or as JSON for whoever looks after two hundred."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from linli.assets.words import Words
from linli.kiosk.doctor.at_terminal import Around, from_outside
from linli.kiosk.doctor.check import Check, looked
from linli.kiosk.doctor.document import document
from linli.kiosk.doctor.finding import Code, Finding, State, Subject, exit_code
from linli.kiosk.doctor.person import Nobody, Person, Question
from linli.kiosk.doctor.phrases import question, said, summary
from linli.kiosk.settings import SettingsError, TerminalSettings, read_settings
from linli.sync.clock import SystemClock

INSTALLED = Path("/etc/linli/terminal.toml")
MARKS = {
    State.WELL: "✓",
    State.ABSENT: "·",
    State.UNTRIED: "?",
    State.NOTICE: "!",
    State.BROKEN: "✗",
}

ANSWERS = {"y": True, "yes": True, "是": True, "n": False, "no": False, "否": False}


def doctor(
    settings: Annotated[
        Path, typer.Option("--settings", metavar="FILE", help="The terminal's TOML file.")
    ] = INSTALLED,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON document, and nobody is asked.")
    ] = False,
    hardware: Annotated[
        bool, typer.Option("--hardware/--no-hardware", help="Also what is plugged in.")
    ] = True,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nobody: no card, no sound, no slip.")
    ] = False,
    lang: Annotated[
        str | None, typer.Option("--lang", help="zh_CN or en; else as LANG says.")
    ] = None,
) -> None:
    """Look at everything this terminal needs, and say what is wrong and what to do. It may run
    beside the kiosk: what the kiosk has open is left alone.

    Exit code 0: nothing to do; 1: something should be looked after; 2: something does not work."""
    words = Words(language(lang, os.environ.get("LC_ALL") or os.environ.get("LANG") or ""))
    asked = not (yes or as_json) and sys.stdin.isatty()
    person: Person = AtTheTerminal(words) if asked else Nobody()
    clock = SystemClock()
    try:
        told = read_settings(settings, TerminalSettings)
    except SettingsError as error:
        values = {"error": str(error)}
        name, findings = "", [Finding(Subject.SETTINGS, State.BROKEN, Code.SETTINGS_WRONG, values)]
        if not as_json:
            show(findings[0], words)
    else:
        checks = from_outside(told, Around(clock), person, hardware=hardware)
        name, findings = told.name, run_shown(checks, words, silent=as_json)
    if as_json:
        typer.echo(document(name, findings, clock))
    else:
        typer.echo(summary(findings, words))
    raise typer.Exit(exit_code(findings))


def language(asked: str | None, environment: str) -> str:
    """Chinese unless English is asked for. Raises typer.BadParameter."""
    if asked not in (None, "zh_CN", "en"):
        raise typer.BadParameter("zh_CN or en", param_hint="--lang")
    return asked or ("en" if environment.startswith("en") else "zh_CN")


def run_shown(checks: Iterable[Check], words: Words, *, silent: bool) -> list[Finding]:
    """Each is shown as soon as it is known: a check may take a while."""
    findings = []
    for check in checks:
        findings.append(looked(check))
        if not silent:
            show(findings[-1], words)
    return findings


def show(finding: Finding, words: Words) -> None:
    told = said(finding, words)
    typer.echo(f"{MARKS[finding.state]} {told.title}  {told.sentence}")
    if told.remedy:
        typer.echo(f"    → {told.remedy}")


class AtTheTerminal:
    """A `Person` at the keyboard."""

    there = True

    def __init__(self, words: Words) -> None:
        self._words = words

    def tell(self, asked: Question) -> None:
        typer.echo(f"… {question(asked, self._words)}")

    def ask(self, asked: Question) -> bool | None:
        try:
            answer = input(f"… {question(asked, self._words)} [y/n] ").strip().lower()
        except EOFError:
            return None
        return ANSWERS.get(answer)
