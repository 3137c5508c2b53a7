"""Merchants and their offers are checked at the door."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from linli.ledger.shop.merchants import (
    Merchant,
    add_merchant,
    add_offer,
    read_merchant,
    read_offer,
    withdraw_offer,
)
from linli.ledger.shop.refusals import ShopError
from tests.unit.ledger.shop.counter import BREAD, Shop


def test_an_offer_is_kept_as_it_was_made(shop: Shop) -> None:
    with shop.engine.connect() as connection:
        assert read_offer(connection, "bread") == BREAD


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "Brot!"},
        {"id": "bread"},
        {"merchant": "nobody"},
        {"points": 0},
        {"period": "hour"},
        {"per_person": 0},
        {"in_all": -1},
        {"community_fen": -1},
        {"merchant_fen": 10**9},
        {"valid_days": 0},
        {"valid_days": 1000},
        {"title": "  "},
    ],
    ids=str,
)
def test_an_offer_that_makes_no_sense_is_refused(shop: Shop, wrong: dict[str, Any]) -> None:
    with shop.engine.begin() as connection, pytest.raises(ShopError):
        add_offer(connection, replace(BREAD, **{"id": "cake", **wrong}), shop.now)


def test_a_merchant_belongs_to_a_community_and_has_its_own_id(shop: Shop) -> None:
    with shop.engine.begin() as connection:
        for wrong in (("bakery", "village"), ("tea", "b1"), ("茶", "village")):
            with pytest.raises(ShopError):
                add_merchant(connection, Merchant(*wrong, "茶馆", "M-9"))
        assert read_merchant(connection, "tea") is None


def test_an_offer_is_withdrawn_by_its_id(shop: Shop) -> None:
    with shop.engine.begin() as connection:
        withdraw_offer(connection, "bread", shop.now)
        assert read_offer(connection, "bread") == replace(BREAD, withdrawn=True)
        with pytest.raises(ShopError, match="no offer"):
            withdraw_offer(connection, "cake", shop.now)
