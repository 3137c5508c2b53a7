"""Pictures of wares, for terminals and phones: each is known by its digest and never changes."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection, select

from linli.ledger.database import upsert
from linli.ledger.feed.wares import tell_ware
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import ware_picture
from linli.ledger.shop.wares import read_ware

LONGEST_SIDE = 480
"""Pixels: as large as a terminal shows one."""


def put_picture(connection: Connection, ware: str, jpeg: bytes, now: dt.datetime) -> str:
    """It is the ware's picture from now on; returns its digest. `jpeg` was made by
    `declarations.photos`, from whatever was sent. Raises ShopError."""
    if read_ware(connection, ware) is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"there is no ware {ware}")
    digest = hashlib.sha256(jpeg).hexdigest()
    upsert(connection, ware_picture, [{"ware": ware, "digest": digest, "jpeg": jpeg}])
    tell_ware(connection, ware, now)
    return digest


def digests(connection: Connection, wares: Sequence[str]) -> dict[str, str]:
    """Of those of these wares that have a picture."""
    query = select(ware_picture.c.ware, ware_picture.c.digest).where(ware_picture.c.ware.in_(wares))
    return {row.ware: row.digest for row in connection.execute(query)}


def read_picture(connection: Connection, digest: str) -> bytes | None:
    """The picture with this digest, of whichever ware."""
    query = select(ware_picture.c.jpeg).where(ware_picture.c.digest == digest).limit(1)
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)
