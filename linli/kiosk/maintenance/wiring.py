"""The maintainer's menu of a real terminal: what it is called, whom it asks, what it tries."""

from __future__ import annotations

import threading
from collections.abc import Callable

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.kiosk.maintenance.maintenance import Keys
from linli.kiosk.settings import TerminalSettings

REACH_S = 5.0


def keys_of(settings: TerminalSettings, key: Ed25519PrivateKey) -> Keys:
    return Keys(
        cards=tuple(settings.maintainer_cards),
        pin=settings.maintenance_pin,
        name=settings.name,
        fingerprint=fingerprint(key.public_key().public_bytes_raw()),
    )


def fingerprint(public_key: bytes) -> str:
    """Its beginning, in groups to be compared by eye with the key registered at the ledger."""
    text = public_key.hex()[:16]
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def reach(url: str, then: Callable[[bool], None]) -> None:
    """Asks the ledger for a sign of life, on a thread of its own, and tells it from there."""

    def ask() -> None:
        try:
            there = requests.get(f"{url.rstrip('/')}/healthz", timeout=REACH_S).ok
        except requests.RequestException:
            there = False
        then(there)

    threading.Thread(target=ask, name="reach", daemon=True).start()
