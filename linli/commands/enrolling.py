"""`linli terminal enrol`: a new terminal or board comes in, from a shell."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import segno
import typer

from linli.commands.failure import Failure
from linli.kiosk.enrolling.newcomer import Newcomer, NewcomerError, Step, newcomer_at
from linli.kiosk.flows.enrol_views import EnrolStage
from linli.kiosk.maintenance.wiring import fingerprint
from linli.kiosk.network.connection import KEY_FILES
from linli.kiosk.settings import BoardSettings, TerminalSettings

SAID = {
    EnrolStage.NOT_REACHED: "the ledger is not reached, asking again: {detail}",
    EnrolStage.TOO_OFTEN: "too many newcomers at this address, asking again in a minute",
    EnrolStage.REFUSED: "a maintainer refused this newcomer; asking again, if that was wrong",
    EnrolStage.KNOWN_KEY: (
        "this key is a registered terminal's: is this a copied card? Delete {key} to come in as"
        " another"
    ),
    EnrolStage.NOT_SAVED: "confirmed, but not saved here, trying again: {detail}",
}


def enrol(
    ledger: Annotated[str, typer.Option("--ledger", help="Its address, https://…")],
    settings: Annotated[Path, typer.Option("--settings", help="The settings file to write.")],
    data: Annotated[Path, typer.Option("--data", help="Where key and database are kept.")] = Path(
        "/var/lib/linli"
    ),
    board: Annotated[bool, typer.Option("--board", help="A community board.")] = False,
    place: Annotated[
        str, typer.Option("--place", help="Where it stands, for the maintainer to see.")
    ] = "",
    websockets: Annotated[
        bool, typer.Option("--websockets", help="Behind a firewall that lets HTTPS alone out.")
    ] = False,
    releases: Annotated[
        str, typer.Option("--releases", help="Where new versions come from, https://…")
    ] = "",
) -> None:
    """Show a claim code until a maintainer has typed it in the console, then write the settings
    file. It may be stopped and started again at any time."""
    try:
        newcomer = newcomer_at(
            ledger,
            settings,
            data,
            board=board,
            place=place,
            websockets=websockets,
            releases=releases,
        )
    except NewcomerError as error:
        raise Failure(str(error)) from error
    key_file = data / KEY_FILES[BoardSettings if board else TerminalSettings]
    shown = fingerprint(newcomer.client.key.public_key().public_bytes_raw())
    done = follow(newcomer, lambda step: typer.echo(_said(step, shown, key_file), err=True))
    typer.echo(f"enrolled as {done.name} ({done.place}): {settings}")


def follow(newcomer: Newcomer, tell: Callable[[Step], None]) -> Step:
    """Until it is enrolled; `tell` hears what changed."""
    last: Step | None = None
    while True:
        step = newcomer.step()
        if step != last:
            tell(step)
        last = step
        if step.again_s is None:
            return step
        time.sleep(step.again_s)


def _said(step: Step, shown: str, key_file: Path) -> str:
    match step.stage:
        case EnrolStage.WAITING:
            drawn = _drawn(step.url) if sys.stderr.isatty() else ""
            return f"{drawn}code  {step.code}\nkey   {shown}\ntype it at {step.url}"
        case EnrolStage.ENROLLED:
            return "confirmed"
        case _:
            return SAID[step.stage].format(detail=step.detail, key=key_file)


def _drawn(url: str) -> str:
    out = io.StringIO()
    segno.make_qr(url, error="l").terminal(out=out, compact=True)
    return out.getvalue()
