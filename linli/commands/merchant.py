"""`linli ledger merchant …`: what a month came to for a merchant."""

from __future__ import annotations

from typing import Annotated

import typer

from linli.commands.clocks import ClockOption, chosen
from linli.commands.failure import Failure
from linli.commands.ledger_database import DatabaseOption, open_or_fail
from linli.commands.printing import OutOption, write
from linli.ledger.database import reading
from linli.ledger.documents.model import DocumentError
from linli.ledger.documents.render import pdf
from linli.ledger.shop.refusals import ShopError
from linli.ledger.shop.settlement import settle, statement
from linli.ledger.shop.workbook import settlement_sheet
from linli.sync.periods import business_day

app = typer.Typer(help="Merchants and their months.", no_args_is_help=True, add_completion=False)


@app.command()
def settlement(
    id_: Annotated[str, typer.Argument(help="The merchant's id.")],
    database: DatabaseOption,
    month: Annotated[str, typer.Option("--month", help="Such as 2026-11.")],
    out: OutOption,
    clock: ClockOption = None,
) -> None:
    """Print what the community owes a merchant for a month (PDF), and each voucher (xlsx)."""
    try:
        with reading(open_or_fail(database)) as connection:
            found = settle(connection, id_, month)
            signed = statement(connection, found, business_day(chosen(clock).now()))
        write(out / f"settlement-{id_}-{month}.pdf", pdf(signed))
        write(out / f"settlement-{id_}-{month}.xlsx", settlement_sheet(found))
    except (ShopError, DocumentError, OSError) as error:
        raise Failure(str(error)) from error
