"""What is asked of a plan and of an urgent message before any table is looked at. Pure."""

from __future__ import annotations

import datetime as dt
import unicodedata

import msgspec

from linli.board.state import RANKINGS, Tab
from linli.sync.messages import BoardPlanRow, encode
from linli.sync.periods import RANKED

LONGEST_TEXT = 60
"""Characters that a board can show in its largest type."""
LONGEST = dt.timedelta(days=7)
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They would turn the words around them."""


class BoardError(ValueError):
    """A plan or message cannot be taken; the text says why. Nothing was changed."""


def checked_plan(plan: BoardPlanRow) -> BoardPlanRow:
    """Raises BoardError, as the others here do."""
    try:
        msgspec.json.decode(encode(plan), type=BoardPlanRow)
    except msgspec.ValidationError as error:
        raise BoardError(f"no board could read the plan: {error}") from error
    pages = [one.page for one in plan.pages]
    for page in pages:
        if page not in set(Tab):
            raise BoardError(f"boards have no page {page!r}")
        if pages.count(page) > 1:
            raise BoardError(f"page {page!r} is listed twice: leave one of them out")
    if not set(pages) & set(RANKINGS):
        raise BoardError("a board shows a ranking at least: choose one")
    if not plan.periods or not set(plan.periods) <= set(RANKED):
        raise BoardError("choose whether rankings are of the week, the month or the year")
    return plan


def checked_text(words: str) -> str:
    """As it is kept: blanks made single."""
    words = " ".join(words.split())
    if any(unicodedata.category(c) in ("Cc", "Cs") or c in _TURNING for c in words):
        raise BoardError("leave control characters out of the message")
    if not 0 < len(words) <= LONGEST_TEXT:
        raise BoardError(f"the message has {len(words)} characters: write 1 to {LONGEST_TEXT}")
    return words


def check_span(starts_at: dt.datetime, until: dt.datetime, now: dt.datetime) -> None:
    if starts_at.tzinfo is None or until.tzinfo is None:
        raise BoardError("say from when until when with the time zone")
    if until <= max(starts_at, now):
        raise BoardError("the message would be over already: choose a later end")
    if until - max(starts_at, now) > LONGEST:
        raise BoardError(f"a message stays for {LONGEST.days} days at most: choose an earlier end")
