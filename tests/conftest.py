"""What tests of several rooms share. Importing it also makes `doubles` importable."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from doubles.clock import HandClock
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from linli.sync.broker import Broker
from linli.town.cluster import Cluster

settings.register_profile("linli", deadline=None)  # no test asserts times
settings.load_profile("linli")

# Tests start programs of ours some hundreds of times: where the machine's image says that no
# bytecode is kept, each start compiles the whole program anew, for a quarter of its time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


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


def pytest_collection_finish() -> None:
    """Modules and tests stay until the end: the collector looked through all of them again and
    again, for two fifths of the time."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of real programs may lose a race with the machine they share: once more, and the
    closing line counts it. Two failures are a failure. They come first: they are the longest line,
    and whoever begins it late waits for its end."""
    for item in items:
        if _of_programs(item.path) or "[pcsc" in item.name:  # pcscd is one, too
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda item: not _of_programs(item.path))


def _of_programs(path: Path) -> bool:
    return path.parent.name in PROGRAMS


class Shared(LoadScopeScheduling):  # type: ignore[misc]  # xdist's schedulers have no types
    """How the tests are shared out to several processors: those of real programs one after
    another, all others file by file and each database by itself, as their fixtures live long."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if _of_programs(Path(path)):
            return "programs"
        return f"{path} {'postgresql' if '[postgresql' in nodeid else ''}"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return Shared(config, log)
