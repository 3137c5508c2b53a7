"""Asking the ledger: answered, or told why not; whoever asks never waits."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from doubles.redeeming import KEY, WHO

from linli.kiosk.network import ledger_asks
from linli.kiosk.network.ledger_asks import LedgerAsks, NotReachedError
from linli.sync.asks import Answer, AskProof, AskRedeem, Declined, open_ask
from linli.sync.clock import SystemClock
from linli.sync.messages import encode
from linli.sync.sessions import direct_session

ASK = AskRedeem(who=WHO, request="q-1", ware="soap")
SORRY = Declined(reason="too-few")
Reply = Callable[[bytes], tuple[int, bytes]]


@contextmanager
def ledger(reply: Reply) -> Iterator[str]:
    """A server that answers every POST with what `reply` makes of it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = reply(body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Asking:
    def __init__(self, url: str) -> None:
        self.session = direct_session()
        self.asks = LedgerAsks(url, "t-1", KEY, SystemClock(), self.session)
        self.answers: queue.Queue[Answer | NotReachedError] = queue.Queue()
        self.asks.start()

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *_: object) -> None:
        self.asks.close()
        self.session.close()

    def answer(self) -> Answer | NotReachedError:
        self.asks.post(ASK, self.answers.put)
        return self.answers.get(timeout=20)

    def missed(self) -> NotReachedError:
        answer = self.answer()
        assert isinstance(answer, NotReachedError)
        return answer


def test_an_ask_arrives_signed_and_its_answer_comes_back() -> None:
    arrived: list[bytes] = []

    def reply(body: bytes) -> tuple[int, bytes]:
        arrived.append(body)
        return 200, encode(SORRY)

    with ledger(reply) as url, Asking(url) as asking:
        assert asking.answer() == SORRY
    assert open_ask(arrived[0], KEY.public_key()).ask == ASK


def test_a_ledger_that_is_not_there_was_not_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with Asking(f"http://127.0.0.1:{port}") as asking:
        assert not asking.missed().heard


@pytest.mark.parametrize(("status", "heard"), [(401, False), (413, False), (502, True)])
def test_another_status_is_no_answer(status: int, heard: bool) -> None:
    with ledger(lambda _: (status, encode(SORRY))) as url, Asking(url) as asking:
        error = asking.missed()
    assert (str(status) in str(error), error.heard) == (True, heard)


def test_an_answer_that_cannot_be_read_may_have_been_given_after_all() -> None:
    with ledger(lambda _: (200, b"<html>")) as url, Asking(url) as asking:
        assert asking.missed().heard


def test_a_ledger_that_hangs_up_may_have_heard() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            connection, _ = server.accept()
            connection.recv(65536)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with Asking(f"http://127.0.0.1:{server.getsockname()[1]}") as asking:
            assert asking.missed().heard
        thread.join()


def test_a_ledger_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_asks, "READ_S", 0.05)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        Asking(f"http://127.0.0.1:{server.getsockname()[1]}") as asking,
    ):
        assert asking.missed().heard


def test_somebody_who_stands_there_goes_before_what_can_wait() -> None:
    held, order = threading.Event(), list[str]()

    def reply(body: bytes) -> tuple[int, bytes]:
        ask = open_ask(body, KEY.public_key()).ask
        assert isinstance(ask, AskProof)
        order.append(ask.deed)
        held.wait(10)
        return 200, encode(SORRY)

    with ledger(reply) as url, Asking(url) as asking:
        post = asking.asks.post
        post(AskProof(who=WHO, deed="first"), asking.answers.put)
        while not order:
            held.wait(0.001)
        post(AskProof(who=WHO, deed="later"), asking.answers.put, later=True)
        post(AskProof(who=WHO, deed="now"), asking.answers.put)
        held.set()
        for _ in range(3):
            asking.answers.get(timeout=20)
    assert order == ["first", "now", "later"]


def test_one_who_stumbles_over_an_answer_does_not_stop_the_next() -> None:
    def stumble(_: Answer | NotReachedError) -> None:
        raise RuntimeError("not mine")

    with ledger(lambda _: (200, encode(SORRY))) as url, Asking(url) as asking:
        asking.asks.post(ASK, stumble)
        assert asking.answer() == SORRY


def test_after_close_nobody_is_told_anything() -> None:
    with ledger(lambda _: (200, encode(SORRY))) as url, Asking(url) as asking:
        asking.asks.close()
        asking.asks.post(ASK, asking.answers.put)
    assert asking.answers.empty()
