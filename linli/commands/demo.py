"""`linli demo`: the whole town on one machine."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Annotated

import typer

from linli.commands.failure import Failure
from linli.town.demo import Plan, open_pages, open_town, play_day
from linli.town.programs import TownError
from linli.town.report import Report, Spread

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="Play a seeded day on a virtual screen.")
    ] = False,
    pages: Annotated[
        bool, typer.Option("--pages", help="Stay open without a display, for the web pages.")
    ] = False,
    taps: Annotated[int, typer.Option("--taps", min=20, max=5000, help="Cards laid down.")] = 60,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same day.")] = 1,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as one JSON object, last line.")
    ] = False,
    upkeep: Annotated[
        bool,
        typer.Option(help="Five more terminals, which two maintainers look after (a minute more)."),
    ] = True,
    out: Annotated[Path, typer.Option("--out", help="Where pictures go.")] = Path("out/demo"),
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Where disks and logs go after a played day.")
    ] = None,
) -> None:
    """Start ledger, broker, terminal, board and 300 people with cards; no hardware.

    Without a display a seeded Saturday is played: taps, and people who look, object and redeem."""

    def say(line: str) -> None:
        typer.echo(line, err=True)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # However it is told to end (Ctrl-C, a closed window, kill), it takes its children along.
        signal.signal(number, signal.default_int_handler)
    try:
        if pages:
            open_pages(seed, say)
        if not headless and _has_display():
            open_town(seed, say)
            return
        result = play_day(Plan(taps, seed, out, keep, upkeep), say)
    except (TownError, OSError) as error:
        raise Failure(str(error)) from error
    except KeyboardInterrupt:
        say("stopped; everything that was started has ended")
        raise typer.Exit(130) from None
    typer.echo(errands_table(result))
    if result.upkeep:
        typer.echo(upkeep_table(result))
    typer.echo(table(result, out))
    say("To visit the pages of clerk, panel, merchant and residents: linli demo --pages")
    if as_json:
        typer.echo(result.as_json())
    if not result.good:
        raise Failure("the day did not come out right: see the table above")


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def table(result: Report, out: Path) -> str:
    """The report in plain words."""
    rows = [
        ("taps on the reader", str(result.taps)),
        ("events committed at the terminal", str(result.committed)),
        ("events applied at the ledger", str(result.applied)),
        ("duplicates", str(result.duplicates)),
        ("lost", str(result.lost)),
        ("deeds done, points (pending review)", f"{result.deeds}, {result.points}"),
        ("cards nobody knows (counted only)", str(result.unknown_cards)),
        ("tap → committed", _times(result.tap_commit_ms)),
        ("tap → first frame", _times(result.tap_frame_ms)),
        ("tap → board moved (outside cuts)", _times(result.tap_board_ms)),
        *_books(result),
        ("ledger verifies", "yes" if result.ledger_ok else "NO"),
        ("pictures", str(out)),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"  {name.ljust(width)}  {value}" for name, value in rows)


def errands_table(result: Report) -> str:
    """What was done at the terminal beside checking in, and how it ended."""
    rows = [("what was done", "who", "network", "how it ended", "")]
    for one in result.errands:
        good = "as expected" if one.ok else f"NOT AS EXPECTED: {one.expected}"
        rows.append((one.errand, one.who, one.line, one.outcome, good))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def upkeep_table(result: Report) -> str:
    """How the terminals were looked after from the console."""
    lines = ["looked after from the console:"]
    for one in result.upkeep:
        good = "as expected" if one.ok else f"NOT AS EXPECTED: {one.expected}"
        lines += [f"  {one.who} {one.step}", f"    {one.outcome} – {good}"]
    return "\n".join(lines)


def _books(result: Report) -> list[tuple[str, str]]:
    """What the errands came to in the ledger's books."""
    came = result.books
    if came is None:
        return []
    return [
        ("points spent, given back", f"{came.points_spent}, {came.points_given_back}"),
        ("orders handed out", str(came.handed_out)),
        ("vouchers used", str(came.vouchers_used)),
        ("objections, words on names", f"{came.objections}, {came.consents}"),
        ("doors that staff have to look at", str(came.doors_to_look_at)),
    ]


def _times(spread: Spread | None) -> str:
    if spread is None:
        return "not measured"
    return f"p50 {spread.p50:.1f} ms, p99 {spread.p99:.1f} ms"
