"""The words of the interface: English in the code, Chinese from the .po file.

The catalogue is read with Babel at the start, so that a checkout works without a build step.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

LOCALE = Path(__file__).parents[2] / "assets" / "locale"
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
    from babel.messages.pofile import read_po

    with (LOCALE / language / "LC_MESSAGES" / "linli.po").open("rb") as file:
        read = read_po(file, locale=language)
    texts: dict[str, str] = {}
    for message in read:
        msgid, text = message.id, message.string
        if msgid and text:
            key = msgid if isinstance(msgid, str) else msgid[0]
            texts[key] = text if isinstance(text, str) else text[0]
    return MappingProxyType(texts)
