"""Asks the ledger to be taken in, over HTTPS."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from urllib3.exceptions import HTTPError

from linli import __version__
from linli.sync.enrolment import EnrolAnswer, enrol_body, read_enrol_answer, seal_enrol
from linli.sync.signing import MalformedError

TIMEOUT_S = (5.0, 15.0)
LARGEST = 64 * 1024
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class EnrolError(OSError):
    """The ledger gave no answer; the text says why. `often` where it was asked too often."""

    def __init__(self, text: str, *, often: bool = False) -> None:
        super().__init__(text)
        self.often = often


@dataclass(frozen=True)
class EnrolClient:
    """`kind` is `terminal` or `board`; `place` tells a maintainer which of several this is."""

    base_url: str
    key: Ed25519PrivateKey
    kind: str
    boot_id: str
    place: str
    session: requests.Session

    def ask(self) -> EnrolAnswer:
        """What the ledger says of us now. Raises EnrolError."""
        url = f"{self.base_url.rstrip('/')}/v1/enrol"
        body = enrol_body(self.key, self.kind, self.boot_id, __version__, self.place)
        try:
            answer = self.session.post(
                url,
                data=seal_enrol(body, self.key),
                timeout=TIMEOUT_S,
                allow_redirects=False,
                stream=True,
            )
            read = answer.raw.read(LARGEST, decode_content=True)
        except (requests.RequestException, HTTPError) as error:
            raise EnrolError(f"{url}: {error}") from error
        if answer.status_code != requests.codes.ok:
            often = answer.status_code == requests.codes.too_many_requests
            raise EnrolError(f"{url} answered {answer.status_code}", often=often)
        try:
            return read_enrol_answer(read)
        except MalformedError as error:
            raise EnrolError(f"{url}: {error}") from error


def require_https(url: str) -> None:
    """Who a terminal is, and whom it trusts, is not told over a line that anybody may change.
    Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return
    raise ValueError(f"{url}: give the address with https://")
