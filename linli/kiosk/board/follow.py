"""The running board without its window: follows the feed, turns the tabs, makes pictures."""

from __future__ import annotations

import datetime as dt
import secrets
import threading
from collections.abc import Callable

import structlog

from linli.kiosk.board.picture import notice_shown, picture, stories_shown
from linli.kiosk.board.state import BoardState
from linli.kiosk.board.turning import Page, following
from linli.kiosk.connection import LedgerConnection
from linli.kiosk.settings import BoardSettings
from linli.kiosk.trace import Trace
from linli.sync.clock import Clock
from linli.sync.messages import Stream
from linli.sync.replica import Replica
from linli.sync.signing import load_or_make_key

log = structlog.get_logger()
TROUBLE_S = 1.0


class BoardFeed:
    """Everything of one board but its window; `show` is called from this object's thread."""

    def __init__(
        self,
        settings: BoardSettings,
        clock: Clock,
        show: Callable[[BoardState], None],
        trace: Trace,
    ) -> None:
        settings.data.mkdir(parents=True, exist_ok=True)
        self._settings = settings
        self._clock = clock
        self._show = show
        self._trace = trace
        key = load_or_make_key(settings.data / "board.key")
        self.replica = Replica(settings.data / "board.db", settings.scope, (Stream.CHANGES,))
        self._connection = LedgerConnection(
            settings, self.replica, key, secrets.token_hex(8), clock
        )
        self._online = False
        self._updated_at: dt.datetime | None = None
        self._changed = threading.Event()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="board", daemon=True)

    def start(self) -> None:
        self.replica.on_change.append(self._note_change)
        self._connection.link.on_state(self._note_link)
        self._connection.start()
        self._thread.start()

    def close(self) -> None:
        """Once only; also before `start`."""
        self._stopped = True
        self._changed.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._connection.close()
        self.replica.close()

    def _note_change(self) -> None:
        self._updated_at = self._clock.now()
        self._changed.set()

    def _note_link(self, online: bool) -> None:
        self._online = online
        self._trace.mark("", "online" if online else "offline", self._clock.monotonic())
        self._changed.set()

    def _run(self) -> None:
        turned, page = self._clock.monotonic(), Page()
        while not self._stopped:
            self._changed.clear()
            try:
                if self._clock.monotonic() - turned >= page.seconds:
                    turned, page = self._clock.monotonic(), self._following(page)
                self._show(self._picture(page))
            except Exception:
                # The old picture stays; without this thread it would stay for ever.
                log.exception("board not drawn, trying again")
                self._changed.wait(TROUBLE_S)
                continue
            self._changed.wait(max(0.05, page.seconds - (self._clock.monotonic() - turned)))

    def _following(self, page: Page) -> Page:
        notice = notice_shown(self.replica, self._clock.now()) is not None
        return following(page, notice=notice, stories=stories_shown(self.replica))

    def _picture(self, page: Page) -> BoardState:
        return picture(
            self.replica,
            self._clock.now(),
            page,
            place=self._settings.place,
            online=self._online,
            updated_at=self._updated_at,
        )
