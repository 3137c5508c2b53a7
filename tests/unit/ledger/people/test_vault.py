"""Sealed values open with the right key, for the right account and field, and no other way."""

from __future__ import annotations

import pytest

from linli.ledger.people.vault import KeyRing, VaultError, blind_index, seal, unseal

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
RING = KeyRing("k2", {"k1": OLD, "k2": NEW})


def test_a_value_comes_back() -> None:
    assert unseal(RING, "k2", "a1", "name", seal(RING, "a1", "name", "王建国")) == "王建国"


def test_the_same_value_looks_different_each_time() -> None:
    first, second = (seal(RING, "a1", "phone", "13800000000") for _ in range(2))
    assert first != second
    assert b"13800000000" not in first


@pytest.mark.parametrize(("account", "field"), [("a2", "phone"), ("a1", "id_tail")])
def test_a_value_in_another_place_does_not_open(account: str, field: str) -> None:
    sealed = seal(RING, "a1", "phone", "13800000000")
    with pytest.raises(VaultError, match="does not open"):
        unseal(RING, "k2", account, field, sealed)


@pytest.mark.parametrize("at", [0, 12, -1])
def test_a_changed_value_does_not_open(at: int) -> None:
    sealed = bytearray(seal(RING, "a1", "phone", "13800000000"))
    sealed[at] ^= 1
    with pytest.raises(VaultError, match="was changed"):
        unseal(RING, "k2", "a1", "phone", bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(12)])
def test_what_is_no_sealed_value_does_not_open(sealed: bytes) -> None:
    with pytest.raises(VaultError):
        unseal(RING, "k2", "a1", "phone", sealed)


def test_an_old_key_opens_what_it_sealed_while_it_is_on_the_ring() -> None:
    sealed = seal(KeyRing("k1", {"k1": OLD}), "a1", "name", "王建国")
    assert unseal(RING, "k1", "a1", "name", sealed) == "王建国"
    with pytest.raises(VaultError, match="add that key"):
        unseal(KeyRing("k2", {"k2": NEW}), "k1", "a1", "name", sealed)


def test_an_index_needs_the_key() -> None:
    assert blind_index(OLD, "phone", "1") == blind_index(OLD, "phone", "1")
    assert blind_index(OLD, "phone", "1") != blind_index(NEW, "phone", "1")
    assert blind_index(OLD, "phone", "1") != blind_index(OLD, "name", "1")


@pytest.mark.parametrize(
    ("current", "keys", "says"),
    [
        ("k3", {"k1": OLD}, "not on the ring"),
        ("k1", {"k1": b"short"}, "give 32"),
        ("", {"": OLD}, "1 to 32 characters"),
    ],
)
def test_a_wrong_key_is_refused(current: str, keys: dict[str, bytes], says: str) -> None:
    with pytest.raises(VaultError, match=says):
        KeyRing(current, keys)


def test_a_key_shows_in_no_message_or_log() -> None:
    assert "\\x" not in repr(RING)
