"""`linli ledger month …`: freeze a month for its notice, print it, seal it; the week's minutes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import Engine

from linli.commands.clocks import ClockOption, chosen
from linli.commands.failure import Failure
from linli.commands.ledger_database import DatabaseOption, open_or_fail
from linli.commands.printing import OutOption, write
from linli.ledger.database import reading
from linli.ledger.documents.model import DocumentError
from linli.ledger.documents.render import pdf, pictures
from linli.ledger.notice.publishing import DAYS, NoticeError, freeze, seal
from linli.ledger.notice.sheets import chat_poster, notice_sheet
from linli.ledger.review.minutes import week_minutes
from linli.ledger.review.weekly import ReviewError
from linli.ledger.standard.versions import StandardShelf

app = typer.Typer(
    help="A month's notice and a week's minutes.", no_args_is_help=True, add_completion=False
)
ScopeOption = Annotated[str, typer.Option("--scope", help="The community's id.")]
MonthOption = Annotated[str, typer.Option("--month", help="Such as 2026-11.")]


@app.command("freeze")
def freeze_month(
    database: DatabaseOption,
    scope: ScopeOption,
    month: MonthOption,
    days: Annotated[int, typer.Option("--days", help="How long the notice hangs.")] = DAYS,
    clock: ClockOption = None,
) -> None:
    """Put up the notice of a month that is over."""
    with _in_words(open_or_fail(database)) as engine, engine.begin() as connection:
        made = freeze(connection, scope, month, chosen(clock).now(), days)
    typer.echo(f"{month} in {scope} hangs until {made.until:%Y-%m-%d}")


@app.command("seal")
def seal_month(
    database: DatabaseOption, scope: ScopeOption, month: MonthOption, clock: ClockOption = None
) -> None:
    """Let the month's points be spent: its notice has hung out and objections are answered."""
    with _in_words(open_or_fail(database)) as engine, engine.begin() as connection:
        seal(connection, scope, month, chosen(clock).now())
    typer.echo(f"{month} in {scope} is sealed")


@app.command()
def sheets(
    database: DatabaseOption,
    scope: ScopeOption,
    month: MonthOption,
    url: Annotated[str, typer.Option("--url", help="Where anybody checks the record.")],
    issuer: Annotated[str, typer.Option("--issuer", help="Who signs the notice.")],
    out: OutOption,
) -> None:
    """Print the notice for the wall (PDF) and the poster for the chat (PNG)."""
    with _in_words(open_or_fail(database)) as engine, reading(engine) as connection:
        standards = StandardShelf().read(connection)
        sheet = notice_sheet(connection, scope, month, standards, issuer, url)
        poster = chat_poster(connection, scope, month, url)
        write(out / f"notice-{scope}-{month}.pdf", pdf(sheet))
        write(out / f"poster-{scope}-{month}.png", pictures(poster)[0])


@app.command()
def minutes(
    database: DatabaseOption,
    scope: ScopeOption,
    week: Annotated[str, typer.Option("--week", help="Such as 2026-W48.")],
    place: Annotated[str, typer.Option("--place", help="Where the panel met.")],
    out: OutOption,
) -> None:
    """Print the minutes of a week's review (PDF)."""
    with _in_words(open_or_fail(database)) as engine, reading(engine) as connection:
        standards = StandardShelf().read(connection)
        found = week_minutes(connection, scope, week, standards, place)
        write(out / f"minutes-{scope}-{week}.pdf", pdf(found))


@contextmanager
def _in_words(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    except (NoticeError, ReviewError, DocumentError, OSError) as error:
        raise Failure(str(error)) from error
