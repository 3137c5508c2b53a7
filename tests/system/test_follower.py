"""A replica kept at the head of its feeds, over a real broker and a small HTTP server."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doubles.centre import activity, card, holder, standing
from doubles.feed import FeedDouble
from doubles.waiting import eventually, stays
from sqlalchemy.exc import OperationalError

from linli.sync import feed as feed_module
from linli.sync import follower as follower_module
from linli.sync import link as link_module
from linli.sync import snapshots as snapshots_module
from linli.sync import topics
from linli.sync.broker import Broker
from linli.sync.clock import SystemClock
from linli.sync.follower import Follower
from linli.sync.link import Link
from linli.sync.messages import HotList, Item, ItemClass, StandardDoc, Stream, encode
from linli.sync.replica import Replica
from linli.sync.sessions import direct_session
from linli.sync.signing import check_request
from linli.sync.snapshots import SnapshotClient

CHANGES, HOLDERS = Stream.CHANGES, Stream.HOLDERS
KEY = Ed25519PrivateKey.generate()


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "FIRST_S", 0.05)
    monkeypatch.setattr(link_module, "CAP_S", 0.2)
    monkeypatch.setattr(snapshots_module, "FIRST_S", 0.05)
    monkeypatch.setattr(snapshots_module, "CAP_S", 0.2)
    monkeypatch.setattr(snapshots_module, "PATIENCE_S", 0.05)
    monkeypatch.setattr(follower_module, "LOOK_S", 0.1)


class Following:
    """A terminal's following half."""

    def __init__(
        self, path: Path, port: int, url: str, streams: tuple[Stream, ...] = tuple(Stream)
    ) -> None:
        clock = SystemClock()
        self.replica = Replica(path, "s-1", streams)
        self.link = Link("t-1", "127.0.0.1", port, "boot-1", clock, "1.0", presence=False)
        self.session = direct_session()
        client = SnapshotClient(url, "t-1", KEY, clock, self.session)
        self.follower = Follower(self.replica, self.link, client, clock)
        self.follower.start()
        self.link.start()

    def at(self, stream: Stream, number: int) -> None:
        eventually(lambda: self.replica.position(stream) == number)

    def close(self) -> None:
        self.follower.close()
        self.link.close()
        self.session.close()
        self.replica.close()


@pytest.fixture
def feed(broker: Broker) -> Iterator[FeedDouble]:
    feed = FeedDouble(broker.port)
    yield feed
    feed.close()


@pytest.fixture
def following(tmp_path: Path, broker: Broker, feed: FeedDouble) -> Iterator[Following]:
    following = Following(tmp_path / "replica.db", broker.port, feed.url)
    yield following
    following.close()


# --- following -----------------------------------------------------------------------------------


def test_the_first_start_fetches_a_snapshot_of_each_stream(
    feed: FeedDouble, tmp_path: Path, broker: Broker
) -> None:
    feed.commit(CHANGES, activity("a-1"))
    feed.commit(HOLDERS, holder("r-1"))
    following = Following(tmp_path / "replica.db", broker.port, feed.url)
    following.at(CHANGES, 1)
    following.at(HOLDERS, 1)
    assert following.replica.holder("r-1") is not None
    check_request(
        feed.authorizations[0],
        f"/v1/scope/s-1/{next(iter(feed.asked)).value}/snapshot",
        KEY.public_key(),
        dt.datetime.now(dt.UTC),
    )
    following.close()


def test_a_first_snapshot_is_fetched_without_a_broker_too(
    feed: FeedDouble, tmp_path: Path, broker: Broker
) -> None:
    feed.commit(CHANGES, activity("a-1"))
    broker.kill9()
    following = Following(tmp_path / "replica.db", broker.port, feed.url)
    following.at(CHANGES, 1)
    following.close()


def test_changes_are_applied_as_they_come_without_another_snapshot(
    feed: FeedDouble, following: Following
) -> None:
    following.at(CHANGES, 0)
    eventually(lambda: following.link.online)
    for n in range(30):
        feed.commit(CHANGES, standing(f"r-{n}", n + 1))
    following.at(CHANGES, 30)
    assert feed.asked[CHANGES] == 1


def test_a_board_asks_for_the_public_stream_only(
    feed: FeedDouble, tmp_path: Path, broker: Broker
) -> None:
    feed.commit(HOLDERS, holder("r-1"))
    feed.commit(CHANGES, activity("a-1"))
    board = Following(tmp_path / "board.db", broker.port, feed.url, (CHANGES,))
    board.at(CHANGES, 1)
    feed.commit(HOLDERS, holder("r-2"))
    feed.commit(CHANGES, activity("a-2"))
    board.at(CHANGES, 2)
    assert feed.asked[HOLDERS] == 0
    assert board.replica.holder("r-1") is None
    board.close()


def test_what_was_missed_while_switched_off_is_made_up(
    feed: FeedDouble, tmp_path: Path, broker: Broker
) -> None:
    feed.commit(CHANGES, activity("a-1"))
    first = Following(tmp_path / "replica.db", broker.port, feed.url)
    first.at(CHANGES, 1)
    first.close()
    feed.commit(CHANGES, activity("a-2"))
    feed.commit(CHANGES, activity("a-3"))
    again = Following(tmp_path / "replica.db", broker.port, feed.url)
    again.at(CHANGES, 3)
    assert again.replica.activity("a-2") is not None
    again.close()


# --- what goes missing ---------------------------------------------------------------------------


def test_a_gap_is_closed_by_a_snapshot(feed: FeedDouble, following: Following) -> None:
    following.at(CHANGES, 0)
    eventually(lambda: following.link.online)
    feed.commit(CHANGES, activity("a-1"), lose_change=True)
    feed.commit(CHANGES, activity("a-2"))
    following.at(CHANGES, 2)
    assert following.replica.activity("a-1") is not None
    assert feed.asked[CHANGES] == 2


def test_a_lost_last_change_is_noticed_by_the_head(feed: FeedDouble, following: Following) -> None:
    following.at(CHANGES, 0)
    eventually(lambda: following.link.online)
    feed.commit(CHANGES, activity("a-1"), lose_change=True)
    following.at(CHANGES, 1)
    assert following.replica.activity("a-1") is not None


def test_a_lost_last_change_is_noticed_by_the_head_that_was_kept(
    feed: FeedDouble, following: Following, broker: Broker
) -> None:
    following.at(CHANGES, 0)
    broker.kill9()
    eventually(lambda: not following.link.online)
    broker.restart()
    feed.commit(CHANGES, activity("a-1"), lose_change=True)
    following.at(CHANGES, 1)


def test_a_restored_ledger_takes_the_replica_back_with_it(
    feed: FeedDouble, following: Following
) -> None:
    following.at(CHANGES, 0)
    eventually(lambda: following.link.online)
    for n in range(5):
        feed.commit(CHANGES, activity(f"a-{n}"))
    following.at(CHANGES, 5)
    feed.restore(CHANGES, 2)
    following.at(CHANGES, 2)
    assert following.replica.activity("a-4") is None
    feed.commit(CHANGES, activity("a-9"))
    following.at(CHANGES, 3)
    assert following.replica.activity("a-9") is not None


def test_a_head_that_comes_late_takes_nothing_back(feed: FeedDouble, following: Following) -> None:
    following.at(CHANGES, 0)
    eventually(lambda: following.link.online)
    for n in range(5):
        feed.commit(CHANGES, activity(f"a-{n}"))
    following.at(CHANGES, 5)
    late = b'{"scope":"s-1","stream":"changes","number":2}'
    feed.mqtt.say(topics.head("s-1", CHANGES), late)
    eventually(lambda: feed.asked[CHANGES] == 2)
    stays(lambda: following.replica.position(CHANGES) == 5)
    assert following.replica.activity("a-4") is not None


# --- snapshots that fail -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, None),
        (302, None),
        (200, b"<html>the hotel's login page</html>"),
        (
            200,
            b'{"scope":"s-2","stream":"changes","number":9,"at":"2026-01-01T00:00:00Z","rows":[]}',
        ),
        (200, b'{"scope":"s-1","stream":"changes","number":9'),
    ],
)
def test_snapshots_that_fail_are_tried_again_until_they_are_back(
    feed: FeedDouble, tmp_path: Path, broker: Broker, status: int, body: bytes | None
) -> None:
    feed.commit(CHANGES, activity("a-1"))
    feed.status, feed.body = status, body
    following = Following(tmp_path / "replica.db", broker.port, feed.url)
    eventually(lambda: feed.asked[CHANGES] >= 3)
    assert following.replica.position(CHANGES) is None
    feed.status, feed.body = 200, None
    following.at(CHANGES, 1)
    following.close()


def test_changes_that_come_while_the_first_snapshot_fails_are_kept(
    feed: FeedDouble, tmp_path: Path, broker: Broker
) -> None:
    feed.status = 503
    following = Following(tmp_path / "replica.db", broker.port, feed.url)
    eventually(lambda: following.link.online)
    feed.commit(CHANGES, activity("a-1"))
    feed.status = 200
    following.at(CHANGES, 1)
    following.close()


# --- what must not be taken ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "payload",
    [
        b"\xff\xfe\x00",
        b"",
        b"[]",
        b'{"scope":"s-1","stream":"changes","number":1'
        + b"0" * 40
        + b',"at":"2026-01-01T00:00:00Z","rows":[]}',
        b'{"scope":"s-2","stream":"changes","number":1,"at":"2026-01-01T00:00:00Z","rows":[]}',
        b'{"scope":"s-1","stream":"holders","number":1,"at":"2026-01-01T00:00:00Z","rows":[]}',
        b'{"x":' + b"[" * 50_000,
    ],
)
def test_a_change_that_is_none_is_counted_and_disturbs_nothing(
    feed: FeedDouble, following: Following, payload: bytes
) -> None:
    following.at(CHANGES, 0)
    feed.commit(CHANGES, activity("a-1"))
    following.at(CHANGES, 1)  # arrived over the link, so the subscriptions stand
    feed.mqtt.say(topics.feed("s-1", CHANGES), payload)
    eventually(lambda: following.follower.malformed["change"] == 1)
    feed.commit(CHANGES, activity("a-2"))
    following.at(CHANGES, 2)


# --- documents -----------------------------------------------------------------------------------


def say_documents(feed: FeedDouble) -> None:
    hot = HotList(scope="s-1", version=1, cards=["c-1"])
    feed.mqtt.say(topics.hot_list("s-1"), encode(hot), retain=True)
    item = Item(code="B01", name="patrol", points=7, record="checkin")
    doc = StandardDoc(
        version="v1",
        effective_from=dt.date(2026, 1, 1),
        classes=[ItemClass(code="B", name="safety", items=[item])],
    )
    feed.mqtt.say(topics.standard("s-1"), encode(doc), retain=True)


def has_documents(replica: Replica) -> bool:
    return replica.is_hot("c-1") and replica.item("B01", dt.date(2026, 11, 24)) is not None


def test_hot_list_and_standard_are_there_after_the_first_connection(
    feed: FeedDouble, tmp_path: Path, broker: Broker
) -> None:
    say_documents(feed)
    following = Following(tmp_path / "replica.db", broker.port, feed.url)
    eventually(lambda: has_documents(following.replica))
    following.close()


def test_a_replica_broken_while_running_is_fetched_again_and_forgets_no_hot_card(
    feed: FeedDouble, following: Following, tmp_path: Path
) -> None:
    say_documents(feed)
    feed.commit(CHANGES, *[activity(f"a-{n}") for n in range(300)])
    feed.commit(HOLDERS, card("c-1", b"\x04abcdef", "r-1"))
    following.at(CHANGES, 1)
    following.at(HOLDERS, 1)
    eventually(lambda: has_documents(following.replica))
    following.replica.close()
    path = tmp_path / "replica.db"
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.write_bytes(path.read_bytes()[:4096] + b"\xa5" * (path.stat().st_size - 4096))
    following.replica.activity("a-7")
    following.at(CHANGES, 1)
    following.at(HOLDERS, 1)
    assert following.replica.activity("a-299") is not None
    assert following.replica.card(b"\x04abcdef".hex()) is not None
    assert has_documents(following.replica)


# --- a replica that cannot be written for a while ------------------------------------------------


def test_changes_that_could_not_be_written_are_made_up(
    feed: FeedDouble, following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    following.at(CHANGES, 0)
    eventually(lambda: following.link.online)
    failed = threading.Event()

    def fail(*_: object) -> None:
        failed.set()
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(following.replica, "apply", fail)
        feed.commit(CHANGES, activity("a-1"))
        assert failed.wait(10)
    following.at(CHANGES, 1)
    assert following.replica.activity("a-1") is not None


def test_closing_leaves_no_thread(feed: FeedDouble, tmp_path: Path, broker: Broker) -> None:
    before = set(threading.enumerate())
    following = Following(tmp_path / "replica.db", broker.port, feed.url)
    following.at(CHANGES, 0)
    following.close()
    eventually(lambda: set(threading.enumerate()) <= before)


def test_the_cap_on_waiting_changes_does_not_lose_the_head(
    feed: FeedDouble, tmp_path: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "WAITING_CAP", 3)
    feed.status = 503
    following = Following(tmp_path / "replica.db", broker.port, feed.url)
    eventually(lambda: following.link.online)
    for n in range(10):
        feed.commit(CHANGES, activity(f"a-{n}"))
    feed.status = 200
    following.at(CHANGES, 10)
    following.close()
