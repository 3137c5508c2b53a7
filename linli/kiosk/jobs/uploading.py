"""Brings what a job found out to the ledger, over HTTPS and signed with the terminal's key."""

from __future__ import annotations

import base64
from typing import Protocol

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from urllib3.exceptions import HTTPError

from linli.kiosk.jobs.doing import Done
from linli.sync.clock import Clock
from linli.sync.job_messages import JobResult, seal_result

TIMEOUT_S = (5.0, 30.0)
AGAIN = frozenset({401, 408, 425, 429})
"""Refusals that another try may end: a clock that is not right yet, too many at a time."""


class NotUploadedError(OSError):
    """The ledger has not taken a result; the text says why. `final` where it never will."""

    def __init__(self, text: str, *, final: bool = False) -> None:
        super().__init__(text)
        self.final = final


class Results(Protocol):
    def upload(self, job_id: str, done: Done) -> None:
        """The ledger has it when this returns. Raises NotUploadedError."""
        ...


class ResultClient:
    """Posts to the ledger at `base_url` in the name of `terminal`. The same again is answered
    alike, so that an answer that was lost costs nothing."""

    def __init__(
        self,
        base_url: str,
        terminal: str,
        key: Ed25519PrivateKey,
        clock: Clock,
        session: requests.Session,
    ) -> None:
        self._base = f"{base_url.rstrip('/')}/v1/terminals/{terminal}/jobs"
        self._terminal, self._key, self._clock, self._session = terminal, key, clock, session

    def upload(self, job_id: str, done: Done) -> None:
        url = f"{self._base}/{job_id}/result"
        result = JobResult(
            terminal=self._terminal,
            id=job_id,
            at=self._clock.now(),
            media_type=done.media_type,
            data=base64.b64encode(done.data).decode(),
        )
        try:
            with self._session.post(
                url,
                data=seal_result(result, self._key),
                headers={"Content-Type": "application/json"},
                timeout=TIMEOUT_S,
                allow_redirects=False,
                stream=True,
            ) as answer:
                status = answer.status_code
        except (requests.RequestException, HTTPError, OSError) as error:
            # OSError: the file of authorities is not there.
            raise NotUploadedError(f"{url}: {error}") from error
        if not 200 <= status < 300:
            final = 400 <= status < 500 and status not in AGAIN
            raise NotUploadedError(f"{url} answered {status}", final=final)
