"""`linli bench`: timings as ratios to a peer, or to a limit, measured in the same run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from linli.benchmarks.figure import Figure
from linli.commands.failure import Failure

app = typer.Typer(add_completion=False)


def _tap() -> list[Figure]:
    from linli.benchmarks.tap import run

    return run()


def _terminal_board() -> list[Figure]:
    from linli.benchmarks.terminal_board import run

    return run()


def _reader() -> list[Figure]:
    from linli.benchmarks.reader import run

    return run()


def _ledger() -> list[Figure]:
    from linli.benchmarks.ledger import run

    return run()


def _ranking() -> list[Figure]:
    from linli.benchmarks.ranking import run

    return run()


def _pages() -> list[Figure]:
    from linli.benchmarks.pages import run

    return run()


def _fleet() -> list[Figure]:
    from linli.benchmarks.fleet import run

    return run()


def _terminal(touches: int | None = None) -> list[Figure]:
    from linli.benchmarks.terminal import TOUCHES, run

    return run(touches or TOUCHES)


BENCHMARKS: dict[str, Callable[[], list[Figure]]] = {
    "tap": _tap,
    "reader": _reader,
    "terminal": _terminal,
    "board": _terminal_board,
    "ledger": _ledger,
    "ranking": _ranking,
    "pages": _pages,
    "fleet": _fleet,
}


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(BENCHMARKS)}.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print a list of figures.")] = False,
    touches: Annotated[
        int | None, typer.Option("--touches", min=100, help="Of terminal: how many, by a seed.")
    ] = None,
) -> None:
    """Measure one part, side by side with its peer."""
    if name not in BENCHMARKS:
        raise typer.BadParameter(f"there is no benchmark {name!r}; try {', '.join(BENCHMARKS)}")
    figures = _terminal(touches) if name == "terminal" else BENCHMARKS[name]()
    if as_json:
        typer.echo(json.dumps([asdict(figure) for figure in figures], ensure_ascii=False))
    else:
        typer.echo(table(figures))
    if not all(figure.ok for figure in figures):
        raise Failure("a goal was missed: see above")


def table(figures: list[Figure]) -> str:
    """The figures as a Markdown table, as the README shows it."""
    lines = ["| what | measured | peer | ratio | goal | |", "|---|---|---|---|---|---|"]
    for f in figures:
        peer = f"{f.peer}: {f.peer_value:g} {f.unit}" if f.peer is not None else "–"
        ratio = f"{f.ratio:g}×" if f.ratio is not None else "–"
        mark = "✓" if f.ok else "missed"
        lines.append(f"| {f.name} | {f.value:g} {f.unit} | {peer} | {ratio} | {f.goal} | {mark} |")
    return "\n".join(lines)
