"""Writes the broker's files, each whole or not at all, and says which of them changed."""

from __future__ import annotations

import grp
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from linli.ledger.broker import mosquitto
from linli.ledger.broker.access_lists import Admitted, for_ledger, for_terminals
from linli.ledger.terminals.authority import (
    LIST_LIFE,
    Authority,
    Revoked,
    for_broker,
    revocation_list,
)
from linli.sync.clock import Clock

PASSWORD = "ledger.password"  # noqa: S105 - the name of a file  # nosec B105
OWN, SHARED = 0o600, 0o640
"""The ledger's password is the ledger's alone; the rest is for the broker's group too."""


class BrokerFilesError(OSError):
    """The broker's files cannot be written; the text says which and what to do."""


@dataclass(frozen=True)
class BrokerFiles:
    """`directory` and what stands in it. `hosts` are the names and addresses that the broker is
    reached by; `group` is the broker's group of the system, "" for none.

    Every method raises OSError where a file cannot be read or written."""

    directory: Path
    authority: Authority
    clock: Clock
    hosts: Sequence[str] = ("127.0.0.1", "localhost")
    group: str = ""

    def write_all(
        self,
        listeners: mosquitto.Listeners,
        admitted: Iterable[Admitted],
        revoked: Iterable[Revoked],
    ) -> None:
        """Everything a broker needs. The ledger's password is made once and then kept."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self._own(self.directory, 0o750)
        self._put(mosquitto.CONF, mosquitto.configuration(self.directory, listeners).encode())
        self._put(mosquitto.LEDGER_ACL, for_ledger().encode())
        self._put(mosquitto.AUTHORITY, self.authority.pem)
        self._put_password()
        self.write_certificate()
        self.write_admitted(admitted)
        self.write_revoked(revoked)

    def write_admitted(self, admitted: Iterable[Admitted]) -> bool:
        """Who may connect. Whether that changed."""
        return self._put(mosquitto.TERMINALS_ACL, for_terminals(admitted).encode())

    def write_revoked(self, revoked: Iterable[Revoked]) -> bool:
        """Which certificates are not good any more. Whether that changed."""
        path = self.directory / mosquitto.REVOKED
        wanted = {one.serial: one for one in revoked}
        before = _read_list(path)
        if before is not None and self._still_says(before, set(wanted)):
            return False
        after = None if before is None else before.last_update_utc
        made = revocation_list(self.authority, wanted.values(), self.clock.now(), after)
        return self._put(mosquitto.REVOKED, made.public_bytes(Encoding.PEM))

    def _still_says(self, kept: x509.CertificateRevocationList, serials: set[int]) -> bool:
        young = self.clock.now() < kept.last_update_utc + LIST_LIFE / 2
        return young and {one.serial_number for one in kept} == serials

    def write_certificate(self) -> bool:
        """The broker's own certificate: a new one where half of the old one's life is over, or
        its hosts are others. Whether that was so."""
        path = self.directory / mosquitto.CERTIFICATE
        if path.exists() and not self._is_worn(x509.load_pem_x509_certificate(path.read_bytes())):
            return False
        key = self._broker_key()
        made = for_broker(self.authority, self.hosts, key.public_key(), self.clock.now())
        return self._put(mosquitto.CERTIFICATE, made.public_bytes(Encoding.PEM))

    def _is_worn(self, kept: x509.Certificate) -> bool:
        half = (
            kept.not_valid_before_utc + (kept.not_valid_after_utc - kept.not_valid_before_utc) / 2
        )
        names = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        hosts = {str(name.value) for name in names}
        others = kept.issuer != self.authority.certificate.subject or hosts != set(self.hosts)
        return others or self.clock.now() >= half

    def _broker_key(self) -> ec.EllipticCurvePrivateKey:
        path = self.directory / mosquitto.KEY
        if path.exists():
            kept = load_pem_private_key(path.read_bytes(), None)
            if isinstance(kept, ec.EllipticCurvePrivateKey):
                return kept
        made = ec.generate_private_key(ec.SECP256R1())
        text = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._put(mosquitto.KEY, text)
        return made

    def _put_password(self) -> None:
        path, users = self.directory / PASSWORD, self.directory / mosquitto.USERS
        if not path.exists():
            self._put(PASSWORD, secrets.token_urlsafe(32).encode(), OWN)
            users.unlink(missing_ok=True)
        if not users.exists():
            line = mosquitto.user_line(read_password(path), secrets.token_bytes(mosquitto.SALT))
            self._put(mosquitto.USERS, line.encode())

    def _put(self, name: str, content: bytes, mode: int = SHARED) -> bool:
        path = self.directory / name
        if path.exists() and path.read_bytes() == content:
            return False
        beside = path.with_name(f".{name}.new")
        beside.unlink(missing_ok=True)
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        self._own(beside, mode)
        beside.replace(path)
        return True

    def _own(self, path: Path, mode: int) -> None:
        """Whatever the umask says; and the broker may read what is not the ledger's alone."""
        path.chmod(mode)
        if self.group and mode != OWN:
            try:
                os.chown(path, -1, grp.getgrnam(self.group).gr_gid)
            except (KeyError, PermissionError) as error:
                raise BrokerFilesError(
                    f"{path} cannot be given to the group {self.group}: run it as root, or as a"
                    f" member of that group ({error})"
                ) from error


def read_password(path: Path) -> str:
    """What the ledger says to the broker. Raises OSError."""
    return path.read_text(encoding="utf-8").strip()


def _read_list(path: Path) -> x509.CertificateRevocationList | None:
    return x509.load_pem_x509_crl(path.read_bytes()) if path.exists() else None
