"""All of a board's program that is behind its window: the feed, and what is said of its health."""

from __future__ import annotations

from linli.kiosk.board.follow import BoardFeed
from linli.kiosk.health.past_restarts import past_restarts
from linli.kiosk.health.plugged import Plugged
from linli.kiosk.health.recent_errors import remember_errors
from linli.kiosk.health.reporter import Post, Program, Reporter
from linli.kiosk.health.this_machine import RESTARTS, machine_at
from linli.kiosk.settings import BoardSettings
from linli.sync.clock import Clock


class BehindBoard:
    """The feed is started and closed with it."""

    def __init__(self, settings: BoardSettings, feed: BoardFeed, clock: Clock) -> None:
        self._feed = feed
        program = Program(
            name=settings.name,
            boot_id=feed.boot_id,
            errors=remember_errors(clock.now).notes,
            restarts=past_restarts(settings.data / RESTARTS),
            plugged=Plugged(output=settings.output),
        )
        self._health = Reporter(program, machine_at(settings.data, clock), feed.link, clock)

    def start(self, post: Post) -> None:
        """`post` has something done in the window's loop, soon."""
        self._feed.start()
        self._health.start(post)

    def close(self) -> None:
        """Once only; also before `start`."""
        self._health.close()
        self._feed.close()
