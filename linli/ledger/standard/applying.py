"""Makes the next version of the standard out of one and a set of changes. Pure."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec.structs import replace

from linli.ledger.standard.changes import (
    KEPT_IN,
    Change,
    Field,
    Placed,
    Value,
    classes_of,
    items_of,
    value_of,
    written,
)
from linli.ledger.standard.document import StandardError, require_readable
from linli.ledger.standard.faults import AdjustError, Fault
from linli.sync.messages import Item, ItemClass, StandardDoc

WHOLE = frozenset({Field.ADDED, Field.WITHDRAWN})
"""Changes that leave nothing of the item to change besides."""


def apply(
    base: StandardDoc, changes: Sequence[Change], version: str, effective_from: dt.date
) -> StandardDoc:
    """The version that these changes make of `base`. A new item stands among those of its class
    by its code. Raises AdjustError: for changes that contradict each other, that are stale, or
    that leave something no terminal could use."""
    refuse_contradictions(changes)
    for change in changes:
        require_current(base, change)
    classes, items = classes_of(base), items_of(base)
    for change in changes:
        if change.field is Field.CLASS_NAME:
            classes = _with_class(classes, change)
        else:
            items = _with_item(items, change)
    doc = StandardDoc(
        version=version,
        effective_from=effective_from,
        classes=_arranged(base, classes, items),
    )
    try:
        require_readable(doc)
    except StandardError as error:
        raise AdjustError(Fault.BAD_VALUE, str(error)) from error
    return doc


def refuse_contradictions(changes: Iterable[Change]) -> None:
    """Raises AdjustError where two changes cannot both be meant."""
    fields: dict[str, set[Field]] = defaultdict(set)
    for change in changes:
        if change.field in fields[change.code]:
            raise AdjustError(
                Fault.CONTRADICTORY, f"the {change.field} of {change.code} is changed twice"
            )
        fields[change.code].add(change.field)
    for code, of in fields.items():
        if of & WHOLE and len(of) > 1:
            raise AdjustError(
                Fault.CONTRADICTORY,
                f"{code} is {' and '.join(sorted(of))} at once: keep one of these changes",
            )


def require_current(base: StandardDoc, change: Change) -> None:
    """Raises AdjustError for a change whose old value is not what `base` says."""
    said = current(base, change.code, change.field)
    if said != change.old:
        raise AdjustError(
            Fault.STALE,
            f"the {change.field} of {change.code} is {_shown(said)} in version {base.version}, not"
            f" {_shown(change.old)}: look at it again",
        )


def current(base: StandardDoc, code: str, field: Field) -> Value:
    """What a version says, as a change's `old`. Raises AdjustError for a field of an item that
    is not there, and for a new item that is."""
    if field is Field.CLASS_NAME:
        return classes_of(base).get(code)
    placed = items_of(base).get(code)
    if placed is None and field is not Field.ADDED:
        raise AdjustError(Fault.NO_ITEM, f"there is no item {code} in version {base.version}")
    if field is Field.ADDED and (placed is not None or code in classes_of(base)):
        raise AdjustError(Fault.CODE_TAKEN, f"{code} is in version {base.version} already")
    return value_of(placed, field)


def changed(placed: Placed, change: Change) -> Placed:
    """An item after the change of one of its fields."""
    if change.field is Field.CLASS:
        return replace(placed, class_code=str(change.new))
    return replace(placed, item=replace(placed.item, **{KEPT_IN[change.field]: change.new}))


def _with_class(classes: Mapping[str, str], change: Change) -> dict[str, str]:
    if change.new is None:
        return {code: name for code, name in classes.items() if code != change.code}
    return {**classes, change.code: str(change.new)}


def _with_item(items: Mapping[str, Placed], change: Change) -> dict[str, Placed]:
    if isinstance(change.new, Placed):
        if change.new.item.code != change.code:
            raise AdjustError(Fault.CONTRADICTORY, f"the new item {change.code} has another code")
        return {**items, change.code: change.new}
    if change.field is Field.WITHDRAWN:
        return {code: placed for code, placed in items.items() if code != change.code}
    return {**items, change.code: changed(items[change.code], change)}


def _arranged(
    base: StandardDoc, classes: Mapping[str, str], items: Mapping[str, Placed]
) -> list[ItemClass]:
    """Raises AdjustError for a class without an item, and for an item without its class."""
    before = items_of(base)
    members: dict[str, list[Item]] = {code: [] for code in classes}
    for code, placed in items.items():
        if placed.class_code not in members:
            raise AdjustError(
                Fault.CONTRADICTORY, f"{code} is of class {placed.class_code}, which is not there"
            )
        _insert(members[placed.class_code], placed.item, before)
    for code, found in members.items():
        if not found:
            raise AdjustError(Fault.CONTRADICTORY, f"class {code} would be left without an item")
    return [ItemClass(code=c, name=name, items=members[c]) for c, name in classes.items()]


def _insert(among: list[Item], item: Item, before: Collection[str]) -> None:
    """Items that were there keep their order; a new one goes before the first with a larger
    code."""
    later = (at for at, other in enumerate(among) if other.code > item.code)
    among.insert(len(among) if item.code in before else next(later, len(among)), item)


def _shown(value: Value) -> str:
    return "nothing" if value is None else written(value)
