"""One item of the standard as a form shows it and as it is typed."""

from __future__ import annotations

from functools import reduce

from linli.ledger.standard.applying import changed
from linli.ledger.standard.changes import Field, Placed, items_of, read_value
from linli.ledger.standard.codes import next_code
from linli.ledger.standard.sets import ChangeSet
from linli.ledger.standard.shown import Turn
from linli.ledger.standard.versions import Standards
from linli.ledger.web.forms import Posted
from linli.ledger.web.refusals import Refused
from linli.sync.messages import Item, ItemLimit, StandardDoc

STALE = "积分标准在您打开页面以后有了变化。请返回、刷新页面，看过最新的内容再填。"


def shown_in(form: Posted) -> Placed:
    """The item as the form showed it. Raises Refused."""
    try:
        placed = read_value(Field.WITHDRAWN, form.text("shown"))
    except ValueError:
        placed = None
    if not isinstance(placed, Placed):
        raise Refused(409, STALE)
    return placed


def typed_item(form: Posted, code: str) -> Item:
    """Raises Refused for what is no number. An empty number is no limit, or no duration."""
    return Item(
        code=code,
        name=form.text("name"),
        points=form.whole("points"),
        record=form.text("record"),
        limit=ItemLimit(n=form.whole("n"), per=form.text("per")) if form.text("n") else None,
        duration_min=form.whole("duration") if form.text("duration") else None,
    )


def entered(of: ChangeSet, base: StandardDoc, code: str) -> tuple[Placed, Turn, str] | None:
    """What a draft makes of an item, what becomes of it, and why; None for an unknown code."""
    placed = items_of(base).get(code)
    entries = [entry for entry in of.entries if entry.change.code == code]
    reason = entries[0].reason if entries else ""
    for entry in entries:
        if entry.change.field is Field.ADDED and isinstance(entry.change.new, Placed):
            return entry.change.new, Turn.ADDED, reason
        if entry.change.field is Field.WITHDRAWN and placed is not None:
            return placed, Turn.WITHDRAWN, reason
    if placed is None:
        return None
    return reduce(changed, (entry.change for entry in entries), placed), Turn.CHANGED, reason


def blank(of: ChangeSet, standards: Standards, class_code: str) -> Placed:
    """A new item of a class, under a code that was never used."""
    used = {code for doc in standards.docs for code in items_of(doc)}
    used |= {change.code for change in of.changes}
    item = Item(code=next_code(class_code, used), name="", points=5, record="checkin")
    return Placed(class_code=class_code, item=item)
