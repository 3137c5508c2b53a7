"""A repository of releases for each test, and a client that begins with its first root."""

from __future__ import annotations

from pathlib import Path

import pytest
from conforming import Client
from repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "published")


@pytest.fixture
def client(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    return Client(tmp_path, repository, monkeypatch, repository.first_root)
