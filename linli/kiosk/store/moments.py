"""Moments as terminal.db keeps them: in UTC and of fixed width, so that their order as text is
their order in time."""

from __future__ import annotations

import datetime as dt


def as_text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def as_moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def text_or_none(moment: dt.datetime | None) -> str | None:
    return None if moment is None else as_text(moment)


def moment_or_none(text: str | None) -> dt.datetime | None:
    return None if text is None else as_moment(text)
