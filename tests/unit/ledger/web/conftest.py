"""Pages of the village."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from fastapi.dependencies import models

from linli.ledger.staff import passwords
from tests.unit.ledger.village import Village
from tests.unit.ledger.web.site import VillageSite


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )
    passwords._nobodys.cache_clear()


@pytest.fixture
def site(village: Village) -> Iterator[VillageSite]:
    yield VillageSite(village)
    _forget_functions()


def _forget_functions() -> None:
    """FastAPI remembers four thousand functions that it was given, and so each site with all that
    its functions know: a gigabyte of them."""
    for remembering in vars(models).values():
        if hasattr(remembering, "cache_clear"):
            remembering.cache_clear()
