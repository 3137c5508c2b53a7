"""The keys of personal data as the commands open them."""

from __future__ import annotations

from pathlib import Path

from linli.commands.clocks import chosen
from linli.commands.failure import Failure
from linli.ledger.people.key_file import load_or_make
from linli.ledger.people.vault import KeyRing, VaultError
from linli.sync.periods import business_day


def key_ring(path: Path) -> KeyRing:
    """Raises Failure."""
    try:
        return load_or_make(path, business_day(chosen(None).now()))
    except (VaultError, OSError) as error:
        raise Failure(f"the keys of personal data cannot be used: {error}") from error
