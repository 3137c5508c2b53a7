"""Pictures of wares at the ledger: one each, known by its digest, told to terminals."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from sqlalchemy import Engine

from linli.ledger.shop.pictures import digests, put_picture, read_picture
from linli.ledger.shop.refusals import ShopError
from linli.ledger.shop.wares import GOOD, Ware, add_ware, stock_up
from linli.sync.messages import Stream, WareRow
from tests.unit.ledger.conftest import Told

RICE = Ware("rice", "yangguang", GOOD, "大米", 30)


@pytest.fixture
def shelf(town: Engine, now: dt.datetime) -> Engine:
    with town.begin() as connection:
        add_ware(connection, RICE)
        stock_up(connection, RICE.id, "centre-1", 5, now)
    return town


def test_a_picture_is_found_by_its_digest_and_told_on_the_feed(
    shelf: Engine, told: Told, now: dt.datetime
) -> None:
    with shelf.begin() as connection:
        digest = put_picture(connection, RICE.id, b"jpeg", now)
        assert digest == hashlib.sha256(b"jpeg").hexdigest()
        assert read_picture(connection, digest) == b"jpeg"
        assert digests(connection, [RICE.id, "soap"]) == {RICE.id: digest}
    row = told(shelf, "yangguang", Stream.CHANGES)[-1]
    assert isinstance(row, WareRow)
    assert row.picture == digest


def test_a_new_picture_takes_the_place_of_the_old_one(shelf: Engine, now: dt.datetime) -> None:
    with shelf.begin() as connection:
        old = put_picture(connection, RICE.id, b"old", now)
        put_picture(connection, RICE.id, b"new", now)
        assert read_picture(connection, old) is None


def test_there_is_no_picture_of_what_is_not_there(shelf: Engine, now: dt.datetime) -> None:
    with shelf.begin() as connection, pytest.raises(ShopError, match="soap"):
        put_picture(connection, "soap", b"jpeg", now)
