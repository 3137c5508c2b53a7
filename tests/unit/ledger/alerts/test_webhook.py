"""A webhook reaches what is outside, signed, and nothing of the inner network."""

from __future__ import annotations

import hashlib
import hmac
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from linli.ledger.alerts import webhook
from linli.ledger.alerts.mail import NotSentError
from linli.ledger.alerts.webhook import Outside, is_public, post_signed, post_to_robot

INSIDE = Outside(frozenset({"hook.test"}), lambda host: ["127.0.0.1"])


class Hook(BaseHTTPRequestHandler):
    """Answers as its path says, and keeps what it got."""

    got: list[tuple[str, dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).got.append((self.path, dict(self.headers.items()), body))
        status = int(self.path.strip("/") or 200)
        self.send_response(status if status < 700 else 200)
        if status == 302:
            self.send_header("Location", "/200")
        said = b'{"errcode": 93000}' if status == 700 else b'{"errcode": 0}'
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_values: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    Hook.got = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://hook.test:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_message_is_signed_with_its_time(served: str) -> None:
    Hook.got.clear()
    post_signed(f"{served}/200", b'{"a":1}', "secret", "m1", 1700000000, INSIDE)
    ((_, headers, body),) = Hook.got
    made = hmac.new(b"secret", b"1700000000." + body, hashlib.sha256).hexdigest()
    assert headers["Linli-Signature"] == f"v1={made}"
    assert (headers["Linli-Timestamp"], headers["Linli-Message"]) == ("1700000000", "m1")
    assert headers["Host"].startswith("hook.test:")


@pytest.mark.parametrize("status", [302, 404, 500])
def test_anything_but_a_yes_is_not_sent_and_nothing_is_followed(served: str, status: int) -> None:
    Hook.got.clear()
    with pytest.raises(NotSentError, match=str(status)):
        post_signed(f"{served}/{status}", b"{}", "secret", "m1", 1, INSIDE)
    assert [path for path, _, _ in Hook.got] == [f"/{status}"]


def test_a_robot_that_says_no_with_200_has_not_taken_it(served: str) -> None:
    Hook.got.clear()
    post_to_robot(f"{served}/200", "读卡器没有反应", INSIDE)
    assert "读卡器" in Hook.got[0][2].decode("unicode_escape")
    with pytest.raises(NotSentError, match="93000"):
        post_to_robot(f"{served}/700", "x", INSIDE)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "not an address"),
    ],
)
def test_no_inner_address_is_called(served: str, address: str) -> None:
    Hook.got.clear()
    outside = Outside(lookup=lambda _host: [address])
    with pytest.raises(NotSentError, match="inside"):
        post_signed(f"{served}/200", b"{}", "secret", "m1", 1, outside)
    assert Hook.got == []


def test_one_inner_address_among_public_ones_is_enough_to_refuse(served: str) -> None:
    outside = Outside(lookup=lambda _host: ["8.8.8.8", "127.0.0.1"])
    with pytest.raises(NotSentError, match="inside"):
        post_signed(served, b"{}", "secret", "m1", 1, outside)


def test_public_addresses_are_public() -> None:
    assert all(map(is_public, ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"]))


def test_a_server_that_is_not_there_and_a_name_that_is_none_are_not_sent() -> None:
    with pytest.raises(NotSentError, match="Connection"):
        post_signed("http://hook.test:1/", b"{}", "secret", "m1", 1, INSIDE)
    with pytest.raises(NotSentError, match="no address"):
        post_signed("http://nobody/", b"{}", "secret", "m1", 1, Outside(lookup=lambda _host: []))


def _drips(listening: socket.socket, first: bytes, over: threading.Event) -> None:
    """Answers for ever, a byte at a time."""
    line, _ = listening.accept()
    with line:
        line.sendall(first)
        while not over.wait(0.02):
            try:
                line.sendall(b"x")
            except OSError:
                return


@pytest.mark.parametrize(
    ("scheme", "first"),
    [
        ("http", b"HTTP/1.1 200 OK\r\nX: "),
        ("http", b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n"),
        ("https", b"\x16\x03\x03\x3f\xff"),
    ],
)
def test_whoever_answers_a_byte_at_a_time_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, scheme: str, first: bytes
) -> None:
    monkeypatch.setattr(webhook, "TRY_S", 0.2)
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_drips, args=(listening, first, over))
        thread.start()
        url = f"{scheme}://hook.test:{listening.getsockname()[1]}/"
        try:
            with pytest.raises(NotSentError, match=r"not (answer|understood)"):
                post_to_robot(url, "x", INSIDE)
        finally:
            over.set()
            thread.join()
