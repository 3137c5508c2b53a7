"""The command line's root. Exit codes: 0 done, 1 failed, 2 called wrongly."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from linli.commands.failure import Failure

COMMANDS = ("demo", "kiosk", "board", "ledger", "bench", "version")
"""Each is a module beside this one with a Typer `app`."""


class Commands(TyperGroup):
    """Imports a command when it is called: the terminal starts without the ledger, and a small
    computer does not keep in memory what it never runs."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"linli.commands.{cmd_name}")
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command


app = typer.Typer(
    name="linli",
    cls=Commands,
    help="邻里: the neighbourhood centre's terminal, its board and its points ledger.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _root() -> None:
    """邻里: the neighbourhood centre's terminal, its board and its points ledger."""


def main() -> None:
    try:
        app()
    except Failure as failure:
        typer.echo(f"linli: {failure}", err=True)
        sys.exit(1)
