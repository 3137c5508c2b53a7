"""The page that the next start begins with: the board's feed tells it, whatever page it is at, and
only what is new is kept."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from doubles.centre import DAY, SCOPE, at, moment, plan, snapshots, standing, urgent
from doubles.clock import HandClock
from doubles.views import board_with_nobody
from doubles.waiting import eventually, stays

from linli.board.state import BoardState, Tab
from linli.kiosk.board.first_page import drawable, lasting, likeness
from linli.kiosk.board.follow import BoardFeed
from linli.kiosk.settings import BoardSettings, Connection
from linli.kiosk.trace import Trace
from linli.sync.messages import Change, Row, Stream

NOBODY = Connection(broker_host="127.0.0.1", broker_port=9, ledger_url="http://127.0.0.1:9")
TOMORROW = DAY + dt.timedelta(days=1)
PAGE_S = 60
"""Longer than any page stays, and than between two first pages."""


class Board:
    """A feed that is cut off: its replica hears what the test says."""

    def __init__(self, directory: Path, ending: contextlib.ExitStack) -> None:
        self.clock = HandClock()
        self.shown: list[BoardState] = []
        self.firsts: list[BoardState] = []
        settings = BoardSettings(
            name="board-1", scope=SCOPE, place="阳光社区", data=directory, connection=NOBODY
        )
        self.feed = BoardFeed(settings, self.clock, self.shown.append, Trace(), self._note_first)
        ending.callback(self.feed.close)

    def _note_first(self, page: BoardState, _: dt.datetime) -> None:
        self.firsts.append(page)

    def load(self, *rows: Row) -> None:
        snapshot = next(s for s in snapshots(list(rows)) if s.stream is Stream.CHANGES)
        self.feed.replica.load(snapshot)

    def hear(self, number: int, *rows: Row) -> None:
        changed = Change(
            scope=SCOPE, stream=Stream.CHANGES, number=number, at=at("08:00"), rows=list(rows)
        )
        self.feed.replica.apply(changed)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with contextlib.ExitStack() as ending:
        yield Board(tmp_path, ending)


EVERYBODY = (plan("resident", "deeds"), standing("r-1", 30), moment("m-1", at("08:30")))
"""Two pages to turn between."""


def test_it_is_told_with_what_has_changed_since_also_at_another_page(board: Board) -> None:
    board.load(*EVERYBODY)
    board.feed.start()
    eventually(lambda: len(board.firsts) == 1)
    board.clock.pass_(seconds=PAGE_S)
    board.hear(2, standing("r-2", 50))
    eventually(lambda: board.firsts[-1].ranks[0].account == "r-2")
    assert board.firsts[-1].tab is Tab.RESIDENT
    assert board.shown[-1].tab is Tab.DEEDS


def test_it_is_not_made_anew_with_each_of_many_taps(board: Board) -> None:
    board.load(*EVERYBODY)
    board.feed.start()
    eventually(lambda: len(board.firsts) == 1)
    board.hear(2, standing("r-2", 50))
    eventually(lambda: board.shown[-1].ranks[0].account == "r-2")
    stays(lambda: len(board.firsts) == 1, for_=0.5)


def test_a_message_over_everything_is_not_what_a_start_begins_with(board: Board) -> None:
    board.load(*EVERYBODY, urgent("停水", at("08:00"), at("12:00")))
    board.feed.start()
    eventually(lambda: len(board.firsts) == 1)
    assert board.shown[-1].urgent is not None
    assert board.firsts[0].urgent is None
    assert board.firsts[0].ranks


def test_a_board_that_has_heard_nothing_yet_begins_with_nothing(board: Board) -> None:
    board.feed.start()
    eventually(lambda: len(board.shown) > 0)
    stays(lambda: not board.firsts, for_=0.5)


def test_that_time_has_passed_is_nothing_new_to_write_down() -> None:
    page = board_with_nobody(at("09:00"))
    later = replace(page, now=at("09:01"), updated_at=at("09:01"), offline=True)
    assert lasting(page) == lasting(later)
    assert lasting(page) != lasting(replace(page, record=page.record + 1))
    assert lasting(page) != lasting(replace(page, now=at("09:00", TOMORROW)))


def test_how_many_taps_there_were_makes_no_other_picture() -> None:
    page = board_with_nobody(at("09:00"))
    later = replace(page, now=at("09:01"), record=page.record + 1)
    assert likeness(page) == likeness(later)
    assert likeness(page) != likeness(replace(page, participants=7))


def test_a_page_of_yesterday_is_not_drawn_as_todays() -> None:
    page = board_with_nobody(at("23:59"))
    assert drawable(page, at("23:59")) is not None
    assert drawable(page, at("00:00", TOMORROW)) is None


def test_a_page_is_drawn_by_day_and_says_nothing_of_the_network() -> None:
    page = replace(board_with_nobody(at("23:00")), darkness=0.6, offline_since=at("22:00"))
    drawn = drawable(page, at("23:10"))
    assert drawn is not None
    assert (drawn.darkness, drawn.offline, drawn.offline_since) == (0.0, False, None)
