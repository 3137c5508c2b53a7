"""`linli terminal rescue`: what a dead terminal had not sent, from its SD card."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from linli.commands.clocks import chosen
from linli.commands.failure import Failure
from linli.kiosk.enrolling.client import require_https
from linli.kiosk.network.rescue import Card, Rescued, RescueError, bring, poster, read_card
from linli.sync.sessions import direct_session


def rescue(
    directory: Annotated[
        Path, typer.Argument(help="Where terminal.db and terminal.key lie on the card.")
    ],
    ledger: Annotated[str, typer.Option("--ledger", help="Its address, https://…")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for a program to read.")
    ] = False,
) -> None:
    """Bring to the ledger what a terminal that is gone had recorded and not sent. The card is only
    read. It may be done twice. Do it before the terminal is retired in the console, and do not let
    the old card run again."""
    try:
        require_https(ledger)
        with tempfile.TemporaryDirectory() as work:
            card = read_card(directory, Path(work), chosen(None))
            done = bring(card, poster(ledger, card.terminal, direct_session()))
    except (RescueError, ValueError) as error:
        raise Failure(str(error)) from error
    if as_json:
        typer.echo(json.dumps(asdict(done), ensure_ascii=False))
    else:
        _tell(card, done)
    if not done.whole:
        raise Failure("not everything on this card is with the ledger: see above")


def _tell(card: Card, done: Rescued) -> None:
    typer.echo(f"{done.terminal}: {len(card.batches)} batches on the card")
    if card.formed:
        typer.echo(f"  {card.formed} events were in no batch yet and were signed now")
    typer.echo(f"  {done.sent} batches brought, {done.fresh} events new to the ledger")
    typer.echo(f"  the ledger has all events up to {done.watermark}")
    if done.forks:
        typer.echo(f"  {done.forks} batches contradict others of this name and were set aside")
    if card.unreadable:
        typer.echo(
            f"  batches {', '.join(map(str, card.unreadable))} cannot be read from this card"
        )
    if card.loose:
        typer.echo(f"  {card.loose} events are in no batch, and there is no key to sign one with")
