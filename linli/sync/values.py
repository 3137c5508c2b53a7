"""What messages of the wire are made of: names, moments, whole numbers, kinds of people."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]
"""A terminal, organisation or board name: safe inside a topic and a URL."""
Moment = Annotated[dt.datetime, Meta(tz=True)]
LARGEST = 2**53 - 1
"""What every reader of JSON holds exactly (RFC 8259, section 6), and every database too."""
Count = Annotated[int, Meta(ge=0, le=LARGEST)]
Number = Annotated[int, Meta(ge=1, le=LARGEST)]
Points = Annotated[int, Meta(ge=-LARGEST, le=LARGEST)]
Minutes = Annotated[int, Meta(ge=0, le=366 * 24 * 60)]


class Trust(StrEnum):
    """How sure a tap is of its card: a verified dynamic message, or no more than a UID."""

    HIGH = "high"
    LOW = "low"


class Kind(StrEnum):
    """The three kinds of account holder."""

    RESIDENT = "resident"
    CADRE = "cadre"
    UNIT = "unit"


__all__ = [
    "LARGEST",
    "Count",
    "Kind",
    "Minutes",
    "Moment",
    "Name",
    "Number",
    "Points",
    "Trust",
]
