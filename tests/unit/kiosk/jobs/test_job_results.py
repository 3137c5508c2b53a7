"""Results go to the ledger over HTTP, again and again where that may help."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doubles.clock import HandClock

from linli.kiosk.jobs.doing import JSON, Done
from linli.kiosk.jobs.uploading import NotUploadedError, ResultClient
from linli.sync.job_messages import open_result
from linli.sync.jobs import JobState
from linli.sync.sessions import direct_session

FOUND = Done(JobState.SUCCEEDED, data=b'{"exit":0}', media_type=JSON)
KEY = Ed25519PrivateKey.generate()


class Desk(http.server.BaseHTTPRequestHandler):
    status = 200
    taken: list[tuple[str, bytes]] = []  # noqa: RUF012  one server, one test at a time

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append((self.path, body))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), Desk) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def client(url: str) -> ResultClient:
    return ResultClient(url, "t-1", KEY, HandClock(), direct_session())


def test_a_result_is_posted_under_its_job_and_signed(url: str) -> None:
    Desk.status = 200
    client(url).upload("j-1", FOUND)
    path, body = Desk.taken[-1]
    result, data = open_result(body, KEY.public_key())
    assert path == "/v1/terminals/t-1/jobs/j-1/result"
    assert (result.id, result.media_type, data) == ("j-1", JSON, FOUND.data)


@pytest.mark.parametrize(
    ("status", "final"),
    [(403, True), (404, True), (409, True), (413, True), (401, False), (429, False), (503, False)],
)
def test_only_what_will_never_be_taken_is_given_up(url: str, status: int, final: bool) -> None:
    Desk.status = status
    with pytest.raises(NotUploadedError, match=str(status)) as refusal:
        client(url).upload("j-1", FOUND)
    assert refusal.value.final is final


def test_a_ledger_that_is_not_there_is_asked_again() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(NotUploadedError) as refusal:
            client(f"http://127.0.0.1:{nobody.getsockname()[1]}").upload("j-1", FOUND)
    assert not refusal.value.final


def test_a_file_of_authorities_that_is_gone_is_told_like_any_other_trouble() -> None:
    session = direct_session()
    session.verify = "/nowhere/authorities.pem"
    with pytest.raises(NotUploadedError, match="authorities") as refusal:
        ResultClient("https://127.0.0.1:9/", "t-1", KEY, HandClock(), session).upload("j-1", FOUND)
    assert not refusal.value.final
