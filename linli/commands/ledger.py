"""`linli ledger …`: run the central ledger, check it, look at what was parked."""

from __future__ import annotations

import datetime as dt
import json
import signal
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from linli.commands import (
    alerting,
    award,
    calendar,
    copies,
    following,
    gates,
    merchant,
    month,
    record,
    staff,
    standard,
)
from linli.commands.clocks import ClockOption, chosen
from linli.commands.failure import Failure
from linli.commands.ledger_database import DatabaseOption, open_or_fail
from linli.commands.person_keys import key_ring
from linli.ledger.audit.verify import verify as find_difference
from linli.ledger.ingest.parking import Parked, list_parked
from linli.ledger.ingest.rescoring import adopt
from linli.ledger.ingest.retrying import retry as retry_after_all
from linli.ledger.long_lived import spare_what_stays
from linli.ledger.running import LedgerPrograms, Pages, StartError
from linli.ledger.standard.document import StandardError, parse_standard
from linli.ledger.standard.versions import StandardShelf
from linli.ledger.web.site import ISSUER
from linli.sync.record.keys import NoteKey

app = typer.Typer(help="The central points ledger.", no_args_is_help=True, add_completion=False)
BrokerOption = Annotated[str, typer.Option("--broker", help="The MQTT broker, host:port.")]
BrokerFilesOption = Annotated[
    Path | None,
    typer.Option("--broker-files", help="Where `linli broker config` wrote; else no TLS."),
]
MetricsOption = Annotated[
    int | None,
    typer.Option(
        "--metrics-port", min=1, max=65535, help="Figures for Prometheus, on the loopback alone."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


@app.command()
def serve(
    database: DatabaseOption,
    broker: BrokerOption,
    port: Annotated[int, typer.Option("--port", help="Where snapshots are served.")] = 8080,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    record_key: Annotated[
        Path | None,
        typer.Option("--record-key", help="Signs the public record; looks after the calendar."),
    ] = None,
    origin: Annotated[str, typer.Option("--origin", help="The record's name.")] = "linli.local",
    person_keys: Annotated[
        Path | None,
        typer.Option("--person-keys", help="Seals personal data; made if missing. Serves pages."),
    ] = None,
    public_url: Annotated[
        str, typer.Option("--public-url", help="Where people reach the pages.")
    ] = "",
    issuer: Annotated[str, typer.Option("--issuer", help="Who signs notices.")] = ISSUER,
    broker_files: BrokerFilesOption = None,
    authority: gates.AuthorityOption = None,
    authority_passphrase: gates.PassphraseOption = None,
    announce: Annotated[
        str, typer.Option("--announce", help="The broker as terminals reach it, host:port[/ws].")
    ] = "",
    host_name: gates.HostsOption = None,
    broker_group: gates.GroupOption = "",
    smtp: alerting.SmtpOption = "",
    smtp_from: alerting.FromOption = "",
    smtp_user: alerting.UserOption = "",
    smtp_password: alerting.PasswordOption = None,
    webhook_inside: alerting.InsideOption = None,
    metrics_port: MetricsOption = None,
    clock: ClockOption = None,
) -> None:
    """Take events, publish changes, serve snapshots and pages; until it is told to stop."""
    address = _address(broker)
    if person_keys is not None and not public_url:
        raise typer.BadParameter(
            "pages need the address that people reach them at, such as https://points.example",
            param_hint="--public-url",
        )
    signer = None if record_key is None else record.signer(record_key, origin)
    mail = alerting.mail_server(smtp, smtp_from, smtp_user, smtp_password)
    outside = alerting.outside(webhook_inside or [])
    pages = None
    if person_keys is not None:
        pages = Pages(key_ring(person_keys), public_url, issuer, mail, outside)
    opened = None
    if authority is not None:
        opened = gates.authority_from(authority, authority_passphrase, chosen(clock))
    announced = gates.Announced.read(announce) if announce else None
    key = "" if signer is None else str(NoteKey.of(signer.origin, signer.key))
    door = gates.door_of(broker_files, opened, announced, key, host_name or [], broker_group)
    engine = open_or_fail(database, make=True)
    _run(
        LedgerPrograms(
            engine, chosen(clock), address, (host, port), signer, pages, door, metrics_port
        )
    )


@app.command()
def ingest(
    database: DatabaseOption,
    broker: BrokerOption,
    broker_files: BrokerFilesOption = None,
    metrics_port: MetricsOption = None,
    clock: ClockOption = None,
) -> None:
    """Take events too, beside a ledger that is served from the same PostgreSQL; until it is told
    to stop. Each batch comes to one of these workers."""
    if "://" not in database:
        raise typer.BadParameter(
            "several workers need PostgreSQL: a SQLite file is served by one",
            param_hint="--database",
        )
    door = gates.door_of(broker_files, None, None, "", [], "")
    engine = open_or_fail(database)
    _run(
        LedgerPrograms(
            engine, chosen(clock), _address(broker), None, door=door, metrics=metrics_port
        )
    )


def _run(programs: LedgerPrograms) -> None:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    try:
        programs.start()
    except StartError as error:
        raise Failure(str(error)) from error
    spare_what_stays()
    try:
        stopped.wait()
    finally:
        programs.close()


def _address(broker: str) -> tuple[str, int]:
    host, colon, port = broker.rpartition(":")
    if not (colon and host and port.isdigit()):
        raise typer.BadParameter("a broker looks like 127.0.0.1:1883", param_hint="--broker")
    return host, int(port)


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
