"""`linli ledger serve` and `ingest`: the programs that run until they are told to stop."""

from __future__ import annotations

import signal
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from linli.commands import alerting, record
from linli.commands.clocks import ClockOption, chosen
from linli.commands.failure import Failure
from linli.commands.gates import (
    AuthorityOption,
    GroupOption,
    HostsOption,
    PassphraseOption,
    all_hosts,
    authority_from,
)
from linli.commands.ledger_database import DatabaseOption, open_or_fail
from linli.commands.person_keys import key_ring
from linli.ledger.broker.access_lists import LEDGER, group_of
from linli.ledger.broker.files import PASSWORD, BrokerFiles, read_password
from linli.ledger.broker.mosquitto import AUTHORITY as AUTHORITY_FILE
from linli.ledger.ingest.service import GROUP
from linli.ledger.long_lived import spare_what_stays
from linli.ledger.running import Door, LedgerPrograms, Pages, StartError
from linli.ledger.terminals.authority import Authority
from linli.ledger.web.enrolling import Gate
from linli.ledger.web.site import ISSUER
from linli.sync.access import PLAIN, Access
from linli.sync.record.keys import NoteKey

app = typer.Typer(no_args_is_help=True, add_completion=False)
HIGHEST_PORT = 65535
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


@app.command()
def serve(
    database: DatabaseOption,
    broker: BrokerOption,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where snapshots are served.")
    ] = 8080,
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
    authority: AuthorityOption = None,
    authority_passphrase: PassphraseOption = None,
    announce: Annotated[
        str,
        typer.Option(
            "--announce", help="The broker as terminals reach it, host:port or host:port/ws."
        ),
    ] = "",
    host_name: HostsOption = None,
    broker_group: GroupOption = "",
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
        opened = authority_from(authority, authority_passphrase, chosen(clock))
    announced = Announced.read(announce) if announce else None
    key = "" if signer is None else str(NoteKey.of(signer.origin, signer.key))
    door = door_of(broker_files, opened, announced, key, host_name or [], broker_group)
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
    door = door_of(broker_files, None, None, "", [], "")
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
    if not (colon and host and port.isdecimal() and 0 < int(port) <= HIGHEST_PORT):
        raise typer.BadParameter("a broker looks like 127.0.0.1:1883", param_hint="--broker")
    return host, int(port)


@dataclass(frozen=True)
class Announced:
    """Where terminals find the broker: what newcomers are told."""

    host: str
    port: int
    websockets: int = 0

    @classmethod
    def read(cls, text: str) -> Announced:
        """`points.example:8883`, with `/443` for WebSockets. Raises BadParameter."""
        address, _, websockets = text.partition("/")
        host, _, port = address.rpartition(":")
        if not (host and port.isdigit() and (not websockets or websockets.isdigit())):
            raise typer.BadParameter(
                "it looks like points.example:8883, or points.example:8883/443 with WebSockets",
                param_hint="--announce",
            )
        return cls(host, int(port), int(websockets or 0))


def door_of(
    directory: Path | None,
    authority: Authority | None,
    announced: Announced | None,
    record_key: str,
    hosts: list[str],
    group: str,
) -> Door:
    """`directory` holds the broker's files. Raises Failure."""
    access, share = _access(directory)
    files = None
    if directory is not None and authority is not None:
        known = hosts or ([announced.host] if announced is not None else [])
        files = BrokerFiles(directory, authority, chosen(None), tuple(all_hosts(known)), group)
    gate = None
    if announced is not None:
        gate = Gate(authority, announced.host, announced.port, announced.websockets, record_key)
    return Door(access, share, gate, files)


def _access(directory: Path | None) -> tuple[Access, str]:
    if directory is None:
        return PLAIN, GROUP
    try:
        password = read_password(directory / PASSWORD)
    except OSError as error:
        raise Failure(
            f"{directory} holds no broker's files: run `linli broker config {directory}` first"
            f" ({error.strerror})"
        ) from error
    authority = directory / AUTHORITY_FILE
    return Access(authority=authority, user=LEDGER, password=password), group_of(password)
