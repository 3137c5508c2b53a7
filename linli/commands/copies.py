"""`linli ledger backup` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linli.commands.failure import Failure
from linli.commands.ledger_database import DatabaseOption, open_or_fail
from linli.ledger.audit.verify import verify
from linli.ledger.copies import CopyError, back_up
from linli.ledger.copies import restore as take_back

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The copy.")]


def backup(file: FileArgument, database: DatabaseOption) -> None:
    """Copy the whole ledger into a new file, while it runs. Keep the file apart from person.keys:
    together they are every name, each alone is none."""
    try:
        back_up(database, file)
    except CopyError as error:
        raise Failure(str(error)) from error
    typer.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB", err=True)


def restore(file: FileArgument, database: DatabaseOption) -> None:
    """Bring a copy back to where there is no ledger, and derive every balance of it again.
    Terminals send again what it does not have yet."""
    try:
        take_back(file, database)
    except CopyError as error:
        raise Failure(str(error)) from error
    difference = verify(open_or_fail(database, make=True))
    if difference is not None:
        raise Failure(f"the ledger was brought back, and something in it is wrong: {difference}")
    typer.echo("the ledger is back, and is what its events make it", err=True)
