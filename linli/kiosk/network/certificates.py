"""Keeps the certificate by which the broker is entered: renewed while the program runs, by a
request over HTTPS that the terminal's own key signs and that needs no certificate.

| what is known                                | it is asked for                             |
|----------------------------------------------|---------------------------------------------|
| there is none, or it is for another key      | at once                                     |
| the clock is right, half of its life is over | at once, so long before two thirds are over |
| the clock is not certain                     | once after the start, then every five days  |
| the broker was not reached for two minutes   | at once, then each hour: it may be refused, |
|                                              | revoked or out of date                      |

After a try that failed: a minute later, then twice as long, up to an hour. A terminal that was
away for months renews first and connects then; a wrong clock only makes it ask more often, as the
ledger judges by its own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import requests
import structlog
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from urllib3.exceptions import HTTPError

from linli.sync.clock import Clock
from linli.sync.enrolment import Certified, read_certified, seal_renewal
from linli.sync.link import Link
from linli.sync.rounds import Rounds
from linli.sync.signing import MalformedError
from linli.sync.whole_file import write_whole

log = structlog.get_logger()
LOOK_S, JOIN_S = 20.0, 1.0
UNCERTAIN_S = 5 * 24 * 3600.0
CUT_OFF_S = 120.0
REFUSED_S = 3600.0
FIRST_RETRY_S, LONGEST_RETRY_S = 60.0, 3600.0
TIMEOUT_S = (5.0, 15.0)
LARGEST = 64 * 1024


class RenewalError(OSError):
    """No certificate was given; the text says why."""


class Renewals(Protocol):
    def renew(self) -> Certified:
        """Raises RenewalError."""


@dataclass(frozen=True)
class Known:
    """What `due` goes by; monotonic seconds, None for never. `half` is when half of the
    certificate's life is over, None without a certificate that is for this key."""

    half: dt.datetime | None
    asked_at: float | None = None
    given_at: float | None = None
    failures: int = 0
    cut_off_since: float | None = None


def due(known: Known, now: dt.datetime, monotonic: float, *, clock_good: bool) -> bool:
    """Whether a certificate is asked for now. Pure."""
    since = _since(known.asked_at, monotonic)
    if known.failures:
        wait = min(FIRST_RETRY_S * 2 ** min(known.failures - 1, 10), LONGEST_RETRY_S)
        if since < wait:
            return False
    if known.half is None:
        return True
    if _since(known.given_at, monotonic) < REFUSED_S:
        return False  # the ledger's clock and ours are apart: a newer one would be no better
    if clock_good and now >= known.half:
        return True
    if not clock_good and _since(known.given_at, monotonic) >= UNCERTAIN_S:
        return True
    cut_off = known.cut_off_since is not None
    return cut_off and _since(known.cut_off_since, monotonic) >= CUT_OFF_S and since >= REFUSED_S


def _since(moment: float | None, monotonic: float) -> float:
    return float("inf") if moment is None else monotonic - moment


@dataclass(frozen=True)
class CertificateFiles:
    """The certificate and who signs the broker's, in `directory`."""

    directory: Path

    @property
    def certificate(self) -> Path:
        return self.directory / "terminal.crt"

    @property
    def authority(self) -> Path:
        return self.directory / "authority.crt"

    def half_life(self, key: Ed25519PrivateKey) -> dt.datetime | None:
        """None where there is no certificate for this key, or it cannot be read."""
        try:
            kept = x509.load_pem_x509_certificate(self.certificate.read_bytes())
            self.authority.read_bytes()
        except (OSError, ValueError):
            return None
        if kept.public_key() != key.public_key():
            return None
        return (
            kept.not_valid_before_utc + (kept.not_valid_after_utc - kept.not_valid_before_utc) / 2
        )

    def keep(self, given: Certified, key: Ed25519PrivateKey) -> None:
        """Both files, each whole. Raises RenewalError for a certificate that is not for this key or
        not from this authority, OSError."""
        try:
            certificate = x509.load_pem_x509_certificate(given.certificate.encode())
            authority = x509.load_pem_x509_certificate(given.authority.encode())
            certificate.verify_directly_issued_by(authority)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise RenewalError(
                f"the ledger gave no certificate that can be used: {error}"
            ) from error
        if certificate.public_key() != key.public_key():
            raise RenewalError("the ledger gave a certificate for another key")
        write_whole(self.authority, given.authority.encode())
        write_whole(self.certificate, given.certificate.encode())


class RenewalClient:
    """Asks the ledger at `base_url` in the name of `terminal`."""

    def __init__(
        self, base_url: str, terminal: str, key: Ed25519PrivateKey, session: requests.Session
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/v1/terminals/{terminal}/certificate"
        self._payload = seal_renewal(terminal, key)
        self._session = session

    def renew(self) -> Certified:
        """Raises RenewalError."""
        try:
            answer = self._session.post(
                self._url, data=self._payload, timeout=TIMEOUT_S, allow_redirects=False, stream=True
            )
            body = answer.raw.read(LARGEST, decode_content=True)
        except (requests.RequestException, HTTPError) as error:
            raise RenewalError(f"{self._url}: {error}") from error
        if answer.status_code != requests.codes.ok:
            raise RenewalError(f"{self._url} answered {answer.status_code}")
        try:
            return read_certified(body)
        except MalformedError as error:
            raise RenewalError(f"{self._url}: {error}") from error


class CertificateKeeper:
    """A thread. The link takes what was renewed at its next connection."""

    def __init__(
        self,
        files: CertificateFiles,
        renewals: Renewals,
        key: Ed25519PrivateKey,
        link: Link,
        clock: Clock,
    ) -> None:
        self._files, self._renewals, self._key = files, renewals, key
        self._link, self._clock = link, clock
        self._asked_at: float | None = None
        self._given_at: float | None = None
        self._failures = 0
        self._cut_off_since: float | None = clock.monotonic()
        self._rounds = Rounds("certificate", self._round, JOIN_S)

    def start(self) -> None:
        self._rounds.start()

    def close(self) -> None:
        """A request under way is left to its time-outs."""
        self._rounds.close()

    def look(self) -> bool:
        """Renew if it is due; whether a certificate was given."""
        monotonic = self._clock.monotonic()
        if self._link.online:
            self._cut_off_since = None
        elif self._cut_off_since is None:
            self._cut_off_since = monotonic
        half = self._files.half_life(self._key)
        known = Known(half, self._asked_at, self._given_at, self._failures, self._cut_off_since)
        if not due(known, self._clock.now(), monotonic, clock_good=self._clock.good()):
            return False
        self._asked_at = monotonic
        try:
            self._files.keep(self._renewals.renew(), self._key)
        except OSError as error:
            self._failures += 1
            log.warning("no certificate was given", error=str(error), failures=self._failures)
            return False
        self._failures, self._given_at = 0, monotonic
        log.info("certificate renewed")
        return True

    def _round(self) -> float:
        try:
            self.look()
        except Exception:
            # Without this thread the terminal would be cut off in some weeks.
            log.exception("the certificate was not looked at")
        return LOOK_S
