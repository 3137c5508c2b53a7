"""What the commands share about the broker's gate: the authority, its files, the ledger's door."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from linli.commands.clocks import chosen
from linli.commands.failure import Failure
from linli.ledger.broker.access_lists import LEDGER, group_of
from linli.ledger.broker.files import PASSWORD, BrokerFiles, read_password
from linli.ledger.broker.mosquitto import AUTHORITY as AUTHORITY_FILE
from linli.ledger.ingest.service import GROUP
from linli.ledger.running import Door
from linli.ledger.terminals.authority import Authority
from linli.ledger.terminals.authority_file import AuthorityError, load_or_found, read_passphrase
from linli.ledger.web.enrolling import Gate
from linli.sync.access import PLAIN, Access
from linli.sync.clock import Clock

AuthorityOption = Annotated[
    Path | None,
    typer.Option(
        "--authority", help="Signs the certificates of terminals; founded if missing. Encrypted."
    ),
]
PassphraseOption = Annotated[
    Path | None,
    typer.Option("--authority-passphrase", help="The file whose first line opens it."),
]
HostsOption = Annotated[
    list[str] | None,
    typer.Option("--host-name", help="A name or address of the broker; give each."),
]
GroupOption = Annotated[
    str, typer.Option("--broker-group", help="The broker's group of the system, as mosquitto.")
]


def authority_from(path: Path, passphrase: Path | None, clock: Clock) -> Authority:
    """Raises Failure."""
    if passphrase is None:
        raise typer.BadParameter(
            "the authority's key is encrypted: say where the passphrase is",
            param_hint="--authority-passphrase",
        )
    try:
        return load_or_found(path, read_passphrase(passphrase), clock.now())
    except (AuthorityError, OSError) as error:
        raise Failure(f"the certificate authority cannot be used: {error}") from error


@dataclass(frozen=True)
class Announced:
    """Where terminals find the broker: what newcomers are told."""

    host: str
    port: int
    websockets: int = 0

    @classmethod
    def read(cls, text: str) -> Announced:
        """`points.example:8883`, with `/443` for WebSockets. Raises BadParameter."""
        address, _, websockets = text.partition("/")
        host, _, port = address.rpartition(":")
        if not (host and port.isdigit() and (not websockets or websockets.isdigit())):
            raise typer.BadParameter(
                "it looks like points.example:8883, or points.example:8883/443 with WebSockets",
                param_hint="--announce",
            )
        return cls(host, int(port), int(websockets or 0))


def door_of(
    directory: Path | None,
    authority: Authority | None,
    announced: Announced | None,
    record_key: str,
    hosts: list[str],
    group: str,
) -> Door:
    """`directory` holds the broker's files. Raises Failure."""
    access, share = _access(directory)
    files = None
    if directory is not None and authority is not None:
        known = hosts or ([announced.host] if announced is not None else [])
        files = BrokerFiles(directory, authority, chosen(None), tuple(all_hosts(known)), group)
    gate = None
    if announced is not None:
        gate = Gate(authority, announced.host, announced.port, announced.websockets, record_key)
    return Door(access, share, gate, files)


def all_hosts(given: list[str]) -> list[str]:
    """The ledger itself reaches the broker on the loopback."""
    return list(dict.fromkeys([*given, "127.0.0.1", "localhost"]))


def _access(directory: Path | None) -> tuple[Access, str]:
    if directory is None:
        return PLAIN, GROUP
    try:
        password = read_password(directory / PASSWORD)
    except OSError as error:
        raise Failure(
            f"{directory} holds no broker's files: run `linli broker config {directory}` first"
            f" ({error.strerror})"
        ) from error
    authority = directory / AUTHORITY_FILE
    return Access(authority=authority, user=LEDGER, password=password), group_of(password)
