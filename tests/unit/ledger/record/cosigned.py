"""The newest checkpoint with a leader's word under it."""

from __future__ import annotations

import datetime as dt

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from linli.ledger.record.cosigning import put_cosignature
from linli.ledger.record.log import newest_note
from linli.sync.record.checkpoint import CosignerKey, cosign


def cosign_newest(
    connection: Connection, name: str, key: Ed25519PrivateKey, now: dt.datetime
) -> None:
    made = cosign(newest_note(connection), name, key, int(now.timestamp()))
    put_cosignature(connection, str(made).encode(), CosignerKey.of(name, key), now)
