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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of real brokers, windows and browsers may lose a race with the machine they share:
    once more, and the closing line counts it. Two failures are a failure."""
    for item in items:
        if item.path.parent.name in ("system", "faults"):
            item.add_marker(pytest.mark.flaky(reruns=1))
