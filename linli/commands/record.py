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
from linli.ledger.record.log import RecordError, add_cosignature, make_checkpoint
from linli.ledger.record.remote import UnreachableError, over_http
from linli.sync.record.checkpoint import Checkpoint, CosignerKey, parse_checkpoint
from linli.sync.record.keys import NoteError, NoteKey
from linli.sync.record.leaves import SALT_SIZE
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
    except (MalformedError, OSError) as error:
        raise Failure(str(error)) from error


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


def cosign(engine: Engine, url: str, log_key: str, key: Path, name: str, seen: Path) -> None:
    """The panel's leader stands by the newest checkpoint, if it grew from the one seen last."""
    try:
        private = load_or_make_key(key)
        source = over_http(url, requests.Session())
        now = open_checkpoint(source.checkpoint(), Keys(NoteKey.parse(log_key))).checkpoint
        before = _read(seen)
        if before is not None:
            check_growth(before, now, source.consistency)
        with engine.begin() as connection:
            add_cosignature(connection, now.size, name, private, chosen(None).now())
    except (AuditError, RecordError, NoteError, MalformedError, OSError) as error:
        raise Failure(f"not cosigned: {error}") from error
    _keep(seen, now)
    typer.echo(f"cosigned {now.size} leaves; public key: {CosignerKey.of(name, private)}")


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
    """Raises NoteError for a file that is no checkpoint."""
    if path is None or not path.exists():
        return None
    return parse_checkpoint(path.read_text(encoding="utf-8"))


def _keep(path: Path, checkpoint: Checkpoint) -> None:
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(str(checkpoint), encoding="utf-8")
    beside.replace(path)
