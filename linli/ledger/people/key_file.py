"""The key ring of personal data as a file: JSON, readable by its owner alone.

`{"current": "2026-11", "keys": {"2026-11": "64 hex digits"}}`. Whoever loses it has lost the
names; whoever copies it together with the database can read them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import secrets
from pathlib import Path

from linli.ledger.people.vault import KEY_SIZE, KeyRing, VaultError
from linli.sync.whole_file import sync_directory, write_whole


def load_or_make(path: Path, today: dt.date) -> KeyRing:
    """The ring kept at `path`, made there the first time. Raises VaultError for a file that holds
    none, OSError."""
    if not path.exists():
        _write(path, {"current": f"{today:%Y-%m}", "keys": {f"{today:%Y-%m}": _new_key()}})
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        keys = {str(name): bytes.fromhex(key) for name, key in kept["keys"].items()}
        return KeyRing(str(kept["current"]), keys)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise VaultError(f"{path} holds no key ring: {error}") from error


def _write(path: Path, ring: dict[str, object]) -> None:
    """Whole or not at all: what half a ring sealed nobody could read again. Where somebody else was
    quicker, theirs stays."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    write_whole(part, json.dumps(ring).encode(), 0o600)
    try:
        with contextlib.suppress(FileExistsError):
            os.link(part, path)
    finally:
        part.unlink()
    sync_directory(path.parent)


def _new_key() -> str:
    return secrets.token_hex(KEY_SIZE)
