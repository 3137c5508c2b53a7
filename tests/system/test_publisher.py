"""From the ledger's commit to a terminal's replica, over a real broker."""

from __future__ import annotations

import datetime as dt
import queue
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace
from sqlalchemy import Engine, func, select

from linli.ledger.database import open_database
from linli.ledger.feed.publisher import Publisher
from linli.ledger.feed.schema import change, feed_head
from linli.ledger.people.cards import block_card, issue_cards
from linli.ledger.people.checks import NewCard, NewHolder, NewOrg
from linli.ledger.people.register import enrol
from linli.ledger.people.tree import add_orgs
from linli.ledger.standard.document import parse_standard
from linli.ledger.standard.versions import store
from linli.ledger.terminals.registry import register
from linli.ledger.web.app import make_app
from linli.ledger.web.server import HttpServer
from linli.sync import topics
from linli.sync.broker import Broker
from linli.sync.clock import SystemClock
from linli.sync.follower import Follower
from linli.sync.link import Link
from linli.sync.messages import Change, Head, HotList, Kind, StandardDoc, Stream
from linli.sync.replica import Replica
from linli.sync.sessions import direct_session
from linli.sync.signing import public_hex
from linli.sync.snapshots import SnapshotClient

CLOCK = SystemClock()
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
SCOPE = "yangguang"


class MovedClock(SystemClock):
    """The system's clock, some days later."""

    days = 0

    def now(self) -> dt.datetime:
        return super().now() + dt.timedelta(days=self.days)


def soon(condition: Callable[[], object], within: float = 10.0) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.005)


def standard_doc() -> StandardDoc:
    text = files("linli.assets").joinpath("points-standard.yaml").read_text(encoding="utf-8")
    return parse_standard(text)


def settle(engine: Engine) -> None:
    """One community with a terminal, a person and a card."""
    now = CLOCK.now()
    with engine.begin() as connection:
        store(connection, standard_doc(), now)
        orgs = [
            NewOrg("xiangyang", None, "street", "向阳街道"),
            NewOrg(SCOPE, "xiangyang", "community", "阳光社区"),
            NewOrg("b-1", SCOPE, "building", "1号楼"),
        ]
        add_orgs(connection, orgs, now)
        register(
            connection,
            name="one",
            kind="terminal",
            public_key=public_hex(KEY),
            scope=SCOPE,
            centre="yangguang-centre",
            now=now,
        )
        enrol(
            connection,
            [NewHolder("a0", "李明", Kind.RESIDENT, "b-1", consent=True, under14=False)],
            now,
        )
        issue_cards(connection, [NewCard("c0", "04a1b2c3d4e5f6", "a0", "ntag213", None)], now)


class World:
    """A ledger with publisher and HTTP, and whatever is connected to its broker."""

    def __init__(self, directory: Path, cleanup: ExitStack) -> None:
        self.directory = directory
        self.cleanup = cleanup
        self.clock = MovedClock()
        self.broker = cleanup.enter_context(Broker(directory / "broker"))
        self.engine: Engine = open_database(directory / "ledger.db")
        cleanup.callback(self.engine.dispose)
        self.people = 0
        settle(self.engine)
        self.http = HttpServer(make_app(self.engine, CLOCK), "127.0.0.1", 0)
        self.http.start()
        cleanup.callback(self.http.close)
        self.link = self.new_link("ledger")
        self.publisher = self.new_publisher(self.link)
        soon(lambda: self.waiting() == 0)  # the settling is out before anybody listens

    def new_link(self, name: str) -> Link:
        return Link(name, "127.0.0.1", self.broker.port, "boot", CLOCK, "0", presence=False)

    def run(self, link: Link) -> None:
        link.start()
        self.cleanup.callback(link.close)
        soon(lambda: link.online)

    def new_publisher(self, link: Link) -> Publisher:
        publisher = Publisher(self.engine, link, self.clock)
        publisher.start()
        self.run(link)
        self.cleanup.callback(publisher.close)
        return publisher

    def enrol(self, *, poke: bool = True) -> str:
        self.people += 1
        new = NewHolder(f"a{self.people}", "张小三", Kind.RESIDENT, "b-1", True, False)
        with self.engine.begin() as connection:
            enrol(connection, [new], CLOCK.now())
        if poke:
            self.publisher.poke()
        return new.account

    def listen(self, *topic_filters: str) -> queue.Queue[tuple[str, bytes]]:
        """Messages as they come, retained ones first."""
        arrived: queue.Queue[tuple[str, bytes]] = queue.Queue()
        link = self.new_link(f"listener-{time.monotonic_ns()}")
        for topic_filter in topic_filters:
            link.subscribe(topic_filter, lambda topic, payload: arrived.put((topic, payload)))
        self.run(link)
        return arrived

    def replica(self) -> Replica:
        """A terminal's replica that follows both streams."""
        replica = Replica(self.directory / "replica.db", SCOPE, tuple(Stream))
        link = self.new_link("one")
        session = direct_session()
        url = f"http://127.0.0.1:{self.http.port}"
        follower = Follower(replica, link, SnapshotClient(url, "one", KEY, CLOCK, session), CLOCK)
        self.cleanup.callback(replica.close)
        self.cleanup.callback(session.close)
        follower.start()
        self.cleanup.callback(follower.close)
        self.run(link)
        return replica

    def waiting(self) -> int:
        with self.engine.connect() as connection:
            query = select(func.count()).select_from(change).where(change.c.published.is_(False))
            return int(connection.execute(query).scalar_one())

    def head(self, stream: Stream) -> int:
        with self.engine.connect() as connection:
            query = select(feed_head.c.number).where(
                feed_head.c.scope == SCOPE, feed_head.c.stream == stream.value
            )
            return int(connection.execute(query).scalar_one())


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with ExitStack() as cleanup:
        yield World(tmp_path, cleanup)


def numbers(arrived: queue.Queue[tuple[str, bytes]], count: int) -> list[int]:
    return [
        msgspec.json.decode(arrived.get(timeout=10)[1], type=Change).number for _ in range(count)
    ]


def test_a_replica_follows_the_ledger(world: World) -> None:
    replica = world.replica()
    soon(lambda: replica.position(Stream.HOLDERS) == world.head(Stream.HOLDERS))
    account = world.enrol()
    soon(lambda: replica.holder(account) is not None)
    assert replica.position(Stream.HOLDERS) == world.head(Stream.HOLDERS)


def test_changes_go_out_in_their_order_and_are_marked(world: World) -> None:
    arrived = world.listen(topics.feed(SCOPE, Stream.HOLDERS))
    first = world.head(Stream.HOLDERS) + 1
    for _ in range(30):
        world.enrol(poke=False)
    world.publisher.poke()
    assert numbers(arrived, 30) == list(range(first, first + 30))
    soon(lambda: world.waiting() == 0)


def test_what_another_process_commits_goes_out_without_a_poke(world: World) -> None:
    arrived = world.listen(topics.feed(SCOPE, Stream.HOLDERS))
    world.enrol(poke=False)
    assert numbers(arrived, 1) == [world.head(Stream.HOLDERS)]


def test_a_poke_is_published_without_delay(world: World) -> None:
    arrived = world.listen(topics.feed(SCOPE, Stream.HOLDERS))
    world.enrol()
    arrived.get(timeout=10)
    delays = []
    for _ in range(10):
        world.enrol(poke=False)
        began = time.monotonic()
        world.publisher.poke()
        arrived.get(timeout=10)
        delays.append(time.monotonic() - began)
    assert sorted(delays)[5] < 0.25, "waited for the next look instead of the poke"


def test_what_was_committed_without_a_broker_goes_out_when_it_is_back(world: World) -> None:
    replica = world.replica()
    soon(lambda: replica.position(Stream.HOLDERS) == world.head(Stream.HOLDERS))
    world.broker.kill9()
    soon(lambda: not world.link.online)
    accounts = [world.enrol() for _ in range(5)]
    assert world.waiting() >= 5
    world.broker.restart()
    soon(lambda: all(replica.holder(account) for account in accounts), within=30)
    soon(lambda: world.waiting() == 0)


def test_a_replica_that_lost_the_last_change_learns_of_it_from_the_head(world: World) -> None:
    account = world.enrol()
    soon(lambda: world.waiting() == 0)
    world.publisher.close()  # nothing will be published again
    replica = world.replica()
    soon(lambda: replica.holder(account) is not None)
    assert replica.position(Stream.HOLDERS) == world.head(Stream.HOLDERS)


def test_a_restarted_broker_has_everything_retained_again(world: World) -> None:
    with world.engine.begin() as connection:
        block_card(connection, "c0", CLOCK.now())
    world.publisher.poke()
    soon(lambda: world.waiting() == 0)
    world.broker.kill9()
    soon(lambda: not world.link.online)
    world.broker.restart()
    soon(lambda: world.link.online, within=30)
    wanted = {
        topics.head(SCOPE, Stream.CHANGES),
        topics.head(SCOPE, Stream.HOLDERS),
        topics.standard(SCOPE),
        topics.hot_list(SCOPE),
    }
    arrived = world.listen(*wanted)
    seen = dict(arrived.get(timeout=10) for _ in wanted)
    assert seen.keys() == wanted
    head = msgspec.json.decode(seen[topics.head(SCOPE, Stream.HOLDERS)], type=Head)
    assert head.number == world.head(Stream.HOLDERS)
    assert msgspec.json.decode(seen[topics.standard(SCOPE)], type=StandardDoc) == standard_doc()


def test_a_blocked_card_reaches_the_hot_list_of_a_terminal(world: World) -> None:
    replica = world.replica()
    soon(lambda: replica.position(Stream.HOLDERS) == world.head(Stream.HOLDERS))
    with world.engine.begin() as connection:
        block_card(connection, "c0", CLOCK.now())
    world.publisher.poke()
    soon(lambda: replica.is_hot("c0"))


def test_the_hot_list_names_the_blocked_cards_with_a_version(world: World) -> None:
    with world.engine.begin() as connection:
        block_card(connection, "c0", CLOCK.now())
    arrived = world.listen(topics.hot_list(SCOPE))
    doc = msgspec.json.decode(arrived.get(timeout=10)[1], type=HotList)
    assert (doc.scope, doc.cards) == (SCOPE, ["c0"])
    assert doc.version > 0


def test_a_standard_to_come_goes_out_at_once_and_is_retained_from_its_day(world: World) -> None:
    arrived = world.listen(topics.standard(SCOPE))
    now = msgspec.json.decode(arrived.get(timeout=10)[1], type=StandardDoc)
    today = CLOCK.now().date()
    coming = replace(now, version="next", effective_from=today + dt.timedelta(days=2))
    with world.engine.begin() as connection:
        store(connection, coming, CLOCK.now())
    versions = [
        msgspec.json.decode(arrived.get(timeout=10)[1], type=StandardDoc).version for _ in range(2)
    ]
    assert versions == ["next", now.version]
    world.clock.days = 2
    retained = msgspec.json.decode(arrived.get(timeout=10)[1], type=StandardDoc)
    assert retained == coming


def test_two_publishers_do_no_harm(world: World) -> None:
    other = world.new_publisher(world.new_link("ledger-2"))
    replica = world.replica()
    accounts = []
    for _ in range(20):
        accounts.append(world.enrol())
        other.poke()
    soon(lambda: all(replica.holder(account) for account in accounts))
    soon(lambda: world.waiting() == 0)
    soon(lambda: replica.position(Stream.HOLDERS) == world.head(Stream.HOLDERS))


def test_a_database_error_only_delays(world: World) -> None:
    arrived = world.listen(topics.feed(SCOPE, Stream.HOLDERS))
    with world.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE change RENAME TO away")
    world.publisher.poke()
    time.sleep(0.1)
    with world.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO change")
    world.enrol()
    assert numbers(arrived, 1) == [world.head(Stream.HOLDERS)]


def test_a_closing_publisher_marks_what_it_published(world: World) -> None:
    world.enrol()
    world.publisher.close()
    assert world.waiting() == 0


# --- with a link that does as it is told -----------------------------------------------------


class HandLink(Link):
    """Takes messages while `up`, and says so when it comes back; no network."""

    def __init__(self) -> None:
        super().__init__("hand", "127.0.0.1", 1, "boot", CLOCK, "0", presence=False)
        self.up = False
        self.taken: list[tuple[str, int]] = []
        """Topic and number of each change and head."""

    @property
    def online(self) -> bool:
        return self.up

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> bool:
        if self.up and SCOPE in topic and Stream.HOLDERS.value in topic:
            number = msgspec.json.decode(payload)["number"]
            self.taken.append((topic, number))
        return self.up

    def come_up(self) -> None:
        self.up = True
        for listener in self._listeners:
            listener(True)


class StillClock(SystemClock):
    """No second ever passes: nothing is looked for but what a poke tells of."""

    def monotonic(self) -> float:
        return 0.0


@pytest.fixture
def hand_engine(tmp_path: Path) -> Iterator[Engine]:
    """Two changes of the holders' feed are waiting."""
    engine = open_database(tmp_path / "ledger.db")
    settle(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def hand_link() -> HandLink:
    return HandLink()


@pytest.fixture
def hand_publisher(hand_engine: Engine, hand_link: HandLink) -> Iterator[Publisher]:
    publisher = Publisher(hand_engine, hand_link, StillClock())
    publisher.start()
    yield publisher
    publisher.close()


FEED, HEAD = topics.feed(SCOPE, Stream.HOLDERS), topics.head(SCOPE, Stream.HOLDERS)


def test_the_head_follows_the_last_change(
    hand_publisher: Publisher, hand_link: HandLink, hand_engine: Engine
) -> None:
    hand_link.come_up()
    soon(lambda: len(hand_link.taken) == 3)
    assert hand_link.taken == [(FEED, 1), (FEED, 2), (HEAD, 2)]
    with hand_engine.begin() as connection:
        block_card(connection, "c0", CLOCK.now())
    hand_publisher.poke()
    soon(lambda: len(hand_link.taken) == 5)
    assert hand_link.taken[3:] == [(FEED, 3), (HEAD, 3)]


def test_what_a_lost_connection_took_goes_out_again(
    hand_publisher: Publisher, hand_link: HandLink
) -> None:
    hand_link.come_up()
    soon(lambda: len(hand_link.taken) == 3)
    hand_link.up = False
    hand_publisher.poke()
    hand_link.taken.clear()
    hand_link.come_up()
    soon(lambda: len(hand_link.taken) == 3)
    assert hand_link.taken == [(FEED, 1), (FEED, 2), (HEAD, 2)]


def test_a_publisher_without_a_link_closes_at_once(
    hand_publisher: Publisher, hand_link: HandLink
) -> None:
    began = time.monotonic()
    hand_publisher.close()
    assert time.monotonic() - began < 0.5
    assert hand_link.taken == []
