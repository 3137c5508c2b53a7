"""How alerts leave the ledger: the options about mail and webhooks, and what is made of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from linli.commands.failure import Failure
from linli.ledger.alerts.mail import MailServer, Security
from linli.ledger.alerts.routes import ADDRESS
from linli.ledger.alerts.webhook import Outside

SmtpOption = Annotated[
    str,
    typer.Option(
        "--smtp",
        help="Who takes mail: starttls://mail.example:587, tls://mail.example:465,"
        " or none://127.0.0.1:25.",
    ),
]
FromOption = Annotated[str, typer.Option("--smtp-from", help="The sender's address.")]
UserOption = Annotated[str, typer.Option("--smtp-user", help="How to log in there.")]
PasswordOption = Annotated[
    Path | None, typer.Option("--smtp-password", help="The file whose first line is the password.")
]
InsideOption = Annotated[
    list[str] | None,
    typer.Option(
        "--webhook-inside",
        help="A host of the inner network that webhooks may go to; give each. Else none.",
    ),
]
PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}
HERE = ("127.0.0.1", "::1", "localhost")


def mail_server(
    smtp: str, sender: str, user: str = "", password: Path | None = None
) -> MailServer | None:
    """None where none is named. Raises BadParameter, Failure."""
    if not smtp:
        return None
    security, host, port = _address(smtp)
    if not ADDRESS.fullmatch(sender):
        raise typer.BadParameter("give the sender's address", param_hint="--smtp-from")
    if bool(user) != (password is not None):
        raise typer.BadParameter(
            "a user and a file with the password belong together", param_hint="--smtp-user"
        )
    if security is Security.NONE and host not in HERE:
        raise typer.BadParameter(
            "without encryption only a server on this machine is used", param_hint="--smtp"
        )
    secret = "" if password is None else _first_line(password)
    return MailServer(host, port, security, sender, user, secret)


def outside(inside: list[str]) -> Outside:
    return Outside(frozenset(host.lower() for host in inside))


def _address(smtp: str) -> tuple[Security, str, int]:
    parts = urlsplit(smtp)
    try:
        security, port = Security(parts.scheme), parts.port
    except ValueError as error:
        raise typer.BadParameter(
            "a mail server looks like starttls://mail.example:587", param_hint="--smtp"
        ) from error
    if not parts.hostname or parts.username or parts.path.strip("/"):
        raise typer.BadParameter(
            "a mail server looks like starttls://mail.example:587", param_hint="--smtp"
        )
    return security, parts.hostname, port or PORTS[security]


def _first_line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").split("\n", 1)[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"the password of the mail server cannot be read: {error}") from error
