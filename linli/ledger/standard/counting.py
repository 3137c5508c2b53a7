"""How much of the standard was adjusted: 今年调整了 7 项 42 条. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from linli.ledger.standard.changes import Change, Field


@dataclass(frozen=True, slots=True)
class Adjusted:
    """`items` are different items, however often each was changed; `entries` all changes."""

    items: int
    entries: int


def adjusted(sets: Iterable[Sequence[Change]]) -> Adjusted:
    """Counts the changes of all versions that took effect in a year, say. The name of a class is
    an entry, but no item."""
    changes = [change for one in sets for change in one]
    items = {change.code for change in changes if change.field is not Field.CLASS_NAME}
    return Adjusted(len(items), len(changes))
