"""The town's pages and a browser to visit them with, for each file that asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.system.browser import chromium
from tests.system.pages_town import PagesTown, SettledTown


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> SettledTown:
    return SettledTown(tmp_path_factory.mktemp("settled"))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, settled: SettledTown) -> Iterator[PagesTown]:
    with PagesTown(tmp_path_factory.mktemp("town"), settled) as town:
        yield town


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser
