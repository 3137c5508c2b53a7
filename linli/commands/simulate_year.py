"""`linli simulate-year`: a district's year through the real ledger."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from linli.commands.failure import Failure
from linli.commands.ledger_database import open_or_fail
from linli.town.year import BrokenLedgerError, SimulatedYear

DISTRICT = 7700
"""People who take part, by the district's own report."""
app = typer.Typer(add_completion=False)


@app.command()
def simulate_year(
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same year.")] = 1,
    people: Annotated[int, typer.Option("--people", min=20, help="Accounts.")] = DISTRICT,
    database: Annotated[
        str | None,
        typer.Option("--database", help="Keep the ledger: an empty SQLite file or PostgreSQL."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, last.")] = False,
) -> None:
    """Live a year: taps, weekly reviews, monthly notices with objections, redemption windows,
    awards; the books are checked at each month's end and the whole ledger at the year's."""
    with tempfile.TemporaryDirectory(prefix="linli-year-") as directory:
        engine = open_or_fail(database or str(Path(directory) / "ledger.db"), make=True)
        year = SimulatedYear(engine, seed, people, lambda line: typer.echo(line, err=True))
        try:
            report = year.run()
        except BrokenLedgerError as error:
            raise Failure(str(error)) from error
        finally:
            engine.dispose()
    if as_json:
        typer.echo(json.dumps(asdict(report)))
        return
    for name, value in asdict(report).items():
        typer.echo(f"{name.replace('_', ' '):<18} {value}")
