"""Whose word the ledger takes."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine

from linli.ledger.terminals.registry import Registered, RegistryError, find, register
from linli.sync.signing import public_hex

KEY = public_hex(Ed25519PrivateKey.from_private_bytes(bytes(32)))


def registered(connection: Connection, now: dt.datetime, **more: str) -> Registered:
    values = {
        "name": "yangguang-1",
        "kind": "terminal",
        "public_key": KEY,
        "scope": "yangguang",
        "centre": "yangguang-centre",
        **more,
    }
    return register(connection, now=now, **values)


def test_a_registered_terminal_is_found_by_its_name(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection:
        made = registered(connection, now)
        assert find(connection, "yangguang-1") == made
    assert (made.public_key, made.scope, made.watermark) == (KEY, "yangguang", 0)


def test_an_unregistered_terminal_is_not_found(town: Engine) -> None:
    with town.begin() as connection:
        assert find(connection, "yangguang-1") is None


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": "phone"}, "neither terminal nor board"),
        ({"name": "Yangguang/1"}, "small letters"),
        ({"public_key": "00"}, "32 bytes in hex"),
        ({"public_key": "x" * 64}, "32 bytes in hex"),
        ({"scope": "xiangyang"}, "not a community"),
        ({"scope": "nowhere"}, "not a community"),
        ({"centre": ""}, "centre"),
    ],
)
def test_a_wrong_registration_is_refused_with_what_to_do(
    town: Engine, now: dt.datetime, wrong: dict[str, str], says: str
) -> None:
    with town.begin() as connection, pytest.raises(RegistryError, match=says):
        registered(connection, now, **wrong)


def test_a_name_is_not_given_to_another_key(town: Engine, now: dt.datetime) -> None:
    other = public_hex(Ed25519PrivateKey.from_private_bytes(bytes([1] * 32)))
    with town.begin() as connection:
        registered(connection, now)
        with pytest.raises(RegistryError, match="already"):
            registered(connection, now, public_key=other)
