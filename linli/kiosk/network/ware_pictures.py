"""Pictures of wares at the terminal: fetched once each, kept by their digest, shown without the
network."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import requests
import structlog

log = structlog.get_logger()
CONNECT_S, READ_S, AGAIN_S = 3.0, 8.0, 60.0
PAUSE_S = 2.0
"""Between two looks: the feed tells of every tap too."""
SIZE_CAP = 1024 * 1024
MOST_KEPT = 200


class WarePictures:
    """Keeps in `directory` what `wanted` names, from the ledger at `base_url`, on a thread of its
    own. `poke` where something may have changed."""

    def __init__(
        self,
        directory: Path,
        base_url: str,
        session: requests.Session,
        wanted: Callable[[], Iterable[str]],
    ) -> None:
        self._directory = directory
        self._base_url = base_url.rstrip("/")
        self._session = session
        self._wanted = wanted
        self._poked = threading.Event()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pictures", daemon=True)

    def path(self, digest: str) -> Path | None:
        """Where the picture is; None while it is not here."""
        path = self._directory / f"{digest}.jpg"
        return path if digest and path.exists() else None

    def start(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        self._thread.start()

    def poke(self) -> None:
        self._poked.set()

    def close(self) -> None:
        """Also before `start`."""
        self._closed.set()
        self._poked.set()
        if self._thread.ident is not None:
            self._thread.join(CONNECT_S)

    def _run(self) -> None:
        while not self._closed.is_set():
            self._poked.clear()
            try:
                self._fetch_missing()
            except Exception:
                # A picture is worth nothing beside the thread that brings the next one.
                log.exception("pictures of wares could not be looked through")
            self._closed.wait(PAUSE_S)
            self._poked.wait(AGAIN_S)

    def _fetch_missing(self) -> None:
        wanted = {digest for digest in self._wanted() if digest}
        for digest in sorted(wanted):
            if self.path(digest) is None:
                self._fetch(digest)
        kept = sorted(self._directory.glob("*.jpg"), key=lambda path: path.stat().st_mtime)
        for path in kept[:-MOST_KEPT]:
            if path.stem not in wanted:
                path.unlink()

    def _fetch(self, digest: str) -> None:
        url = f"{self._base_url}/v1/pictures/{digest}"
        try:
            answer = self._session.get(url, timeout=(CONNECT_S, READ_S), allow_redirects=False)
        except requests.RequestException as error:
            log.info("a picture was not fetched", error=str(error))
            return
        body = answer.content
        right = hashlib.sha256(body).hexdigest() == digest and len(body) <= SIZE_CAP
        if answer.status_code != requests.codes.ok or not right:
            log.warning("this is not the picture that was asked for", url=url)
            return
        part = self._directory / f"{digest}.part"
        part.write_bytes(body)
        os.replace(part, self._directory / f"{digest}.jpg")
