"""How the ledger's tables keep a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

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
        return _texts.__getitem__

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[str | None], dt.datetime | None]:
        return _moments.__getitem__


class _Texts(dict[dt.datetime | None, str | None]):
    """Asked thousands of times in a transaction, mostly of moments that it knows: those are found
    without a line of Python. When it is full it begins anew."""

    def __missing__(self, value: dt.datetime | None) -> str | None:
        text = None if value is None else _text(value)
        if len(self) >= KNOWN:
            self.clear()
        self[value] = text
        return text


class _Moments(dict[str | None, dt.datetime | None]):
    """The other way round."""

    def __missing__(self, value: str | None) -> dt.datetime | None:
        moment = None if value is None else dt.datetime.fromisoformat(value).astimezone(SHANGHAI)
        if len(self) >= KNOWN:
            self.clear()
        self[value] = moment
        return moment


def _text(value: dt.datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return value.astimezone(dt.UTC).isoformat(timespec="microseconds")


_texts, _moments = _Texts(), _Moments()
