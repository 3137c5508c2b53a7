"""`linli ledger staff …`: the first accounts, and a way back in."""

from __future__ import annotations

from typing import Annotated

import typer

from linli.commands.clocks import chosen
from linli.commands.failure import Failure
from linli.commands.ledger_database import DatabaseOption, open_or_fail
from linli.ledger.staff.accounts import NewWorker, StaffError, everyone, hire, reset_password
from linli.ledger.staff.passwords import new_password
from linli.ledger.staff.roles import Role

app = typer.Typer(help="Who works with the console.", no_args_is_help=True, add_completion=False)
LoginArgument = Annotated[str, typer.Argument(help="What they log in as.")]


@app.command()
def add(
    login: LoginArgument,
    database: DatabaseOption,
    name: Annotated[str, typer.Option("--name", help="How others see them.")],
    role: Annotated[Role, typer.Option("--role", help="What they may do.")],
    scope: Annotated[str | None, typer.Option("--scope", help="Their community.")] = None,
    account: Annotated[
        str | None, typer.Option("--account", help="A panel member's points account.")
    ] = None,
) -> None:
    """Make an account; prints a password that they change when they first log in."""
    password = new_password()
    try:
        with open_or_fail(database).begin() as connection:
            new = NewWorker(login, name, role, scope, account)
            hire(connection, new, password, chosen(None).now())
    except StaffError as error:
        raise Failure(str(error)) from error
    typer.echo(password)


@app.command("reset")
def reset(login: LoginArgument, database: DatabaseOption) -> None:
    """Give somebody a new password, printed; their one-time codes are set up anew."""
    password = new_password()
    try:
        with open_or_fail(database).begin() as connection:
            reset_password(connection, login, password, chosen(None).now())
    except StaffError as error:
        raise Failure(str(error)) from error
    typer.echo(password)


@app.command("list")
def list_(database: DatabaseOption) -> None:
    """Everybody, also who left."""
    with open_or_fail(database).connect() as connection:
        for worker in everyone(connection):
            left = f"  left {worker.ended_at:%Y-%m-%d}" if worker.ended_at else ""
            where = worker.scope or "all"
            typer.echo(
                f"{worker.login:<16}  {worker.role.value:<13}  {where:<16}  {worker.name}{left}"
            )
