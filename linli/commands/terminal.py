"""`linli terminal`: what is set up at a terminal for those who look after it."""

from __future__ import annotations

import queue
import secrets
from pathlib import Path
from typing import Annotated

import typer

from linli.commands import enrolling, rescuing, updating
from linli.commands.board_firmware import update_firmware
from linli.commands.doctor import doctor
from linli.commands.failure import Failure
from linli.commands.terminal_board import board
from linli.devices.readers.base import CardSeen, ReaderState
from linli.devices.readers.pn532 import Pn532
from linli.kiosk.maintenance import cards, pin

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Maintenance of one terminal.")
app.command("doctor")(doctor)
app.command("enrol")(enrolling.enrol)
app.command("rescue")(rescuing.rescue)
app.command("update")(updating.update)
app.command()(board)
app.command("update-firmware")(update_firmware)
WAIT_S = 60.0
SHORTEST_UID, LONGEST_UID = 4, 10
"""ISO/IEC 14443-3."""


@app.command("maintainer-card")
def maintainer_card(
    uid: Annotated[
        str | None, typer.Option("--uid", help="The card's UID in hexadecimal, if it is known.")
    ] = None,
    reader: Annotated[
        Path | None, typer.Option("--reader", help="Else: the PN532 to lay the card on.")
    ] = None,
) -> None:
    """Print the line for `maintainer_cards` in terminal.toml: that card opens the PIN pad of the
    hidden menu when it is laid on the reader at the resting screen.

    Take a card of its own: a resident's card in this list does not check in any more. The kiosk
    must not hold the reader meanwhile."""
    typer.echo(f'"{cards.line_for(_uid(uid, reader), secrets.token_bytes(cards.SALT_BYTES))}",')


@app.command("maintenance-pin")
def maintenance_pin() -> None:
    """Ask for six digits, twice, and print the setting `maintenance_pin` for terminal.toml."""
    given = typer.prompt("PIN", hide_input=True, confirmation_prompt=True, err=True)
    try:
        typer.echo(f'maintenance_pin = "{pin.hashed(given)}"')
    except pin.PinError as error:
        raise Failure(str(error)) from error


def _uid(text: str | None, reader: Path | None) -> bytes:
    if text is None and reader is None:
        raise Failure("say which card: --uid, or --reader and lay it there")
    try:
        found = bytes.fromhex(text) if text is not None else _tapped(reader or Path())
    except ValueError as error:
        raise Failure(f"{text} is no UID: it is written in hexadecimal") from error
    if not SHORTEST_UID <= len(found) <= LONGEST_UID:
        raise Failure(f"a UID has {SHORTEST_UID} to {LONGEST_UID} bytes, this has {len(found)}")
    return found


def _tapped(path: Path) -> bytes:
    """The UID of the next card on that reader."""
    seen: queue.Queue[CardSeen | ReaderState] = queue.Queue()
    if not path.exists():
        raise Failure(f"there is no {path}: is the reader plugged in?")
    reader = Pn532("reader", path)
    reader.start(seen.put)
    typer.echo("Lay the card on the reader.", err=True)
    try:
        while True:
            found = seen.get(timeout=WAIT_S)
            if isinstance(found, CardSeen):
                break
    except queue.Empty:
        raise Failure(f"no card was seen on {path} within a minute") from None
    finally:
        reader.close()
    if found.random_uid:
        raise Failure("this is a phone or a card that changes its number: take another")
    return found.uid
