"""Snapshots over HTTP: a real server on loopback, asked by a terminal's own client."""

from __future__ import annotations

import datetime as dt
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

import linli
from linli.ledger.database import open_database, reading
from linli.ledger.feed.snapshot import snapshot
from linli.ledger.people.checks import NewHolder, NewOrg
from linli.ledger.people.register import enrol
from linli.ledger.people.tree import add_orgs
from linli.ledger.terminals.registry import register
from linli.ledger.web.app import make_app
from linli.ledger.web.server import HttpServer, ServerError
from linli.sync.clock import Clock, SystemClock
from linli.sync.messages import HolderRow, Kind, Stream
from linli.sync.sessions import direct_session
from linli.sync.signing import public_hex, sign_request
from linli.sync.snapshots import SnapshotClient, SnapshotError

CLOCK = SystemClock()
KEY, OTHER_KEY, BOARD_KEY = (
    Ed25519PrivateKey.from_private_bytes(bytes([n] * 32)) for n in range(3)
)
PATH = "/v1/scope/yangguang/changes/snapshot"


class LateClock(SystemClock):
    """Six minutes slow."""

    def now(self) -> dt.datetime:
        return super().now() - dt.timedelta(minutes=6)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_database(tmp_path_factory.mktemp("ledger") / "ledger.db")
    now = CLOCK.now()
    with engine.begin() as connection:
        add_orgs(
            connection,
            [
                NewOrg("xiangyang", None, "street", "向阳街道"),
                NewOrg("yangguang", "xiangyang", "community", "阳光社区"),
                NewOrg("hupan", "xiangyang", "community", "湖畔社区"),
                NewOrg("b-1", "yangguang", "building", "1号楼"),
            ],
            now,
        )
        people = [
            NewHolder(f"a{n:06d}", "张小三", Kind.RESIDENT, "b-1", consent=True, under14=False)
            for n in range(300)
        ]
        enrol(connection, people, now)
        for name, kind, key in (("one", "terminal", KEY), ("board", "board", BOARD_KEY)):
            register(
                connection,
                name=name,
                kind=kind,
                public_key=public_hex(key),
                scope="yangguang",
                centre="yangguang-centre",
                now=now,
            )
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def server(engine: Engine) -> Iterator[HttpServer]:
    server = HttpServer(make_app(engine, CLOCK), "127.0.0.1", 0)
    server.start()
    yield server
    server.close()


def url(server: HttpServer) -> str:
    return f"http://127.0.0.1:{server.port}"


def client(
    server: HttpServer,
    name: str = "one",
    key: Ed25519PrivateKey = KEY,
    clock: Clock = CLOCK,
) -> SnapshotClient:
    return SnapshotClient(url(server), name, key, clock, direct_session())


def ask(server: HttpServer, path: str, name: str = "one") -> requests.Response:
    key = BOARD_KEY if name == "board" else KEY
    header = sign_request(key, name, path, CLOCK.now())
    return requests.get(url(server) + path, headers={"Authorization": header}, timeout=5)


def test_the_server_says_that_it_is_well(server: HttpServer) -> None:
    answer = requests.get(url(server) + "/healthz", timeout=5)
    assert answer.json() == {"ok": True, "version": linli.__version__}


@pytest.mark.parametrize("stream", Stream)
def test_a_terminal_is_given_both_streams(
    server: HttpServer, engine: Engine, stream: Stream
) -> None:
    answer = client(server).fetch("yangguang", stream)
    with reading(engine) as connection:
        assert answer == snapshot(connection, "yangguang", stream, answer.at)


def test_a_big_answer_is_sent_packed(server: HttpServer) -> None:
    answer = ask(server, "/v1/scope/yangguang/holders/snapshot")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) < len(answer.content) / 4
    assert len([row for row in answer.json()["rows"] if row["row"] == "holder"]) == 300


def test_a_board_is_given_changes_but_no_holders(server: HttpServer) -> None:
    board = client(server, "board", BOARD_KEY)
    assert not any(
        isinstance(row, HolderRow) for row in board.fetch("yangguang", Stream.CHANGES).rows
    )
    answer = ask(server, "/v1/scope/yangguang/holders/snapshot", "board")
    assert answer.status_code == 403
    assert "board is a board" in answer.json()["error"]


@pytest.mark.parametrize(
    ("name", "key", "clock"),
    [("two", KEY, CLOCK), ("one", OTHER_KEY, CLOCK), ("one", KEY, LateClock())],
)
def test_a_stranger_or_a_stale_request_is_refused(
    server: HttpServer, name: str, key: Ed25519PrivateKey, clock: Clock
) -> None:
    with pytest.raises(SnapshotError, match="answered 401"):
        client(server, name, key, clock).fetch("yangguang", Stream.CHANGES)


@pytest.mark.parametrize(
    "header", ["", "Linli", "Basic eDp5", "Linli terminal=one,at=x,signature=y"]
)
def test_a_request_that_is_not_signed_is_refused(server: HttpServer, header: str) -> None:
    answer = requests.get(url(server) + PATH, headers={"Authorization": header}, timeout=5)
    assert answer.status_code == 401
    assert answer.json()["error"]


def test_a_signature_is_for_one_path_only(server: HttpServer) -> None:
    header = sign_request(KEY, "one", PATH, CLOCK.now())
    other = url(server) + "/v1/scope/yangguang/holders/snapshot"
    assert requests.get(other, headers={"Authorization": header}, timeout=5).status_code == 401


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/scope/hupan/changes/snapshot", 403),
        ("/v1/scope/nowhere/changes/snapshot", 404),
        ("/v1/scope/xiangyang/changes/snapshot", 404),
        ("/v1/scope/yangguang/secrets/snapshot", 404),
        ("/v1/other", 404),
    ],
)
def test_what_is_not_theirs_or_not_there_is_refused_with_a_sentence(
    server: HttpServer, path: str, status: int
) -> None:
    answer = ask(server, path)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_a_database_that_is_away_is_said_so(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "ledger.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE terminal")
    server = HttpServer(make_app(engine, CLOCK), "127.0.0.1", 0)
    server.start()
    try:
        answer = ask(server, PATH)
    finally:
        server.close()
        engine.dispose()
    assert answer.status_code == 503
    assert "try again later" in answer.json()["error"]


def test_a_port_that_is_taken_is_named(engine: Engine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = HttpServer(make_app(engine, CLOCK), "127.0.0.1", port)
        with pytest.raises(ServerError, match=f"port {port}"):
            server.start()
        server.close()


def _http_threads() -> int:
    return sum(thread.name == "http" for thread in threading.enumerate())


def test_a_closed_server_leaves_port_threads_and_signals_alone(engine: Engine) -> None:
    handler, before = signal.getsignal(signal.SIGINT), _http_threads()
    server = HttpServer(make_app(engine, CLOCK), "127.0.0.1", 0)
    server.start()
    assert signal.getsignal(signal.SIGINT) is handler
    with direct_session() as session:  # a connection that stays open
        session.get(url(server) + "/healthz", timeout=5)
        server.close()
    assert _http_threads() == before
    with socket.create_server(("127.0.0.1", server.port)):
        pass
