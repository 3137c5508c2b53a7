"""terminal.db through an update and back: a newer version brings it to its schema, adds to it, is
rolled back; and no event is lost, whichever version the power cut leaves."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doubles.centre import at
from doubles.clock import HandClock
from sqlalchemy import Engine

from linli.kiosk.store import database
from linli.kiosk.store.database import NEWEST, open_database
from linli.kiosk.store.store import TerminalStore
from linli.sync.messages import CheckIn, SignedBatch, Trust
from linli.sync.outbox import Outbox
from linli.sync.parsing import parse
from linli.sync.signing import digest_of
from linli.sync.sqlite import Database

KEY = Ed25519PrivateKey.generate()
NEXT = f"{int(NEWEST) + 1:04}"
MIGRATION = f'''
import shutil
from pathlib import Path
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{NEXT}", "{NEWEST}", None, None

def upgrade():
    op.create_table("seat", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("attendance", sa.Column("seat", sa.String))
    op.execute("UPDATE attendance SET seat = '1A'")
    data = Path(op.get_bind().engine.url.database).parent
    shutil.copytree(data, data.with_name("cut"))  # as the disk stands if the power goes here
'''


class Version:
    """A start of the program on the terminal's data, this version's or the next one's."""

    def __init__(self, data: Path) -> None:
        data.mkdir(exist_ok=True)
        self._engine: Engine = open_database(data / "terminal.db")
        shared = Database(self._engine)
        self.outbox = Outbox(shared, "t-1", KEY, HandClock(), "boot-1")
        self.store = TerminalStore(shared, self.outbox)

    def tap(self, activity: str) -> None:
        event = CheckIn(account="r-1", card="c-1", activity=activity, trust=Trust.LOW)
        self.store.check_in(event, at("09:00"))

    def schema(self) -> str:
        with self._engine.connect() as connection:
            told = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
            return str(told.scalar_one())

    def batches(self) -> list[bytes]:
        """What waits for the ledger, as it is signed."""
        self.outbox.form()
        sealed = self.outbox.pending_batches()
        return [bytes(parse(one.payload, SignedBatch).batch) for one in sealed]

    def end(self) -> list[tuple[int, str]]:
        """What waits for the ledger, in the order in which it happened: number and activity."""
        waiting = [
            (event["seq"], event["data"]["activity"])
            for batch in self.batches()
            for event in json.loads(batch)["events"]
        ]
        self._engine.dispose()
        return waiting


@pytest.fixture
def next_version(tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """Until it is undone whatever opens the database is the next version, with a migration of its
    own that only adds."""
    migrations = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, migrations)
    (migrations / "versions" / f"{NEXT}_seats.py").write_text(MIGRATION)
    patch = pytest.MonkeyPatch()
    patch.setattr(database, "MIGRATIONS", migrations)
    patch.setattr(database, "NEWEST", NEXT)
    yield patch
    patch.undo()


def test_update_forward_and_back_loses_no_event_that_waited(
    tmp_path: Path, next_version: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    with_next = Version(data)
    assert with_next.schema() == NEXT
    with_next.tap("new-1")
    with_next.end()
    next_version.undo()

    rolled_back = Version(data)
    assert rolled_back.schema() == NEXT
    rolled_back.tap("old-1")
    assert rolled_back.end() == [(1, "new-1"), (2, "old-1")]


def test_update_of_a_database_with_waiting_events_is_whole_or_not_begun_when_the_power_goes(
    tmp_path: Path, next_version: pytest.MonkeyPatch
) -> None:
    data, cut = tmp_path / "data", tmp_path / "cut"
    next_migrations, next_newest = database.MIGRATIONS, database.NEWEST
    next_version.undo()
    before = Version(data)
    for activity in ("old-1", "old-2"):
        before.tap(activity)
    waiting = before.end()

    next_version.setattr(database, "MIGRATIONS", next_migrations)
    next_version.setattr(database, "NEWEST", next_newest)
    migrated = Version(data)
    assert migrated.schema() == NEXT
    assert migrated.end() == waiting
    next_version.undo()

    after_the_cut = Version(cut)
    assert after_the_cut.schema() == NEWEST
    assert after_the_cut.end() == waiting
    rolled_back = Version(data)
    rolled_back.tap("old-3")
    assert rolled_back.end() == [*waiting, (3, "old-3")]


def test_update_does_not_need_the_events_that_wait_to_have_been_sent(
    tmp_path: Path, next_version: pytest.MonkeyPatch
) -> None:
    """The chain of batches goes on over both versions: each carries the digest of the one
    before."""
    data = tmp_path / "data"
    first = Version(data)
    first.tap("new-1")
    assert len(first.batches()) == 1
    first.end()
    next_version.undo()
    second = Version(data)
    second.tap("old-1")
    one, other = second.batches()
    second.end()
    assert json.loads(other)["previous"] == digest_of(one)
