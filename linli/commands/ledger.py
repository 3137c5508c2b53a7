"""`linli ledger …`: check the central ledger, look at what was parked; serving.py runs it."""

from __future__ import annotations

import datetime as dt
import importlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from linli.commands import (
    award,
    calendar,
    copies,
    following,
    merchant,
    month,
    record,
    staff,
    standard,
)
from linli.commands.clocks import chosen
from linli.commands.failure import Failure
from linli.commands.ledger_database import DatabaseOption, open_or_fail
from linli.ledger.audit.verify import verify as find_difference
from linli.ledger.ingest.parking import Parked, list_parked
from linli.ledger.ingest.rescoring import adopt
from linli.ledger.ingest.retrying import retry as retry_after_all
from linli.ledger.standard.document import StandardError, parse_standard
from linli.ledger.standard.versions import StandardShelf

SERVING = ("serve", "ingest")
"""Those that run: they need every room and all pages, and only who calls them waits for these."""


class Commands(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        return [*SERVING, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in SERVING:
            return super().get_command(ctx, cmd_name)
        serving = importlib.import_module("linli.commands.serving")
        return typer.main.get_group(serving.app).get_command(ctx, cmd_name)


app = typer.Typer(
    cls=Commands, help="The central points ledger.", no_args_is_help=True, add_completion=False
)
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


@app.command()
def verify(database: DatabaseOption, as_json: JsonOption = False) -> None:
    """Derive every balance again from transfers and events; name the first difference."""
    difference = find_difference(open_or_fail(database))
    if as_json:
        found = None if difference is None else str(difference)
        typer.echo(json.dumps({"ok": difference is None, "difference": found}, ensure_ascii=False))
    elif difference is None:
        typer.echo("the ledger is what its events make it")
    if difference is not None:
        raise Failure(str(difference))


@app.command()
def parked(
    database: DatabaseOption,
    retry: Annotated[
        bool, typer.Option("--retry", help="First take what has become known since.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what was set aside and why."""
    engine = open_or_fail(database)
    if retry:
        taken = retry_after_all(engine, StandardShelf(), chosen(None).now())
        typer.echo(f"taken after all: {taken}", err=True)
    with engine.connect() as connection:
        found = list_parked(connection)
    if as_json:
        typer.echo(json.dumps([_plain(entry) for entry in found], ensure_ascii=False))
        return
    for entry in found:
        typer.echo(_line(entry))
    typer.echo(f"{len(found)} parked", err=True)


@app.command("import-standard")
def import_standard(
    file: Annotated[Path, typer.Argument(help="A YAML file like assets/points-standard.yaml.")],
    database: DatabaseOption,
) -> None:
    """Take a version of the points standard; deeds done from its first day on are scored by it."""
    try:
        doc = parse_standard(file.read_text(encoding="utf-8"))
        with open_or_fail(database, make=True).begin() as connection:
            fresh = adopt(connection, doc, chosen(None).now())
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{file} cannot be read: {error}") from error
    except StandardError as error:
        raise Failure(f"{file}: {error}") from error
    items = sum(len(class_.items) for class_ in doc.classes)
    state = "taken" if fresh else "was there already"
    typer.echo(
        f"version {doc.version} from {doc.effective_from}: {len(doc.classes)} classes,"
        f" {items} items, {state}"
    )


@app.command()
def checkpoint(
    database: DatabaseOption,
    key: record.KeyFile,
    origin: Annotated[str, typer.Option("--origin", help="The log's name, such as a host's.")],
) -> None:
    """Put what was posted since into the public record and sign its state."""
    record.checkpoint(open_or_fail(database), key, origin)


@app.command()
def cosign(
    url: record.Url,
    log_key: Annotated[str, typer.Option("--log-key", help="The log's public key.")],
    key: record.KeyFile,
    name: Annotated[str, typer.Option("--name", help="Whose word it is.")],
    seen: Annotated[Path, typer.Option("--seen", help="The checkpoint cosigned last, kept here.")],
    checkpoint: Annotated[
        Path | None, typer.Option("--checkpoint", help="The file to cosign; else the newest one.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where it is written, to be uploaded by a browser.")
    ] = None,
    database: Annotated[
        str | None, typer.Option("--database", help="Put it there at once, without a browser.")
    ] = None,
) -> None:
    """Stand by a checkpoint, if the record only grew since the last time."""
    if (out is None) == (database is None):
        raise typer.BadParameter("say where the cosignature goes: --out FILE, or --database")
    made = record.cosign(url, log_key, key, name, seen, checkpoint)
    if database is not None:
        record.put_under(open_or_fail(database), made, name, key)
    elif out is not None:
        record.write_out(out, made)
    record.keep_seen(seen, made)


app.command("audit")(record.audit_record)
app.command()(following.trace)
app.command()(copies.backup)
app.command()(copies.restore)
app.add_typer(month.app, name="month")
app.add_typer(calendar.app, name="calendar")
app.add_typer(staff.app, name="staff")
app.add_typer(standard.app, name="standard")
app.add_typer(award.app, name="award")
app.add_typer(merchant.app, name="merchant")


def _plain(entry: Parked) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, dt.datetime) else value
        for name, value in asdict(entry).items()
    }


def _line(entry: Parked) -> str:
    event = f" event {entry.seq}" if entry.seq is not None else ""
    times = f", {entry.count} times" if entry.count > 1 else ""
    when = entry.last_at.isoformat(sep=" ", timespec="seconds")
    words = f"{when}  {entry.terminal}{event}  {entry.reason}: {entry.detail}{times}"
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in words)
