"""The page that a start begins with. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from linli.board.state import BoardState
from linli.sync.periods import business_day


def at_start(page: BoardState, now: dt.datetime) -> BoardState:
    """Whether the network is there, nobody has looked yet."""
    return replace(page, now=now, updated_at=None, offline=False)


def lasting(page: BoardState) -> BoardState:
    """Without what the hour alone makes of it: equal as long as there is nothing new to write down,
    but at dusk and dawn."""
    return replace(at_start(page, _midnight(page.now)), offline_since=None)


def drawable(page: BoardState, now: dt.datetime) -> BoardState | None:
    """How it is drawn for the start's picture, by day; None for a page of another day: what was
    today is today no more."""
    if business_day(page.now) != business_day(now):
        return None
    return replace(at_start(page, now), darkness=0.0, offline_since=None)


def likeness(page: BoardState) -> BoardState:
    """What a picture shows of it: which second it is and how many taps there were makes no other
    one."""
    return replace(page, now=_midnight(page.now), record=0)


def _midnight(now: dt.datetime) -> dt.datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
