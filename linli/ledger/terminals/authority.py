"""The ledger's own certificate authority (X.509, RFC 5280): who may speak to the broker. Pure.

A terminal's certificate is made for the key that its batches are signed with, so that a name has
one key for everything. It lives short and is renewed by a request that this key signs, which
needs no certificate: an expired one is renewed like any other.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TERMINAL_LIFE = dt.timedelta(days=30)
BROKER_LIFE = dt.timedelta(days=365)
AUTHORITY_LIFE = dt.timedelta(days=365 * 20)
BACKDATED = dt.timedelta(hours=1)
"""A broker whose clock is a little behind must not find a certificate of the future."""
LIST_LIFE = dt.timedelta(days=365)
"""A broker with an expired list lets nobody in (OpenSSL), so a ledger that stands still for weeks
must not cost the link. Lists are written anew with each change."""


@dataclass(frozen=True)
class Authority:
    """Who signs certificates, and with which key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def pem(self) -> bytes:
        """The certificate alone, as terminals and broker know it."""
        return self.certificate.public_bytes(Encoding.PEM)


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate that is not good any more."""

    serial: int
    at: dt.datetime


def found(name: str, now: dt.datetime) -> Authority:
    """A new authority with a new key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name)
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        _builder(subject, subject, key.public_key(), now, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return Authority(builder.sign(key, SHA256()), key)


def for_terminal(
    authority: Authority, name: str, key: Ed25519PublicKey, serial: int, now: dt.datetime
) -> x509.Certificate:
    """Lets a terminal or board in under its name."""
    builder = _leaf(authority, name, key, now, TERMINAL_LIFE, ExtendedKeyUsageOID.CLIENT_AUTH)
    return builder.serial_number(serial).sign(authority.key, SHA256())


def for_broker(
    authority: Authority, hosts: Sequence[str], key: ec.EllipticCurvePublicKey, now: dt.datetime
) -> x509.Certificate:
    """The broker's own, under every name and address that terminals reach it by."""
    builder = _leaf(authority, hosts[0], key, now, BROKER_LIFE, ExtendedKeyUsageOID.SERVER_AUTH)
    names = x509.SubjectAlternativeName([_host(host) for host in hosts])
    return (
        builder.serial_number(x509.random_serial_number())
        .add_extension(names, critical=False)
        .sign(authority.key, SHA256())
    )


def revocation_list(
    authority: Authority, revoked: Iterable[Revoked], now: dt.datetime, after: dt.datetime | None
) -> x509.CertificateRevocationList:
    """The list of certificates that are not good any more. `after` is the date of the list
    before: of two lists OpenSSL goes by the one with the later date, to the second."""
    dated = (now - BACKDATED).replace(microsecond=0)
    if after is not None:
        dated = max(dated, after + dt.timedelta(seconds=1))
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(dated.astimezone(dt.UTC))
        .next_update((now + LIST_LIFE).astimezone(dt.UTC))
        .add_extension(_signed_by(authority), critical=False)
    )
    for one in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(one.serial)
        builder = builder.add_revoked_certificate(
            entry.revocation_date(one.at.astimezone(dt.UTC)).build()
        )
    return builder.sign(authority.key, SHA256())


def _leaf(
    authority: Authority,
    name: str,
    key: Ed25519PublicKey | ec.EllipticCurvePublicKey,
    now: dt.datetime,
    life: dt.timedelta,
    use: x509.ObjectIdentifier,
) -> x509.CertificateBuilder:
    issuer = authority.certificate.subject
    return (
        _builder(_name(name), issuer, key, now, life)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([use]), critical=True)
        .add_extension(_signed_by(authority), critical=False)
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: Ed25519PublicKey | ec.EllipticCurvePublicKey,
    now: dt.datetime,
    life: dt.timedelta,
) -> x509.CertificateBuilder:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .not_valid_before((now - BACKDATED).astimezone(dt.UTC))
        .not_valid_after((now + life).astimezone(dt.UTC))
    )
    return builder.serial_number(x509.random_serial_number()) if subject == issuer else builder


def _signed_by(authority: Authority) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
