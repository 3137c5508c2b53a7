"""What a change of a draft may say. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from linli.ledger.standard.changes import Change, Field, Placed, Value, classes_of, items_of
from linli.ledger.standard.document import PERIODS, RECORDS
from linli.ledger.standard.faults import AdjustError, Fault
from linli.sync.messages import Item, ItemLimit, StandardDoc

DRAFTED = (
    Field.POINTS,
    Field.NAME,
    Field.LIMIT,
    Field.DURATION,
    Field.RECORD,
    Field.ADDED,
    Field.WITHDRAWN,
)
"""Classes change with a whole document only."""
MOST_POINTS = 1000
MOST_AWARDS = 1000
MOST_MINUTES = 24 * 60
LONGEST_NAME = 30
LONGEST_REASON = 200
_NUMBER = re.compile(r"[0-9]{2,3}")


def check_change(change: Change, base: StandardDoc) -> None:
    """Raises AdjustError for a change that changes nothing, and for a new value that is none."""
    if change.field not in DRAFTED:
        raise AdjustError(Fault.BAD_VALUE, f"the {change.field} changes with a whole document only")
    if change.new == change.old:
        raise AdjustError(Fault.NO_CHANGE, f"the {change.field} of {change.code} stays as it is")
    if change.field is Field.WITHDRAWN:
        if change.new is not None:
            raise AdjustError(Fault.BAD_VALUE, f"nothing takes the place of {change.code}")
    elif change.field is Field.ADDED:
        _check_new(change, base)
    else:
        _check_value(change.code, change.field, change.new)


def checked_words(what: str, words: str, longest: int, fault: Fault) -> str:
    """The words without space around them. Raises AdjustError where there are none, too many, or
    some that nobody can read."""
    words = words.strip()
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in words):
        raise AdjustError(fault, f"{what}: leave control characters out")
    if not 0 < len(words) <= longest:
        raise AdjustError(fault, f"{what}: give 1 to {longest} characters")
    return words


def check_items(doc: StandardDoc) -> None:
    """Raises AdjustError where two items share a name, and where an item that nobody taps for
    lasts some minutes."""
    names = Counter(placed.item.name for placed in items_of(doc).values())
    for name, times in names.items():
        if times > 1:
            raise AdjustError(Fault.CONTRADICTORY, f"{times} items would be called {name}")
    for code, placed in items_of(doc).items():
        if placed.item.duration_min is not None and placed.item.record != "checkin":
            raise AdjustError(
                Fault.CONTRADICTORY,
                f"{code} is recorded by {placed.item.record}, which knows no duration: take its"
                " duration out",
            )


def _check_new(change: Change, base: StandardDoc) -> None:
    placed = change.new
    if not isinstance(placed, Placed):
        raise AdjustError(Fault.BAD_VALUE, f"say what the new item {change.code} is")
    if placed.class_code not in classes_of(base):
        raise AdjustError(Fault.BAD_VALUE, f"there is no class {placed.class_code!r}")
    number = change.code.removeprefix(placed.class_code)
    if placed.item.code != change.code or number == change.code or not _NUMBER.fullmatch(number):
        raise AdjustError(
            Fault.BAD_VALUE,
            f"{change.code!r} is no code of class {placed.class_code}: write {placed.class_code}"
            " and two or three digits",
        )
    for field, value in _fields(placed.item):
        _check_value(change.code, field, value)


def _fields(item: Item) -> tuple[tuple[Field, Value], ...]:
    return (
        (Field.NAME, item.name),
        (Field.POINTS, item.points),
        (Field.LIMIT, item.limit),
        (Field.DURATION, item.duration_min),
        (Field.RECORD, item.record),
    )


def _check_value(code: str, field: Field, value: Value) -> None:
    match field, value:
        case Field.POINTS, int(points):
            _check_amount(f"the points of {code}", points, MOST_POINTS)
        case Field.NAME, str(name):
            words = f"the name of {code}"
            if checked_words(words, name, LONGEST_NAME, Fault.BAD_VALUE) != name:
                raise AdjustError(Fault.BAD_VALUE, f"{words}: leave out the space around it")
        case Field.LIMIT, ItemLimit(n=awards, per=per):
            _check_amount(f"the limit of {code}", awards, MOST_AWARDS)
            if per not in PERIODS:
                raise AdjustError(Fault.BAD_VALUE, f"{per!r} is none of {', '.join(PERIODS)}")
        case Field.DURATION, int(minutes):
            _check_amount(f"the duration of {code}", minutes, MOST_MINUTES)
        case Field.RECORD, str(record) if record in RECORDS:
            pass
        case ((Field.LIMIT | Field.DURATION), None):
            pass
        case _:
            raise AdjustError(Fault.BAD_VALUE, f"{value!r} is no {field} of an item")


def _check_amount(what: str, amount: int, most: int) -> None:
    if isinstance(amount, bool) or not 1 <= amount <= most:
        raise AdjustError(Fault.BAD_VALUE, f"{what} is {amount}: give 1 to {most}")
