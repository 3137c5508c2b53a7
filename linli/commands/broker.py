"""`linli broker …`: the files that Mosquitto runs from."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer

from linli.commands.clocks import chosen
from linli.commands.failure import Failure
from linli.commands.gates import GroupOption, all_hosts, authority_from
from linli.commands.ledger_database import DatabaseOption, open_or_fail
from linli.ledger.broker.files import BrokerFiles
from linli.ledger.broker.keeping import reload_by_pid
from linli.ledger.broker.mosquitto import CONF, Listeners
from linli.ledger.database import reading
from linli.ledger.terminals.certifying import admitted, revoked

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The MQTT broker's own files.")


@app.callback()
def _broker() -> None:
    """The MQTT broker's own files."""


def _address(text: str) -> str:
    """A name would be looked up when the broker starts, or never. Raises typer.BadParameter."""
    try:
        return str(ip_address(text))
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no address, such as 0.0.0.0 or ::1") from error


@app.command()
def config(
    directory: Annotated[Path, typer.Argument(help="Where they are written.")],
    database: DatabaseOption,
    authority: Annotated[
        Path, typer.Option("--authority", help="Signs certificates; founded if missing.")
    ],
    passphrase: Annotated[
        Path, typer.Option("--authority-passphrase", help="The file whose first line opens it.")
    ],
    host_name: Annotated[
        list[str], typer.Option("--host-name", help="A name or address of it; give each.")
    ],
    broker_group: GroupOption = "",
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, help="MQTT over TLS, for terminals.")
    ] = 8883,
    websockets: Annotated[
        int,
        typer.Option(
            "--websockets", min=0, max=65535, help="MQTT in WebSockets over TLS; 0 for none."
        ),
    ] = 443,
    ledger_port: Annotated[
        int, typer.Option("--ledger-port", min=1, max=65535, help="For the ledger.")
    ] = 8884,
    bind: Annotated[
        str, typer.Option("--bind", help="The address for terminals.", callback=_address)
    ] = "0.0.0.0",  # noqa: S104 - terminals come from everywhere
    ledger_bind: Annotated[
        str,
        typer.Option(
            "--ledger-bind", help="The address for the ledger's workers.", callback=_address
        ),
    ] = "127.0.0.1",
    run_as: Annotated[
        str, typer.Option("--run-as", help="The user Mosquitto changes to; else its own default.")
    ] = "",
) -> None:
    """Write mosquitto.conf and what belongs to it: certificates, who may read and write what, the
    ledger's password. Written again, it keeps keys and password, and a broker that runs from there
    reads its lists again."""
    clock = chosen(None)
    opened = authority_from(authority, passphrase, clock)
    hosts = tuple(all_hosts(host_name))
    files = BrokerFiles(directory, opened, clock, hosts, broker_group)
    listeners = Listeners(port, websockets or None, ledger_port, bind, ledger_bind, run_as)
    try:
        with reading(open_or_fail(database)) as connection:
            files.write_all(listeners, admitted(connection), revoked(connection, clock.now()))
        reload_by_pid(directory)
    except OSError as error:
        raise Failure(f"the broker's files are not all written: {error}") from error
    typer.echo(f"written: run `mosquitto -c {(directory / CONF).absolute()}`")
