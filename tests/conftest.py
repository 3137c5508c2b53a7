"""What tests of several rooms share. Importing it also makes `doubles` importable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles.clock import HandClock

from linli.sync.broker import Broker
from linli.town.cluster import Cluster


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A real Mosquitto on a port of its own."""
    with Broker(tmp_path / "broker") as broker:
        yield broker


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A real PostgreSQL."""
    cluster = Cluster()
    yield cluster
    cluster.stop()


PROGRAMS = ("system", "faults")
"""Folders whose tests start real brokers, windows and browsers."""


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of real programs run one after another, and once more when they lose a race with the
    machine they share: the closing line counts it, and two failures are a failure. All others are
    shared out file by file, and each database by itself, as its fixtures live for a file at least.
    """
    for item in items:
        if item.path.parent.name in PROGRAMS:
            item.add_marker(pytest.mark.flaky(reruns=1))
            item.add_marker(pytest.mark.xdist_group("programs"))
        else:
            item.add_marker(pytest.mark.xdist_group(f"{item.path.name} {_database(item)}"))


def _database(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get("databases", "")) if callspec else ""
