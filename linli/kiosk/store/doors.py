"""Doors that were used here, until the ledger's feed tells of them anew."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select

from linli.kiosk.store.saving import Saving, Writing
from linli.kiosk.store.schema import used_door
from linli.sync.outbox import outbox_table
from linli.sync.statements import upsert

_USE = upsert(used_door)
_USED = select(used_door.c.door, used_door.c.seq, outbox_table.c.seq.label("waits")).select_from(
    used_door.outerjoin(outbox_table, outbox_table.c.seq == used_door.c.seq)
)
_FORGET = delete(used_door).where(
    used_door.c.door == bindparam("which"), used_door.c.seq == bindparam("told")
)


@dataclass(frozen=True)
class UsedDoor:
    """`confirmed`: the ledger has the event that tells of it."""

    door: int
    seq: int
    confirmed: bool


class UsedDoors:
    """Both raise NotSavedError."""

    def __init__(self, saving: Saving) -> None:
        self._saving = saving

    def all(self) -> list[UsedDoor]:
        rows = self._saving.read(_USED)
        return [UsedDoor(row.door, row.seq, row.waits is None) for row in rows]

    def forget(self, used: UsedDoor) -> None:
        """The feed is right about it from now on; nothing happens where it was used again."""
        values = {"which": used.door, "told": used.seq}
        self._saving.write(lambda writing: writing.connection.execute(_FORGET, values))


def use(writing: Writing, door: int, seq: int) -> None:
    """The door was used, as event `seq` tells."""
    writing.connection.execute(_USE, {"door": door, "seq": seq})
