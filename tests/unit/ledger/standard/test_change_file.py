"""An adjustment written down in YAML is read as it is meant, or refused with what is wrong."""

from __future__ import annotations

import datetime as dt

import pytest

from linli.ledger.standard.change_file import parse_changes
from linli.ledger.standard.changes import Change, Field, Placed, items_of
from linli.ledger.standard.faults import AdjustError
from linli.sync.messages import Item, ItemLimit, StandardDoc

TEXT = """
month: 2026-12
effective_from: 2026-12-01
changes:
  - {code: B05, field: points, old: 20, new: 25, reason: 夜间值守多}
  - {code: B05, field: limit, old: {n: 4, per: month}, reason: 不再设上限}
  - code: C06
    field: added
    new: {class_code: C, item: {code: C06, name: 文明养猫劝导, points: 5, record: checkin}}
    reason: 居民提议
  - {code: D05, field: withdrawn, reason: 改由街道登记}
"""


def test_a_file_says_month_day_and_every_change(standard_doc: StandardDoc) -> None:
    found = parse_changes(TEXT, standard_doc)
    assert (found.month, found.effective_on) == ("2026-12", dt.date(2026, 12, 1))
    new = Item(code="C06", name="文明养猫劝导", points=5, record="checkin")
    assert [entry.change for entry in found.entries] == [
        Change("B05", Field.POINTS, 20, 25),
        Change("B05", Field.LIMIT, ItemLimit(n=4, per="month"), None),
        Change("C06", Field.ADDED, None, Placed(class_code="C", item=new)),
        Change("D05", Field.WITHDRAWN, items_of(standard_doc)["D05"], None),
    ]
    assert found.entries[0].reason == "夜间值守多"


@pytest.mark.parametrize(
    ("was", "is_"),
    [
        ("month: 2026-12\n", ""),
        ("changes:", "more: 1\nchanges:"),
        ("field: points", "field: colour"),
        ("new: 25", "new: many"),
        ("per: month", "per: hour"),
        ("2026-12-01", "tomorrow"),
        ("reason: 夜间值守多}", "reason: 夜间值守多"),
        ("code: D05", "code: Z05"),
    ],
)
def test_what_is_wrong_in_a_file_is_refused(standard_doc: StandardDoc, was: str, is_: str) -> None:
    with pytest.raises(AdjustError):
        parse_changes(TEXT.replace(was, is_), standard_doc)
