"""The next version of the town's terminals: a bundle that `linli release` takes for one of ours."""

from __future__ import annotations

import json
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import linli
from linli.sync.clock import SystemClock
from linli.sync.updates import Releases as Client
from linli.sync.updates import bundle_name
from linli.town.outposts import next_version
from linli.town.releases import FALLS, Releases

CLOCK = SystemClock()


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Releases]:
    releases = Releases(tmp_path_factory.mktemp("releases"))
    releases.start(CLOCK.now())
    releases.offer(CLOCK.now())
    yield releases
    releases.close()


@pytest.mark.parametrize(("before", "after"), [("0.1.0", "0.1.1"), ("2.9", "2.10")])
def test_the_next_version_has_the_next_number(before: str, after: str) -> None:
    assert next_version(before) == after


def test_a_terminal_believes_what_the_town_publishes(offered: Releases, tmp_path: Path) -> None:
    client = Client(offered.url, offered.root.read_bytes(), tmp_path / "believed", CLOCK)
    assert client.newest(bundle_name()) == next_version()
    client.fetch(bundle_name(), tmp_path / "bundle")
    told = json.loads((tmp_path / "bundle" / "bundle.json").read_text())
    assert told["version"] == next_version()


def test_the_bundle_holds_this_program_under_another_number_and_with_one_mistake(
    offered: Releases, tmp_path: Path
) -> None:
    with tarfile.open(offered.root.parents[2] / bundle_name()) as bundle:
        bundle.extractall(tmp_path, filter="data")
    (wheel,) = tmp_path.glob("linli-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        assert packed.testzip() is None
        assert f'__version__ = "{next_version()}"' in packed.read("linli/__init__.py").decode()
        own = Path(linli.__file__).parent / "kiosk" / "behind.py"
        assert packed.read("linli/kiosk/behind.py") == own.read_bytes()
        assert FALLS in packed.read("linli/__main__.py").decode()
