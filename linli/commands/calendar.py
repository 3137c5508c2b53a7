"""`linli ledger calendar …`: a community's rhythm, and what is due."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from linli.commands.clocks import ClockOption, chosen
from linli.commands.failure import Failure
from linli.commands.ledger_database import DatabaseOption, open_or_fail
from linli.ledger.cadence.calendar import Calendar
from linli.ledger.cadence.running import CalendarError, Entry, entries, set_calendar
from linli.ledger.database import reading
from linli.ledger.notice.publishing import DAYS

app = typer.Typer(help="What is due when.", no_args_is_help=True, add_completion=False)


@app.command("set")
def set_(
    database: DatabaseOption,
    scope: Annotated[str, typer.Option("--scope", help="The community's id.")],
    first_month: Annotated[str, typer.Option("--first-month", help="The first with a notice.")],
    freeze_day: Annotated[
        int, typer.Option("--freeze-day", help="The day of the next month on which it is frozen.")
    ] = 5,
    notice_days: Annotated[int, typer.Option("--notice-days", help="How long it hangs.")] = DAYS,
    window_days: Annotated[
        int, typer.Option("--window-days", help="How long each quarter is redeemed.")
    ] = 14,
) -> None:
    """Let a community's months run: frozen, shown, sealed, and each quarter redeemed, by
    themselves."""
    wanted = Calendar(scope, first_month, freeze_day, notice_days, window_days)
    try:
        with open_or_fail(database).begin() as connection:
            set_calendar(connection, wanted)
    except CalendarError as error:
        raise Failure(str(error)) from error
    typer.echo(f"{scope}: frozen on day {freeze_day}, shown for {notice_days} days")


@app.command()
def show(
    database: DatabaseOption,
    clock: ClockOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What fell due, what was done, and why something waits; the newest first."""
    with reading(open_or_fail(database)) as connection:
        found = entries(connection, chosen(clock).now())
    if as_json:
        typer.echo(json.dumps([_plain(entry) for entry in found], ensure_ascii=False))
        return
    for entry in found:
        done = f"{entry.done_at:%Y-%m-%d %H:%M}" if entry.done_at else "waits"
        duty = entry.duty
        typer.echo(
            f"{duty.due_at:%Y-%m-%d %H:%M}  {duty.kind.value:<10}  {duty.scope:<16}"
            f"  {duty.period:<10}  {done:<16}  {entry.outcome}"
        )


def _plain(entry: Entry) -> dict[str, str | None]:
    return {
        "kind": entry.duty.kind.value,
        "scope": entry.duty.scope,
        "period": entry.duty.period,
        "due_at": entry.duty.due_at.isoformat(),
        "done_at": entry.done_at.isoformat() if entry.done_at else None,
        "outcome": entry.outcome,
    }
