"""`linli ledger standard …`: adjust the points standard, publish it, print what changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from linli.commands.clocks import ClockOption, chosen
from linli.commands.failure import Failure
from linli.commands.ledger_database import DatabaseOption, open_or_fail
from linli.commands.printing import OutOption, write
from linli.ledger.database import reading
from linli.ledger.documents.model import DocumentError
from linli.ledger.documents.render import pdf
from linli.ledger.standard.change_file import parse_changes
from linli.ledger.standard.drafting import draft, newest_version, put_change
from linli.ledger.standard.faults import AdjustError
from linli.ledger.standard.history import Step, adjusted_in, steps
from linli.ledger.standard.publishing import publish
from linli.ledger.standard.sets import read_set, read_sets
from linli.ledger.standard.sheet import adjustment_sheet
from linli.ledger.standard.wording import FIELDS, value_words

app = typer.Typer(
    help="Adjustments of the points standard.", no_args_is_help=True, add_completion=False
)
ByOption = Annotated[str, typer.Option("--by", help="Who does it.")]
SetArgument = Annotated[str, typer.Argument(help="An adjustment, such as 2026-12-1.")]


@app.command()
def adjust(
    file: Annotated[Path, typer.Argument(help="A YAML file of changes, old and new.")],
    database: DatabaseOption,
    by: ByOption,
    clock: ClockOption = None,
) -> None:
    """Make a draft of a month's changes; nothing is in force before it is published."""
    with _in_words(open_or_fail(database)) as engine, engine.begin() as connection:
        found = parse_changes(_read(file), newest_version(connection))
        id_ = draft(connection, found.month, found.effective_on, by, chosen(clock).now())
        for entry in found.entries:
            put_change(connection, id_, entry.change, entry.reason)
    typer.echo(f"draft {id_}: {len(found.entries)} changes from {found.effective_on}")


@app.command("publish")
def publish_set(
    id_: SetArgument, database: DatabaseOption, by: ByOption, clock: ClockOption = None
) -> None:
    """Make a draft the next version of the standard, for good."""
    with _in_words(open_or_fail(database)) as engine, engine.begin() as connection:
        seen = read_set(connection, id_).seen
        doc = publish(connection, id_, seen, by, chosen(clock).now())
    typer.echo(f"version {doc.version} from {doc.effective_from}")


@app.command("list")
def list_(
    database: DatabaseOption,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Every version with what it changed, how much was adjusted in each year, and the drafts."""
    with _in_words(open_or_fail(database)) as engine, reading(engine) as connection:
        found = steps(connection)
        drafts = [one for one in read_sets(connection) if one.version is None]
    years = sorted({step.doc.effective_from.year for step in found})
    if as_json:
        told = {
            "versions": [_plain(step) for step in found],
            "years": {
                str(year): {"items": count.items, "entries": count.entries}
                for year in years
                for count in (adjusted_in(year, found),)
            },
            "drafts": [one.id for one in drafts],
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for step in found:
        typer.echo(f"{step.doc.version} from {step.doc.effective_from}")
        for line in _lines(step):
            typer.echo(f"  {line}")
    for year in years:
        count = adjusted_in(year, found)
        typer.echo(f"{year}: {count.items} items and {count.entries} entries adjusted")
    for one in drafts:
        typer.echo(f"draft {one.id}: {len(one.entries)} changes from {one.effective_on}")


@app.command()
def sheet(
    id_: SetArgument,
    database: DatabaseOption,
    scope: Annotated[str, typer.Option("--scope", help="Where it is put up: street, community.")],
    issuer: Annotated[str, typer.Option("--issuer", help="Who signs it.")],
    out: OutOption,
    clock: ClockOption = None,
) -> None:
    """Print the notice of a published adjustment (PDF)."""
    with _in_words(open_or_fail(database)) as engine, reading(engine) as connection:
        found = adjustment_sheet(connection, id_, scope, issuer, chosen(clock).now())
        write(out / f"adjustment-{scope}-{id_}.pdf", pdf(found))


def _plain(step: Step) -> dict[str, object]:
    return {
        "version": step.doc.version,
        "effective_from": step.doc.effective_from.isoformat(),
        "adjustment": None if step.of is None else step.of.id,
        "changes": [
            {
                "code": entry.change.code,
                "field": entry.change.field.value,
                "old": value_words(entry.change.field, entry.change.old),
                "new": value_words(entry.change.field, entry.change.new),
                "reason": entry.reason,
            }
            for entry in step.entries
        ],
    }


def _lines(step: Step) -> Iterator[str]:
    for entry in step.entries:
        one = entry.change
        words = (value_words(one.field, value) for value in (one.old, one.new))
        why = f"（{entry.reason}）" if entry.reason else ""
        yield f"{one.code} {FIELDS[one.field]}: {' → '.join(words)}{why}"


def _read(file: Path) -> str:
    """Raises Failure."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{file} cannot be read: {error}") from error


@contextmanager
def _in_words(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    except (AdjustError, DocumentError, OSError) as error:
        raise Failure(str(error)) from error
