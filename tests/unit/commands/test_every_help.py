"""Whoever asks a command how it is called gets an answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import typer
from typer.core import TyperGroup
from typer.testing import CliRunner

from linli.commands.root import app


def _words(command: TyperGroup, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = typer.Context(command)
    for name in command.list_commands(context):
        yield (*before, name)
        found = command.get_command(context, name)
        if isinstance(found, TyperGroup):
            yield from _words(found, (*before, name))


def every_command() -> list[tuple[str, ...]]:
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    return list(_words(root))


def test_every_command_tells_how_it_is_called() -> None:
    silent = []
    for words in every_command():
        told = CliRunner().invoke(app, [*words, "--help"])
        if told.exit_code or "Usage:" not in told.stdout:
            silent.append((words, told.exception))
    assert silent == []


@pytest.mark.parametrize("command", ["serve", "ingest", "verify", "month"])
def test_what_is_imported_late_is_listed_with_the_others(command: str) -> None:
    assert ("ledger", command) in every_command()
