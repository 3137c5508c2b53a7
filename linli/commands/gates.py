"""What the commands share about the broker's gate: the authority, and the broker's names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linli.commands.failure import Failure
from linli.ledger.terminals.authority import Authority
from linli.ledger.terminals.authority_file import AuthorityError, load_or_found, read_passphrase
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


def all_hosts(given: list[str]) -> list[str]:
    """The ledger itself reaches the broker on the loopback."""
    return list(dict.fromkeys([*given, "127.0.0.1", "localhost"]))
