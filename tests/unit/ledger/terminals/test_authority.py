"""Certificates of the ledger's own authority, and its file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from linli.ledger.terminals.authority import (
    TERMINAL_LIFE,
    Authority,
    Revoked,
    for_broker,
    for_terminal,
    found,
    revocation_list,
)
from linli.ledger.terminals.authority_file import AuthorityError, load_or_found, read_passphrase

NOW = dt.datetime(2026, 11, 28, 8, 45, tzinfo=dt.UTC)
PASSPHRASE = b"correct horse battery staple"
KEY = Ed25519PrivateKey.generate()


@pytest.fixture(scope="module")
def authority() -> Authority:
    return found("Linli test", NOW)


def test_a_terminals_certificate_is_for_its_own_key_and_name(authority: Authority) -> None:
    made = for_terminal(authority, "t1", KEY.public_key(), 7, NOW)
    made.verify_directly_issued_by(authority.certificate)
    (name,) = made.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    use = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert (name.value, made.serial_number) == ("t1", 7)
    assert made.public_key() == KEY.public_key()
    assert list(use) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert made.not_valid_after_utc == NOW + TERMINAL_LIFE
    assert made.not_valid_before_utc < NOW


def test_a_certificate_of_another_authority_of_the_same_name_does_not_fit(
    authority: Authority,
) -> None:
    other = for_terminal(found("Linli test", NOW), "t1", KEY.public_key(), 7, NOW)
    with pytest.raises(InvalidSignature):
        other.verify_directly_issued_by(authority.certificate)


def test_the_brokers_certificate_is_for_every_name_it_is_reached_by(authority: Authority) -> None:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    made = for_broker(authority, ["points.example", "192.0.2.7"], key, NOW)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == ["points.example", "192.0.2.7"]


def test_a_newer_list_is_dated_later_than_the_one_before_however_quickly_it_follows(
    authority: Authority,
) -> None:
    first = revocation_list(authority, [Revoked(7, NOW)], NOW, None)
    second = revocation_list(
        authority, [Revoked(7, NOW), Revoked(8, NOW)], NOW, first.last_update_utc
    )
    assert first.last_update_utc < second.last_update_utc <= NOW
    assert {one.serial_number for one in second} == {7, 8}
    assert second.is_signature_valid(authority.key.public_key())


def test_the_authority_is_founded_once_and_opens_with_its_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "authority.pem"
    made = load_or_found(path, PASSPHRASE, NOW)
    again = load_or_found(path, PASSPHRASE, NOW + dt.timedelta(days=400))
    assert again.pem == made.pem
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"ENCRYPTED PRIVATE KEY" in path.read_bytes()


def test_the_authority_does_not_open_with_another_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "authority.pem"
    load_or_found(path, PASSPHRASE, NOW)
    with pytest.raises(AuthorityError, match="does not open"):
        load_or_found(path, PASSPHRASE + b"x", NOW)


def test_a_file_that_is_no_authority_is_named(tmp_path: Path) -> None:
    path = tmp_path / "authority.pem"
    path.write_text("not a key")
    with pytest.raises(AuthorityError, match=r"authority\.pem"):
        load_or_found(path, PASSPHRASE, NOW)


def test_a_passphrase_that_is_too_short_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "passphrase"
    path.write_text("short\n")
    with pytest.raises(AuthorityError, match="openssl rand"):
        read_passphrase(path)
    path.write_bytes(PASSPHRASE + b"\n")
    assert read_passphrase(path) == PASSPHRASE
