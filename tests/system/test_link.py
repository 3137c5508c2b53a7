"""The link against a real Mosquitto: presence, and coming back by itself."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from random import Random

import pytest
from doubles.mqtt import Peer
from doubles.waiting import eventually, stays

from linli.sync import link as link_module
from linli.sync import topics
from linli.sync.broker import Broker
from linli.sync.clock import SystemClock
from linli.sync.link import Link
from linli.town.cable import Cable

PRESENCE = topics.presence("t-1")


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "FIRST_S", 0.05)
    monkeypatch.setattr(link_module, "CAP_S", 0.2)


@contextmanager
def opened(
    port: int, boot: str = "boot-1", prepare: Callable[[Link], None] = lambda _: None
) -> Iterator[Link]:
    clock, random = SystemClock(), Random(1)
    link = Link("t-1", "127.0.0.1", port, boot, clock, "1.0", presence=True, random=random)
    prepare(link)
    link.start()
    try:
        yield link
    finally:
        link.close()


def retained(port: int, topic: str = PRESENCE) -> dict[str, str]:
    """What a newcomer is told first."""
    with Peer(port, topic) as newcomer:
        eventually(lambda: newcomer.heard[topic])
        return dict(json.loads(newcomer.heard[topic][0]))


# --- presence ------------------------------------------------------------------------------------


def test_a_link_says_that_it_is_there_and_of_which_boot(broker: Broker) -> None:
    with opened(broker.port) as link:
        eventually(lambda: link.online)
        found = retained(broker.port)
        assert (found["state"], found["bootid"], found["version"]) == ("online", "boot-1", "1.0")


def test_a_link_that_is_closed_says_goodbye_and_leaves_no_thread(broker: Broker) -> None:
    before = set(threading.enumerate())
    with opened(broker.port) as link:
        eventually(lambda: link.online)
    assert not link.online
    assert set(threading.enumerate()) == before
    assert retained(broker.port)["state"] == "offline"


def test_a_link_that_dies_leaves_its_will(broker: Broker) -> None:
    cable = Cable(broker.port)
    with opened(cable.port) as link, Peer(broker.port, PRESENCE) as peer:
        eventually(lambda: link.online and peer.heard[PRESENCE])
        cable.cut()
        eventually(lambda: json.loads(peer.heard[PRESENCE][-1])["state"] == "offline")
        assert json.loads(peer.heard[PRESENCE][-1])["bootid"] == "boot-1"
    cable.close()


@pytest.mark.parametrize("overwritten", [b'{"terminal":"t-1","state":"offline"', b"", b"\xff"])
def test_a_will_or_garbage_that_comes_late_does_not_stay(
    broker: Broker, overwritten: bytes
) -> None:
    with opened(broker.port) as link, Peer(broker.port, PRESENCE) as peer:
        eventually(lambda: link.online)
        peer.say(PRESENCE, overwritten, retain=True)
        eventually(lambda: overwritten in peer.heard[PRESENCE])
        eventually(lambda: b'"online"' in peer.heard[PRESENCE][-1])
        assert retained(broker.port)["state"] == "online"


def test_the_will_of_an_older_boot_does_not_stay(broker: Broker) -> None:
    """The old session's connection hangs in the network until the new one is long there."""
    cable = Cable(broker.port)
    with opened(cable.port, "boot-1") as old, Peer(broker.port, PRESENCE) as peer:
        eventually(lambda: old.online)
        cable.cut()
        with opened(broker.port, "boot-2") as new:
            eventually(lambda: new.online)
            old_will = json.dumps(
                {
                    "terminal": "t-1",
                    "state": "offline",
                    "bootid": "boot-1",
                    "version": "1.0",
                    "at": "2026-11-24T09:00:00+08:00",
                }
            ).encode()
            peer.say(PRESENCE, old_will, retain=True)
            eventually(lambda: peer.heard[PRESENCE].count(old_will) == 1)
            eventually(lambda: retained(broker.port)["bootid"] == "boot-2")
            assert retained(broker.port)["state"] == "online"
    cable.close()


def test_whenever_it_is_closed_nobody_is_told_afterwards_that_it_is_there(broker: Broker) -> None:
    random = Random(7)
    for _ in range(25):
        with opened(broker.port):
            time.sleep(random.uniform(0, 0.02))
        with Peer(broker.port, PRESENCE) as peer:
            stays(lambda: all(b"online" not in said for said in peer.heard[PRESENCE]), 0.02)


def test_a_link_without_presence_says_nothing(broker: Broker) -> None:
    with Peer(broker.port, "#") as peer:
        link = Link("t-1", "127.0.0.1", broker.port, "b", SystemClock(), "1.0", presence=False)
        link.start()
        eventually(lambda: link.online)
        link.close()
        assert peer.heard == {}


# --- messages ------------------------------------------------------------------------------------


def test_a_handler_gets_the_messages_of_its_filter_and_no_others(broker: Broker) -> None:
    heard: list[tuple[str, bytes]] = []

    def prepare(link: Link) -> None:
        link.subscribe("a/+/c", lambda topic, payload: heard.append((topic, payload)))
        link.subscribe("$share/group/d", lambda topic, payload: heard.append((topic, payload)))
        link.subscribe("x", lambda *_: None)

    with opened(broker.port, prepare=prepare) as link, Peer(broker.port) as peer:
        eventually(lambda: link.online)
        for topic in ("x", "a/b/c", "d"):
            peer.say(topic, topic.encode())
        eventually(lambda: len(heard) == 2)
    assert heard == [("a/b/c", b"a/b/c"), ("d", b"d")]


def test_publishing_without_a_connection_is_refused(broker: Broker) -> None:
    link = Link("t-1", "127.0.0.1", broker.port, "b", SystemClock(), "1.0", presence=False)
    assert not link.publish("a", b"1")
    link.close()


def test_what_is_published_beyond_the_queue_is_refused_and_not_lost_in_silence(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "QUEUED", 5)
    with opened(broker.port) as link, Peer(broker.port, "a") as peer:
        eventually(lambda: link.online)
        assert broker.pid is not None
        os.kill(broker.pid, signal.SIGSTOP)
        taken = [link.publish("a", str(n).encode()) for n in range(20)]
        os.kill(broker.pid, signal.SIGCONT)
        assert not all(taken)
        eventually(lambda: len(peer.heard["a"]) == sum(taken))


# --- coming back ---------------------------------------------------------------------------------


def test_after_a_killed_broker_the_link_comes_back_and_says_so(broker: Broker) -> None:
    states: list[bool] = []
    with opened(broker.port, prepare=lambda link: link.on_state(states.append)) as link:
        eventually(lambda: link.online)
        broker.kill9()
        eventually(lambda: not link.online)
        stays(lambda: not link.online)
        broker.restart()
        eventually(lambda: states == [True, False, True])
        assert retained(broker.port)["state"] == "online"


def test_a_link_waits_for_a_broker_that_is_not_there_yet(broker: Broker) -> None:
    broker.kill9()
    with opened(broker.port) as link:
        stays(lambda: not link.online)
        broker.restart()
        eventually(lambda: link.online)


def test_a_broker_that_falls_silent_is_noticed_by_the_keepalive(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "KEEPALIVE_S", 1)
    monkeypatch.setattr(link_module, "CONNECT_S", 0.5)
    with opened(broker.port) as link:
        eventually(lambda: link.online)
        assert broker.pid is not None
        os.kill(broker.pid, signal.SIGSTOP)
        try:
            eventually(lambda: not link.online)
        finally:
            os.kill(broker.pid, signal.SIGCONT)
        eventually(lambda: link.online)


@contextmanager
def false_broker(answer: bytes) -> Iterator[tuple[int, list[float]]]:
    """Takes connections, answers each with the same bytes; lists when they came."""
    server = socket.create_server(("127.0.0.1", 0))
    came: list[float] = []
    held: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            came.append(time.monotonic())
            connection.recv(4096)
            connection.sendall(answer)
            held.append(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server.getsockname()[1], came
    finally:
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for each in (server, *held):
            each.close()


NOT_AUTHORIZED = bytes.fromhex("2003008700")


@pytest.mark.parametrize("answer", [NOT_AUTHORIZED, b"HTTP/1.1 400 Bad Request\r\n\r\n", b""])
def test_a_broker_that_refuses_or_is_none_is_tried_again_with_back_off(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "CONNECT_S", 0.1)
    with false_broker(answer) as (port, came), opened(port) as link:
        eventually(lambda: len(came) >= 5)
        assert not link.online
        gaps = [after - before for before, after in pairwise(came)]
        assert min(gaps[3:]) > 0.05


def test_a_link_closes_at_once_while_a_broker_says_nothing() -> None:
    with false_broker(b"") as (port, came):
        link = Link("t-1", "127.0.0.1", port, "b", SystemClock(), "1.0", presence=True)
        link.start()
        eventually(lambda: came)
        link.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_death_of_pahos_thread_is_survived(broker: Broker) -> None:
    def poison(_topic: str, payload: bytes) -> None:
        if payload == b"poison":
            raise RuntimeError("a handler that must not exist")

    heard: list[bytes] = []

    def prepare(link: Link) -> None:
        link.subscribe("a", poison)
        link.subscribe("a", lambda _, payload: heard.append(payload))

    states: list[bool] = []
    with opened(broker.port, prepare=prepare) as link, Peer(broker.port) as peer:
        link.on_state(states.append)
        eventually(lambda: link.online)
        peer.say("a", b"poison")
        eventually(lambda: states[-2:] == [False, True])
        peer.say("a", b"food")
        eventually(lambda: heard == [b"food"])
