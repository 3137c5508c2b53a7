"""What ledger and terminal say to each other about settings changed from afar.

`desired` stands retained at the broker: it is what the ledger wants, also for a terminal that was
away for a month. `reported` is the terminal's last word about it, retained as well.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Raw, Struct

from linli.sync.messages import Count, Moment, Name, learn

MESSAGE_BYTES = 8192
"""A longer `desired` is not even read."""


class ShadowState(StrEnum):
    """`trying`: on probation. `applied`: proven and kept. `refused`: never tried. `failed`: tried,
    and the last known good settings came back."""

    TRYING = "trying"
    APPLIED = "applied"
    REFUSED = "refused"
    FAILED = "failed"


class ShadowFault(StrEnum):
    """Why settings were refused or did not stand their probation."""

    NOT_READABLE = "not-readable"
    TOO_LARGE = "too-large"
    UNKNOWN_KEY = "unknown-key"
    WRONG_VALUE = "wrong-value"
    NO_DISPLAY = "no-display"
    NOT_DRAWN = "not-drawn"
    NO_DATABASE = "no-database"
    NO_BROKER = "no-broker"
    INTERRUPTED = "interrupted"
    NOT_SAVED = "not-saved"


class Desired(Struct, frozen=True, kw_only=True):
    """`doc` is an object of settings that goes over the terminal's own file; `{}` is the file
    alone. `version` tells answers apart: it is not compared for order, as a ledger that was put
    back to an older state counts on from there."""

    version: Count
    doc: Raw


class Reported(Struct, frozen=True, kw_only=True):
    """The answer to the `desired` of that version; 0 where none could be read. `detail` names the
    field, for the maintainer; no personal data is in it."""

    terminal: Name
    version: Count
    state: ShadowState
    at: Moment
    error: ShadowFault | None = None
    detail: Annotated[str, Meta(max_length=200)] = ""


SHADOW_TYPES = (Desired, Reported)
learn(*SHADOW_TYPES)
