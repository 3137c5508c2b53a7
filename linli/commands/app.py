"""The command line's root. Exit codes: 0 done, 1 failed, 2 called wrongly."""

from __future__ import annotations

import sys

import typer

from linli import __version__
from linli.commands import bench, demo, ledger, windows
from linli.commands.failure import Failure

app = typer.Typer(
    name="linli",
    help="邻里: the neighbourhood centre's terminal, its board and its points ledger.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("kiosk")(windows.kiosk)
app.command("board")(windows.board)
app.command("bench")(bench.bench)
app.add_typer(ledger.app, name="ledger")


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    try:
        app()
    except Failure as failure:
        typer.echo(f"linli: {failure}", err=True)
        sys.exit(1)
