"""Wrong PINs of maintainers, in terminal.db: a restart forgets none."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from linli.kiosk.maintenance.tries import Tries
from linli.kiosk.store.moments import moment_or_none, text_or_none
from linli.kiosk.store.saving import Saving, Writing
from linli.kiosk.store.schema import maintenance_try


class PinTries:
    """One row, or none. Both raise NotSavedError."""

    def __init__(self, saving: Saving) -> None:
        self._saving = saving

    def read(self) -> Tries:
        rows = self._saving.read(select(maintenance_try))
        return Tries(rows[0].wrong, moment_or_none(rows[0].last_at)) if rows else Tries()

    def write(self, tries: Tries) -> None:
        def put(writing: Writing) -> None:
            writing.connection.execute(delete(maintenance_try))
            if tries.wrong:
                row = {"id": 1, "wrong": tries.wrong, "last_at": text_or_none(tries.last_at)}
                writing.connection.execute(insert(maintenance_try).values(row))

        self._saving.write(put)
