"""The words of the interface: English in the code, Chinese from the .po file.

The set-up builds the catalogue into what is read here; where the .po file is newer, it is read
itself, so that a changed word is seen at the next start.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from linli.assets.build_words import built_file, po_file, read_texts

SOURCE = "en"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Words:
    """`words("Tap again after {time}", time="15:06")` in the language asked for."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = catalogue(language)

    def __call__(self, msgid: str, **values: object) -> str:
        text = self._catalogue.get(msgid, msgid)
        return text.format(**values) if values else text

    def n(self, one: str, many: str, n: int, **values: object) -> str:
        """The form that goes with a number, which is `{n}` in the text. Chinese has one form."""
        text = self._catalogue.get(one) or (one if n == 1 else many)
        return text.format(n=n, **values)

    @staticmethod
    def listed(*parts: str) -> str:
        """The parts that are there, with dots between."""
        return " · ".join(part for part in parts if part)

    def day(self, day: dt.date) -> str:
        return self(
            "{weekday} {day} {month}",
            weekday=self(WEEKDAYS[day.weekday()]),
            month=self.month(day),
            day=day.day,
        )

    def month(self, day: dt.date) -> str:
        return self(MONTHS[day.month - 1])


def time_of(moment: dt.datetime) -> str:
    return f"{moment:%H:%M}"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """msgid → text; empty for the language of the code itself."""
    if language == SOURCE:
        return MappingProxyType({})
    built, po = built_file(language), po_file(language)
    if built.exists() and built.stat().st_mtime >= po.stat().st_mtime:
        return MappingProxyType(json.loads(built.read_text(encoding="utf-8")))
    return MappingProxyType(read_texts(language))
