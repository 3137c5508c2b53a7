"""`linli ledger checkpoint`, `cosign` and `audit`: the public record at a shell."""

from __future__ import annotations

import json
import secrets
from functools import partial
from pathlib import Path
from typing import Annotated

import requests
import typer
from sqlalchemy import Engine

from linli.commands.clocks import chosen
from linli.commands.failure import Failure
from linli.ledger.cadence.running import Signer
from linli.ledger.feed.notices import tell_hanging
from linli.ledger.record.audit import AuditError, Keys, audit, check_growth, open_checkpoint
from linli.ledger.record.cosigning import put_cosignature
from linli.ledger.record.log import RecordError, make_checkpoint
from linli.ledger.record.remote import UnreachableError, over_http
from linli.sync.record.checkpoint import Checkpoint, CosignerKey, parse_checkpoint
from linli.sync.record.checkpoint import cosign as record_cosign
from linli.sync.record.keys import NoteError, NoteKey
from linli.sync.record.leaves import SALT_SIZE
from linli.sync.record.notes import Note, parse_note
from linli.sync.signing import MalformedError, load_or_make_key

KeyFile = Annotated[Path, typer.Option("--key", help="The private key's file; made if missing.")]
Url = Annotated[str, typer.Option("--url", help="Where the ledger is served.")]
LogKey = Annotated[
    str, typer.Option("--key", help="The log's public key: name+id+base64, as it is printed.")
]
Seen = Annotated[
    Path | None,
    typer.Option("--seen", help="Keeps the checkpoint between runs: the log must only grow."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def signer(key: Path, origin: str) -> Signer:
    """Raises Failure for a file that holds no key."""
    try:
        return Signer(origin, load_or_make_key(key), partial(secrets.token_bytes, SALT_SIZE))
    except MalformedError as error:
        raise Failure(str(error)) from error
    except OSError as error:
        raise Failure(f"the record's key {key} cannot be used: {error.strerror}") from error


def checkpoint(engine: Engine, key: Path, origin: str) -> None:
    """Put what was posted since into the public record and sign its state."""
    now = chosen(None).now()
    try:
        by = signer(key, origin)
        with engine.begin() as connection:
            made = make_checkpoint(connection, origin, by.key, by.salt, now)
            tell_hanging(connection, now)
    except (NoteError, ValueError) as error:
        raise Failure(f"no checkpoint was made: {error}") from error
    typer.echo(f"{made.size} leaves, root {made.root.hex()}")
    typer.echo(f"public key: {NoteKey.of(origin, by.key)}")


def cosign(
    url: str, log_key: str, key: Path, name: str, seen: Path, checkpoint: Path | None
) -> Note:
    """The panel's leader stands by a checkpoint, this file's or the newest, if it grew from the one
    seen last. Raises Failure."""
    try:
        private = load_or_make_key(key)
        source = over_http(url, requests.Session())
        raw = source.checkpoint() if checkpoint is None else checkpoint.read_bytes()
        now = open_checkpoint(raw, Keys(NoteKey.parse(log_key))).checkpoint
        before = _read(seen)
        if before is not None:
            check_growth(before, now, source.consistency)
        at = int(chosen(None).now().timestamp())
        made = record_cosign(parse_note(raw), name, private, at)
    except (AuditError, NoteError, MalformedError, OSError) as error:
        raise Failure(f"not cosigned: {error}") from error
    typer.echo(f"cosigned {now.size} leaves; public key: {CosignerKey.of(name, private)}")
    return made


def put_under(engine: Engine, made: Note, name: str, key: Path) -> None:
    """Raises Failure where the ledger has no such checkpoint."""
    try:
        by = CosignerKey.of(name, load_or_make_key(key))
        with engine.begin() as connection:
            put_cosignature(connection, str(made).encode(), by, chosen(None).now())
    except RecordError as error:
        raise Failure(f"not cosigned: {error}") from error


def write_out(path: Path, made: Note) -> None:
    """Raises Failure."""
    try:
        path.write_text(str(made), encoding="utf-8")
    except OSError as error:
        raise Failure(f"{path} could not be written: {error}") from error
    typer.echo(f"written to {path}: upload it on the console's page of the record")


def keep_seen(path: Path, made: Note) -> None:
    """The next time, the record must have grown from here."""
    _keep(path, parse_checkpoint(made.text))


def audit_record(
    url: Url,
    key: LogKey,
    cosigner: Annotated[
        list[str] | None, typer.Option("--cosigner", help="A public key that must have cosigned.")
    ] = None,
    seen: Seen = None,
    as_json: JsonOption = False,
) -> None:
    """Check the whole public record, trusting nothing but its public keys."""
    try:
        keys = Keys(NoteKey.parse(key), tuple(CosignerKey.parse(k) for k in cosigner or ()))
        before = _read(seen)
        found = audit(over_http(url, requests.Session()), keys, before)
    except (AuditError, NoteError, UnreachableError) as error:
        if as_json:
            fault = error.fault.value if isinstance(error, AuditError) else None
            typer.echo(json.dumps({"ok": False, "fault": fault, "error": str(error)}))
        raise Failure(str(error)) from error
    if seen is not None:
        _keep(seen, found.checkpoint)
    size, root = found.checkpoint.size, found.checkpoint.root.hex()
    if as_json:
        cosigned = found.cosigned
        typer.echo(json.dumps({"ok": True, "size": size, "root": root, "cosigned": cosigned}))
    else:
        since = "" if before is None else f", grown from the {before.size} seen before"
        typer.echo(f"the record is in order: {size} leaves{since}, root {root}")


def _read(path: Path | None) -> Checkpoint | None:
    """Raises NoteError for a file that is no checkpoint, Failure for one that cannot be read."""
    if path is None or not path.exists():
        return None
    try:
        return parse_checkpoint(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{path} cannot be read as the checkpoint seen last: {error}") from error


def _keep(path: Path, checkpoint: Checkpoint) -> None:
    """Raises Failure."""
    beside = path.with_name(f"{path.name}.new")
    try:
        beside.write_text(str(checkpoint), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise Failure(
            f"{path} was not written, so the next look knows nothing of this one: {error}"
        ) from error
