"""The running board without its window: follows the feed, turns the tabs, makes pictures."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import replace

import structlog

from linli.board.picture import Line, picture, steps_of
from linli.board.state import BoardState
from linli.board.turning import Page, Place, Step, following, page_at
from linli.kiosk.board.last_online import LastOnline
from linli.kiosk.network.connection import LedgerConnection
from linli.kiosk.settings import BoardSettings
from linli.kiosk.trace import Trace
from linli.sync.clock import Clock
from linli.sync.link import Link
from linli.sync.messages import Stream
from linli.sync.replica import Replica
from linli.sync.rounds import Rounds
from linli.sync.signing import load_or_make_key

log = structlog.get_logger()
TROUBLE_S, MINUTE_S = 1.0, 60.0
FIRST_S = 30.0
"""How often the first page is made for the next start: nobody sees it."""


class BoardFeed:
    """Everything of one board but its window. `show` hears of each picture, and `on_first` now and
    then of the page that a round begins with, as it would be now; both from this object's thread.
    """

    def __init__(
        self,
        settings: BoardSettings,
        clock: Clock,
        show: Callable[[BoardState], None],
        trace: Trace,
        on_first: Callable[[BoardState, dt.datetime], None],
    ) -> None:
        settings.data.mkdir(parents=True, exist_ok=True)
        self._settings = settings
        self._clock = clock
        self._show = show
        self._trace = trace
        self._on_first = on_first
        key = load_or_make_key(settings.data / "board.key")
        self.replica = Replica(settings.data / "board.db", settings.scope, (Stream.CHANGES,))
        self.boot_id = secrets.token_hex(8)
        self._connection = LedgerConnection(settings, self.replica, key, self.boot_id, clock)
        self._online = False
        self._last_online = LastOnline(settings.data / "online")
        self._offline_since = self._last_online.read()
        self._updated_at: dt.datetime | None = None
        self._place, self._steps = Place(), tuple[Step, ...]()
        self._first_due_at = 0.0
        self._rounds = Rounds("board", self._round)

    @property
    def link(self) -> Link:
        """To the broker; listen before `start`."""
        return self._connection.link

    def start(self) -> None:
        self.replica.on_change.append(self._note_change)
        self._connection.link.on_state(self._note_link)
        self._connection.start()
        self._turned_at = self._clock.monotonic()
        self._rounds.start()

    def close(self) -> None:
        """Once only; also before `start`."""
        self._rounds.close()
        self._connection.close()
        self.replica.close()

    def _note_change(self) -> None:
        self._updated_at = self._clock.now()
        self._rounds.wake()

    def _note_link(self, online: bool) -> None:
        now = self._clock.now()
        if not online and (self._online or self._offline_since is None):
            self._offline_since = now
        self._last_online.note(now, online=online)
        self._online = online
        self._trace.mark("", "online" if online else "offline", self._clock.monotonic())
        self._rounds.wake()

    def _round(self) -> float:
        try:
            now = self._clock.now()
            page, seconds = self._page(now)
            self._show(self._picture(page, now))
            self._tell_first(now)
        except Exception:
            # The old picture stays; without this thread it would stay for ever.
            log.exception("board not drawn, trying again")
            return TROUBLE_S
        return self._rest(now, seconds - (self._clock.monotonic() - self._turned_at))

    def _page(self, now: dt.datetime) -> tuple[Page, float]:
        """Which page it is now, and for how many seconds it stays from when it was turned to."""
        # What there is to show is counted when the page turns, not with every tap.
        self._steps = self._steps or steps_of(self.replica, now)
        page, seconds = page_at(self._steps, self._place)
        if self._clock.monotonic() - self._turned_at >= seconds:
            self._turned_at, self._steps = self._clock.monotonic(), steps_of(self.replica, now)
            self._place = following(self._steps, self._place)
            page, seconds = page_at(self._steps, self._place)
        return page, seconds

    def _tell_first(self, now: dt.datetime) -> None:
        """An urgent message may be over by the next start, and comes at once where it is not."""
        if not self.replica.position(Stream.CHANGES):
            return  # nothing was heard yet
        if (moment := self._clock.monotonic()) < self._first_due_at:
            return
        self._first_due_at = moment + FIRST_S
        first, _ = page_at(self._steps, Place())
        self._on_first(replace(self._picture(first, now), urgent=None), now)

    def _rest(self, now: dt.datetime, left: float) -> float:
        """Seconds until there may be something else to show: the next page, or the minute in which
        a message begins or ends and the night falls."""
        self._last_online.note(now, online=self._online)
        minute = MINUTE_S - now.second - now.microsecond / 1e6
        return max(0.05, min(left, minute))

    def _picture(self, page: Page, now: dt.datetime) -> BoardState:
        line = Line(
            self._online,
            self._updated_at,
            self._offline_since,
            self.replica.position(Stream.CHANGES) or 0,
        )
        return picture(self.replica, now, page, place=self._settings.place, line=line)
