"""The fixture of the phones' tests."""

from __future__ import annotations

import pytest

from tests.unit.ledger.phones.handsets import Phones
from tests.unit.ledger.village import Village


@pytest.fixture
def phones(village: Village) -> Phones:
    return Phones(village)
