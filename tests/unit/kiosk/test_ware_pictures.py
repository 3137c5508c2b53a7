"""Pictures of wares: fetched once, kept by their digest, and only taken where they are the ones."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from doubles.waiting import eventually

from linli.kiosk.network.ware_pictures import WarePictures
from linli.sync.sessions import direct_session

RICE, SOAP = b"a picture of rice", b"a picture of soap"
NAMES = {hashlib.sha256(one).hexdigest(): one for one in (RICE, SOAP)}


class Ledger(ThreadingHTTPServer):
    """Gives pictures out; `asked` are the digests that were asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked: list[str] = []
        self.lies = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answer(BaseHTTPRequestHandler):
    server: Ledger

    def do_GET(self) -> None:
        digest = self.path.rpartition("/")[2]
        self.server.asked.append(digest)
        body = b"another picture" if self.server.lies else NAMES.get(digest, b"")
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def pictures(tmp_path: Path, ledger: Ledger) -> Iterator[WarePictures]:
    made = WarePictures(tmp_path / "pictures", ledger.url, direct_session(), lambda: ["", *NAMES])
    yield made
    made.close()


def test_what_is_on_the_shelf_is_fetched_once_and_kept(
    pictures: WarePictures, ledger: Ledger
) -> None:
    assert pictures.path("") is None
    pictures.start()
    eventually(lambda: all(pictures.path(digest) for digest in NAMES))
    for digest, body in NAMES.items():
        path = pictures.path(digest)
        assert path is not None
        assert path.read_bytes() == body
    pictures.poke()
    assert sorted(ledger.asked) == sorted(NAMES)


def test_another_picture_than_the_one_asked_for_is_not_kept(
    pictures: WarePictures, ledger: Ledger, tmp_path: Path
) -> None:
    ledger.lies = True
    pictures.start()
    eventually(lambda: len(ledger.asked) >= len(NAMES))
    pictures.close()
    assert list((tmp_path / "pictures").iterdir()) == []


def test_without_the_network_what_was_fetched_before_is_shown(
    pictures: WarePictures, tmp_path: Path
) -> None:
    pictures.start()
    eventually(lambda: all(pictures.path(digest) for digest in NAMES))
    pictures.close()
    cut_off = WarePictures(
        tmp_path / "pictures", "http://127.0.0.1:1", direct_session(), lambda: NAMES
    )
    cut_off.start()
    assert all(cut_off.path(digest) for digest in NAMES)
    cut_off.close()
