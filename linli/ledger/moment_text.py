"""How the ledger's tables keep a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from linli.sync.periods import SHANGHAI

KNOWN = 20_000
"""Moments kept in either form, some 3 MB each: a deed's is its attendance's too, its transfer's and
its standings'."""


class MomentText(TypeDecorator[dt.datetime]):
    """A moment as UTC text of fixed width, so that its order as text is its order in time.

    Comes back in Asia/Shanghai. Years 1000–9999; a moment without a zone is a ValueError."""

    impl = String(32)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[dt.datetime | None], str | None]:
        return _moment_text

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[str | None], dt.datetime | None]:
        return _moment


@lru_cache(KNOWN)
def _moment_text(value: dt.datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return value.astimezone(dt.UTC).isoformat(timespec="microseconds")


@lru_cache(KNOWN)
def _moment(value: str | None) -> dt.datetime | None:
    return None if value is None else dt.datetime.fromisoformat(value).astimezone(SHANGHAI)
