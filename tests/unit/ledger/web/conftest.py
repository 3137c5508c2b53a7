"""Pages of the village."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

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
def site(village: Village) -> VillageSite:
    return VillageSite(village)
