"""Certificates of terminals and boards: given, renewed, revoked; and whom the broker lets in."""

from __future__ import annotations

import datetime as dt

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection, insert, select, update

from linli.ledger.broker.access_lists import Admitted
from linli.ledger.shop.schema import retired_terminal
from linli.ledger.terminals.authority import Authority, Revoked, for_terminal
from linli.ledger.terminals.registry import Registered
from linli.ledger.terminals.schema import terminal, terminal_certificate
from linli.sync.signing import public_from_hex

AGAIN_AFTER = dt.timedelta(hours=1)
"""Whoever asks sooner is given the same certificate: a lost answer costs nothing, and a terminal
that asks without end makes no rows."""


class OutOfServiceError(ValueError):
    """The terminal was retired; the text says so."""


def certify(
    connection: Connection, authority: Authority, at: Registered, now: dt.datetime
) -> bytes:
    """Its certificate as PEM. Raises OutOfServiceError."""
    require_in_service(connection, at.name)
    table = terminal_certificate
    newest = connection.execute(
        select(table)
        .where(table.c.terminal == at.name, table.c.revoked_at.is_(None))
        .order_by(table.c.issued_at.desc())
        .limit(1)
    ).first()
    if newest is not None and _is_new(newest.pem, newest.issued_at, authority, now):
        return bytes(newest.pem)
    serial = x509.random_serial_number()
    made = for_terminal(authority, at.name, public_from_hex(at.public_key), serial, now)
    pem = made.public_bytes(Encoding.PEM)
    connection.execute(
        insert(table).values(
            serial=f"{serial:x}",
            terminal=at.name,
            pem=pem,
            issued_at=now,
            until=made.not_valid_after_utc,
        )
    )
    return pem


def revoke_all(connection: Connection, name: str, now: dt.datetime) -> int:
    """No certificate of this name is good any more. Returns how many were."""
    table = terminal_certificate
    good = (table.c.terminal == name) & table.c.revoked_at.is_(None)
    return connection.execute(update(table).where(good).values(revoked_at=now)).rowcount


def revoked(connection: Connection, now: dt.datetime) -> list[Revoked]:
    """What stands on the revocation list: certificates that would still be good by their date."""
    table = terminal_certificate
    query = select(table.c.serial, table.c.revoked_at).where(
        table.c.until > now, table.c.revoked_at.is_not(None)
    )
    return [Revoked(int(row.serial, 16), row.revoked_at) for row in connection.execute(query)]


def admitted(connection: Connection) -> list[Admitted]:
    """Everybody whom the broker lets in."""
    apart = terminal.c.quarantined_at.is_not(None)
    query = select(terminal.c.name, terminal.c.kind, terminal.c.scope, apart).where(
        terminal.c.distrusted_at.is_(None),
        terminal.c.name.not_in(select(retired_terminal.c.terminal)),
    )
    return [Admitted(*row) for row in connection.execute(query.order_by(terminal.c.name))]


def require_in_service(connection: Connection, name: str) -> None:
    """Raises OutOfServiceError for one that is retired or not trusted any more."""
    require_trusted(connection, name)
    retired = select(retired_terminal.c.at).where(retired_terminal.c.terminal == name)
    if connection.execute(retired).first() is not None:
        raise OutOfServiceError(f"{name} is retired")


def require_trusted(connection: Connection, name: str) -> None:
    """Raises OutOfServiceError for one that was lost or stolen."""
    distrusted = select(terminal.c.distrusted_at).where(terminal.c.name == name)
    if connection.execute(distrusted).scalar() is not None:
        raise OutOfServiceError(f"{name} was reported lost: nothing of it is taken any more")


def _is_new(pem: bytes, issued_at: dt.datetime, authority: Authority, now: dt.datetime) -> bool:
    kept = x509.load_pem_x509_certificate(pem)
    same = kept.issuer == authority.certificate.subject and _signed_by(kept, authority)
    return same and abs(now - issued_at) < AGAIN_AFTER


def _signed_by(kept: x509.Certificate, authority: Authority) -> bool:
    mine = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    its = kept.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    return its == mine
