"""The running ledger freezes and seals by itself when the days come."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doubles.clock import HandClock
from doubles.waiting import eventually

from linli.ledger.cadence import service as service_module
from linli.ledger.cadence.running import Signer
from linli.ledger.cadence.service import CadenceService
from linli.ledger.database import open_database
from linli.ledger.journal.schema import account
from linli.sync.periods import SHANGHAI
from linli.town.clock import TownClock
from tests.unit.ledger.village import Village


def linli(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "linli", "ledger", "calendar", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """a1 has 10 posted points in November."""
    village = Village(open_database(tmp_path / "ledger.db"))
    village.send(village.check_in("a1", "visit", "10:05"))
    village.decide("visit.a1")
    yield village
    village.engine.dispose()


def redeemable(village: Village) -> int:
    return next(row.posted for row in village.rows(account) if row.id == "a1:redeemable")


def test_the_months_run_by_themselves(
    village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "LOOK_S", 0.02)
    database = ("--database", str(tmp_path / "ledger.db"))
    done = linli("set", *database, "--scope", "village", "--first-month", "2026-11")
    assert done.returncode == 0, done.stderr
    clock, news = HandClock(), []
    clock.wall = dt.datetime(2026, 12, 5, 9, tzinfo=SHANGHAI)
    signer = Signer("here", Ed25519PrivateKey.generate(), partial(secrets.token_bytes, 32))
    service = CadenceService(village.engine, signer, clock, lambda: news.append(clock.now()))
    service.start()
    try:
        eventually(lambda: news)
        clock.wall = dt.datetime(2026, 12, 11, 0, 1, tzinfo=SHANGHAI)
        eventually(lambda: redeemable(village) == 10)
    finally:
        service.close()
    TownClock.create(tmp_path / "clock", clock.wall)
    shown = linli("show", *database, "--json", "--clock", str(tmp_path / "clock")).stdout
    kinds = {entry["kind"] for entry in json.loads(shown) if entry["done_at"]}
    assert kinds == {"checkpoint", "freeze", "seal", "settlement"}


def test_a_calendar_for_nobody_is_refused(village: Village, tmp_path: Path) -> None:
    database = ("--database", str(tmp_path / "ledger.db"))
    done = linli("set", *database, "--scope", "nowhere", "--first-month", "2026-11")
    assert done.returncode == 1
    assert "is not a community" in done.stderr
