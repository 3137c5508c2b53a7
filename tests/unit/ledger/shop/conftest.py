"""A village with points to spend and a shop to spend them in."""

from __future__ import annotations

import pytest

from tests.unit.ledger.shop.counter import Shop
from tests.unit.ledger.village import Village


@pytest.fixture
def shop(village: Village) -> Shop:
    """a1 has 100 points, a2 50, a3 10; a window is open."""
    return Shop(village)
