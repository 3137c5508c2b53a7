"""The command line's root: all commands, each imported when it is called."""

from __future__ import annotations

import importlib
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from linli import __version__

COMMANDS = (
    *("demo", "kiosk", "board", "ledger", "broker", "fleet", "terminal", "card"),
    *("release", "simulate-year", "bench", "version"),
)
"""Each is a module beside this one: with a Typer `app`, the windows with a `main` of their own."""


class Commands(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"linli.commands.{cmd_name.replace('-', '_')}")
        if own := getattr(module, "main", None):
            return TyperCommand(cmd_name, callback=own, help=own.__doc__)
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


def _version(asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """邻里: the neighbourhood centre's terminal, its board and its points ledger."""
