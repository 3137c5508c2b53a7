"""A whole terminal without its window: simulated reader, the real driver, a real broker, a test
ledger and feed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from doubles.centre import KEY, activity, card, holder
from doubles.clock import HandClock
from doubles.feed import FeedDouble
from doubles.ledger import LedgerDouble
from doubles.settings import terminal_settings
from doubles.waiting import eventually, stays
from msgspec.structs import replace
from sqlalchemy.exc import OperationalError

from linli.devices.readers.base import CardSeen, Chip, ReaderState
from linli.devices.readers.pn532 import Pn532
from linli.devices.simulated.cards import Ntag213, Ntag424
from linli.devices.simulated.reader import SimulatedReader
from linli.kiosk.flows import sight
from linli.kiosk.flows.actions import LinkPhone, SetLargeType, ShowPoints, ShowServices
from linli.kiosk.flows.views import (
    Choose,
    Home,
    Link,
    PhoneLink,
    Reader,
    Refused,
    Screen,
    Success,
    Trouble,
)
from linli.kiosk.flows.visit_views import Points, Services
from linli.kiosk.reception import ALONE_S
from linli.kiosk.settings import Connection
from linli.kiosk.terminal import Terminal
from linli.sync.broker import Broker
from linli.sync.messages import Row, Stream
from linli.sync.signing import load_or_make_key

SIMPLE, DYNAMIC = b"\x04simple", b"\x04dynami"


class WorkingClock(HandClock):
    """Wall time stands still, monotonic time runs: retries and time-outs work as in life. It may
    be put `ahead`."""

    ahead = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead


class Town:
    """Everything around one terminal. `screens` is what the window was told, in order."""

    def __init__(self, directory: Path, broker: Broker) -> None:
        data = directory / "data"
        data.mkdir()
        self.key = load_or_make_key(data / "terminal.key")
        self.clock = WorkingClock()
        self.broker = broker
        self.ledger = LedgerDouble(broker.port, {"t-1": self.key.public_key()})
        self.feed = FeedDouble(broker.port)
        self.reader = SimulatedReader(directory / "reader")
        self.screens: list[Screen] = []
        connection = Connection(
            broker_host="127.0.0.1", broker_port=broker.port, ledger_url=self.feed.url
        )
        self.settings = terminal_settings(data, connection, public_url="https://points.example")
        people: list[Row] = [
            holder("r-1"),
            holder("r-2"),
            card("c-1", SIMPLE, "r-1"),
            card("c-2", DYNAMIC, "r-2", KEY),
        ]
        self.feed.commit(Stream.HOLDERS, *people)

    def open(self, *activities: Row) -> Terminal:
        self.feed.commit(Stream.CHANGES, *activities)
        driver = Pn532("reader-1", self.reader.path)
        terminal = Terminal(self.settings, self.clock, [driver], self.screens.append)
        terminal.start()
        return terminal

    @property
    def shown(self) -> Screen:
        return self.screens[-1]

    def shows(self, view: type) -> None:
        eventually(lambda: self.screens and isinstance(self.shown.view, view))

    def ready(self, terminal: Terminal) -> None:
        """Reader, link and both streams are there."""
        eventually(lambda: terminal.replica.position(Stream.HOLDERS) is not None)
        eventually(lambda: terminal.replica.position(Stream.CHANGES) is not None)
        eventually(lambda: self.screens and self.shown.status.reader is Reader.READY)
        eventually(lambda: self.shown.status.link is Link.ONLINE)

    def close(self) -> None:
        self.reader.close()
        self.feed.close()
        self.ledger.close()


@pytest.fixture
def town(tmp_path: Path, broker: Broker) -> Iterator[Town]:
    town = Town(tmp_path, broker)
    yield town
    town.close()
    assert town.ledger.faults == []


@pytest.fixture
def terminal(town: Town) -> Iterator[Terminal]:
    terminal = town.open(activity("visit"))
    town.ready(terminal)
    yield terminal
    terminal.close()


# --- a tap ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card_", "account", "trust"),
    [(Ntag213(SIMPLE), "r-1", b"low"), (Ntag424(DYNAMIC, KEY), "r-2", b"high")],
)
def test_a_card_on_the_reader_shows_success_and_reaches_the_ledger(
    town: Town, terminal: Terminal, card_: Ntag213 | Ntag424, account: str, trust: bytes
) -> None:
    town.reader.field.place(card_)
    town.shows(Success)
    eventually(lambda: town.ledger.watermark("t-1") == 1)
    event = town.ledger.events["t-1"][1]
    assert account.encode() in event
    assert b'"trust": "' + trust in event
    eventually(lambda: terminal.outbox.waiting() == 0)


def test_a_card_that_lies_still_is_one_tap(town: Town, terminal: Terminal) -> None:
    town.reader.field.place(Ntag213(SIMPLE))
    town.shows(Success)
    searches = town.reader.chip.searches
    eventually(lambda: town.reader.chip.searches > searches + 10)
    assert isinstance(town.shown.view, Success)
    assert town.ledger.watermark("t-1") <= 1


def test_a_choice_is_asked_for_and_taken(town: Town) -> None:
    terminal = town.open(activity("visit"), activity("patrol"))
    town.ready(terminal)
    town.reader.field.place(Ntag213(SIMPLE))
    town.shows(Choose)
    terminal.choose("patrol")
    town.shows(Success)
    eventually(lambda: town.ledger.watermark("t-1") == 1)
    assert b'"activity": "patrol"' in town.ledger.events["t-1"][1]
    terminal.close()


def test_an_unknown_card_is_turned_away_and_nobody_is_told(town: Town, terminal: Terminal) -> None:
    town.reader.field.place(Ntag213(b"\x04foreig"))
    town.shows(Refused)
    stays(lambda: town.ledger.watermark("t-1") == 0)
    assert terminal.store.tallied("unknown_card") == 1


def test_large_type_is_there_at_a_touch_and_gone_when_nobody_is(
    town: Town, terminal: Terminal
) -> None:
    terminal.act(SetLargeType(True))
    eventually(lambda: town.shown.status.large_type)
    town.reader.field.tap(Ntag213(SIMPLE), 0.4)
    town.shows(Success)
    assert town.shown.status.large_type
    terminal.go_home()
    town.shows(Home)
    stays(lambda: town.shown.status.large_type)
    town.clock.ahead += ALONE_S
    eventually(lambda: not town.shown.status.large_type)


def test_large_type_is_put_back_by_a_second_touch(town: Town, terminal: Terminal) -> None:
    terminal.act(SetLargeType(True))
    eventually(lambda: town.shown.status.large_type)
    terminal.act(SetLargeType(False))
    eventually(lambda: not town.shown.status.large_type)


def test_a_terminal_that_is_set_to_large_type_goes_back_to_it(town: Town) -> None:
    town.settings = replace(town.settings, large_type=True)
    terminal = town.open(activity("visit"))
    town.ready(terminal)
    assert town.shown.status.large_type
    terminal.act(SetLargeType(False))
    eventually(lambda: not town.shown.status.large_type)
    town.clock.ahead += ALONE_S
    eventually(lambda: town.shown.status.large_type)
    terminal.close()


def test_without_a_network_a_tap_succeeds_and_arrives_later(town: Town, terminal: Terminal) -> None:
    town.broker.kill9()
    eventually(lambda: town.shown.status.link is Link.OFFLINE)
    town.reader.field.place(Ntag213(SIMPLE))
    town.shows(Success)
    eventually(lambda: town.shown.status.waiting == 1)
    town.broker.restart()
    eventually(lambda: town.ledger.watermark("t-1") == 1)
    eventually(lambda: town.shown.status.waiting == 0)


def test_without_a_network_a_phones_code_is_shown_and_gone_when_the_person_goes(
    town: Town, terminal: Terminal
) -> None:
    town.broker.kill9()
    eventually(lambda: town.shown.status.link is Link.OFFLINE)
    town.reader.field.place(Ntag424(DYNAMIC, KEY))
    town.shows(Success)
    assert isinstance(town.shown.view, Success)
    trace = town.shown.view.trace
    for action, view in (
        (ShowPoints(trace), Points),
        (ShowServices(), Services),
        (LinkPhone(), PhoneLink),
    ):
        eventually(lambda: town.clock.monotonic() > terminal.reception.answerable_from)
        terminal.act(action)
        town.shows(view)
    eventually(lambda: town.clock.monotonic() > terminal.reception.answerable_from)
    terminal.go_home()
    town.shows(Home)
    terminal.act(ShowPoints(trace))
    stays(lambda: isinstance(town.shown.view, Home))


def test_a_tap_of_the_last_run_is_still_known_and_still_sent(town: Town, broker: Broker) -> None:
    town.ledger.deaf = True
    first = town.open(activity("visit"))
    town.ready(first)
    town.reader.field.place(Ntag213(SIMPLE))
    town.shows(Success)
    first.close()
    town.reader.field.remove()
    town.ledger.deaf = False
    second = town.open()
    eventually(lambda: town.ledger.watermark("t-1") == 1)
    town.ready(second)
    town.reader.field.place(Ntag213(SIMPLE))
    town.shows(Refused)
    assert isinstance(town.shown.view, Refused)
    assert town.shown.view.trouble is Trouble.ALREADY_DONE
    second.close()


def test_home_follows_the_feed(town: Town, terminal: Terminal) -> None:
    town.feed.commit(Stream.CHANGES, activity("evening", "19:00-20:00"))
    eventually(lambda: isinstance(town.shown.view, Home) and len(town.shown.view.activities) == 2)


# --- the reader ----------------------------------------------------------------------------------


def test_a_reader_pulled_out_is_said_to_reconnect_and_works_again_when_it_is_back(
    town: Town, terminal: Terminal
) -> None:
    town.reader.unplug()
    eventually(lambda: town.shown.status.reader is Reader.RECONNECTING, within=5)
    town.reader.replug()
    eventually(lambda: town.shown.status.reader is Reader.READY, within=5)
    town.reader.field.place(Ntag213(SIMPLE))
    town.shows(Success)


class HandReader:
    """A reader that says what the test makes it say."""

    def __init__(self, name: str) -> None:
        self.name = name

    def start(self, sink: Callable[[CardSeen | ReaderState], None]) -> None:
        self.say = sink

    def close(self) -> None:
        """Nothing was opened."""

    def up(self, up: bool) -> None:
        self.say(ReaderState(self.name, up, "as told"))

    def tap(self, uid: bytes) -> None:
        self.say(
            CardSeen(
                self.name, uid, Chip.TYPE2, None, time.monotonic(), random_uid=False, torn=False
            )
        )


@pytest.fixture
def by_hand(town: Town) -> Iterator[tuple[Terminal, HandReader, HandReader]]:
    town.feed.commit(Stream.CHANGES, activity("visit"), activity("patrol"))
    town.feed.commit(Stream.HOLDERS, card("c-3", b"\x04third_", "r-2"))
    left, right = HandReader("left"), HandReader("right")
    terminal = Terminal(town.settings, town.clock, [left, right], town.screens.append)
    terminal.start()
    left.up(True)
    right.up(True)
    town.ready(terminal)
    yield terminal, left, right
    terminal.close()


def test_of_two_readers_both_must_be_there(
    town: Town, by_hand: tuple[Terminal, HandReader, HandReader]
) -> None:
    _, left, right = by_hand
    left.up(False)
    eventually(lambda: town.shown.status.reader is Reader.RECONNECTING)
    right.up(True)
    stays(lambda: town.shown.status.reader is Reader.RECONNECTING)
    left.up(True)
    eventually(lambda: town.shown.status.reader is Reader.READY)


# --- touches that were meant for another screen --------------------------------------------------


def test_a_touch_in_the_moment_another_person_taps_does_not_choose_for_them(
    town: Town, by_hand: tuple[Terminal, HandReader, HandReader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sight, "SIGHT_S", 1.0)
    terminal, left, right = by_hand
    left.tap(SIMPLE)
    town.shows(Choose)
    right.tap(b"\x04third_")
    eventually(lambda: getattr(town.shown.view, "name", "") == "name of r-2")
    terminal.choose("patrol")
    stays(lambda: isinstance(town.shown.view, Choose))
    time.sleep(0.8)
    terminal.choose("visit")
    town.shows(Success)
    eventually(lambda: town.ledger.watermark("t-1") == 1)
    assert b'"account": "r-2"' in town.ledger.events["t-1"][1]
    assert b'"activity": "visit"' in town.ledger.events["t-1"][1]


def test_the_way_home_of_one_person_does_not_take_the_next_ones_screen(
    town: Town, by_hand: tuple[Terminal, HandReader, HandReader]
) -> None:
    terminal, left, right = by_hand
    left.tap(b"\x04foreig")
    town.shows(Refused)
    right.tap(SIMPLE)
    town.shows(Choose)
    terminal.go_home()
    stays(lambda: isinstance(town.shown.view, Choose))
    terminal.go_home()
    town.shows(Home)


# --- trouble -------------------------------------------------------------------------------------


def test_an_error_nobody_foresaw_costs_one_tap_and_not_the_terminal(
    town: Town,
    by_hand: tuple[Terminal, HandReader, HandReader],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal, left, _ = by_hand

    def fail(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    with monkeypatch.context() as patch:
        patch.setattr(terminal.replica, "card", fail)
        left.tap(SIMPLE)
        town.shows(Refused)
        assert isinstance(town.shown.view, Refused)
        assert town.shown.view.trouble is Trouble.NOT_SAVED
    left.tap(SIMPLE)
    town.shows(Choose)


def test_closing_leaves_no_thread_and_no_open_file(town: Town) -> None:
    def files() -> set[str]:
        found = set()
        for entry in Path("/proc/self/fd").iterdir():
            try:
                found.add(os.readlink(entry))
            except OSError:
                continue
        return {name for name in found if str(town.settings.data) in name}

    before = set(threading.enumerate())
    terminal = town.open(activity("visit"))
    town.ready(terminal)
    assert files()
    terminal.close()
    eventually(lambda: set(threading.enumerate()) <= before)
    assert files() == set()


def test_a_terminal_that_was_never_started_closes_too(town: Town) -> None:
    driver = Pn532("reader-1", town.reader.path)
    Terminal(town.settings, town.clock, [driver], town.screens.append).close()
    assert town.screens == []
