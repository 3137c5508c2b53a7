"""`linli ledger award …`: the year's honours, and their certificates."""

from __future__ import annotations

from typing import Annotated

import typer

from linli.commands.clocks import ClockOption, chosen
from linli.commands.failure import Failure
from linli.commands.ledger_database import DatabaseOption, open_or_fail
from linli.commands.printing import OutOption, write
from linli.ledger.awards.deciding import AwardError, certificate
from linli.ledger.awards.reading import candidates
from linli.ledger.awards.rules import Title
from linli.ledger.database import reading
from linli.ledger.documents.model import DocumentError
from linli.ledger.documents.render import pdf
from linli.sync.periods import business_day

app = typer.Typer(help="The annual awards.", no_args_is_help=True, add_completion=False)


@app.command("list")
def list_(
    database: DatabaseOption,
    scope: Annotated[str, typer.Option("--scope", help="The community's id.")],
    year: Annotated[str, typer.Option("--year", help="Such as 2026.")],
) -> None:
    """Who is proposed, best first, and the numbers of the certificates of those chosen."""
    with reading(open_or_fail(database)) as connection:
        found = {title: candidates(connection, scope, year, title) for title in Title}
    for title, proposed in found.items():
        for one in proposed:
            line = f"{title.value:<10} {one.rank:>3}  {one.account:<16} {one.points:>6}"
            typer.echo(f"{line}  {one.number or ''}".rstrip())
    if not any(found.values()):
        typer.echo(f"nobody is proposed in {scope} for {year}", err=True)


@app.command("certificate")
def print_certificate(
    number: Annotated[str, typer.Argument(help="The certificate's number.")],
    database: DatabaseOption,
    name: Annotated[str, typer.Option("--name", help="Whom it honours, in full.")],
    issuer: Annotated[str, typer.Option("--issuer", help="Who signs it.")],
    out: OutOption,
    clock: ClockOption = None,
) -> None:
    """Print the certificate of somebody the panel has chosen (PDF), dated today."""
    try:
        with reading(open_or_fail(database)) as connection:
            today = business_day(chosen(clock).now())
            found = certificate(connection, number, name, issuer, today)
        write(out / f"certificate-{number}.pdf", pdf(found))
    except (AwardError, DocumentError, OSError) as error:
        raise Failure(str(error)) from error
