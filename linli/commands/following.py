"""`linli ledger trace`: the way of one tap, with times."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from linli.commands.failure import Failure
from linli.commands.ledger_database import DatabaseOption, open_or_fail
from linli.ledger.database import reading
from linli.ledger.ingest.following import Way, follow


def trace(
    id_: Annotated[str, typer.Argument(metavar="ID", help="32 digits, as the logs have it.")],
    database: DatabaseOption,
    terminal: Annotated[
        str | None, typer.Option("--terminal", help="Look there only, which is quicker.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for a program to read.")
    ] = False,
) -> None:
    """Follow one tap from the card to the feed, by the name that the logs give it."""
    wanted = id_.lower()
    if not re.fullmatch(r"[0-9a-f]{32}", wanted):
        raise typer.BadParameter("a trace id is 32 hexadecimal digits", param_hint="ID")
    with reading(open_or_fail(database)) as connection:
        found = follow(connection, wanted, terminal)
    if as_json:
        typer.echo(json.dumps([asdict(way) for way in found], default=str, ensure_ascii=False))
    else:
        for way in found:
            typer.echo("\n".join(_lines(way)))
    if not found:
        raise Failure(f"no event of the tap {wanted} has arrived, or it is not of the newest")


def _lines(way: Way) -> Iterator[str]:
    clock = "" if way.clock_good else " (its clock was not known to be right)"
    late = ""
    if way.tapped_at is not None:
        late = f", {(way.received_at - way.tapped_at).total_seconds():.1f} s after the tap"
    yield f"{way.terminal} event {way.seq}, {way.type}"
    yield f"  tapped    {way.tapped_at}{clock}"
    yield f"  received  {way.received_at}{late}, in batch {way.batch}"
    why = f"no: {way.reason} {way.parked or ''}"
    yield f"  applied   {'yes' if way.applied else why}"
    for one in way.told:
        state = "published" if one.published else "waits for the broker"
        yield f"  told      {one.scope}/{one.stream} number {one.number}, {state}"
    yield f"  confirmed {'yes' if way.confirmed else 'not yet: an earlier event is missing'}"
