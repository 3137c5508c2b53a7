"""Reading a points standard."""

from __future__ import annotations

import datetime as dt

import pytest

from linli.ledger.standard.document import StandardError, parse_standard
from linli.sync.messages import ItemLimit, StandardDoc

GOOD = """\
version: 2026-01
effective_from: 2026-01-01
classes:
  - code: A
    name: 理论宣讲
    items:
      - {code: A01, name: 学习, points: 5, record: checkin, duration_min: 45}
      - {code: A02, name: 宣讲, points: 20, record: declare, limit: {n: 2, per: month}}
"""


def test_the_starting_standard_has_7_classes_and_35_items(standard_doc: StandardDoc) -> None:
    assert len(standard_doc.classes) == 7
    assert sum(len(class_.items) for class_ in standard_doc.classes) == 35
    assert standard_doc.effective_from == dt.date(2026, 1, 1)


def test_every_field_of_an_item_is_read() -> None:
    doc = parse_standard(GOOD)
    first, second = doc.classes[0].items
    assert (first.code, first.name, first.points, first.record) == ("A01", "学习", 5, "checkin")
    assert (first.duration_min, first.limit) == (45, None)
    assert (second.duration_min, second.limit) == (None, ItemLimit(n=2, per="month"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("points: 5", "points: 0", "line 7: points is 0; expected a whole number above 0"),
        ("points: 5", "points: five", "line 7: points is 'five'"),
        ("duration_min: 45", "duration_min: 600000", "no terminal could read it"),
        ("points: 5, ", "", "line 7: points is missing"),
        ("points: 5", "points: 5.5", "line 7: points is '5.5'"),
        ("points: 5", "points: 5, points: 6", "line 7: points is given twice"),
        ("points: 5", "point: 5", "line 7: point is not known here"),
        ("record: checkin", "record: tap", "line 7: record is 'tap'; expected one of checkin"),
        ("per: month", "per: decade", "line 8: per is 'decade'"),
        ("{n: 2, per: month}", "2", "line 8: limit is"),
        ("code: A02", "code: A01", "line 8: code A01 is already used on line 7"),
        ("code: A02", "code: A", "line 8: code A is already used on line 4"),
        ("effective_from: 2026-01-01", "effective_from: 2026-13-01", "line 2: effective_from"),
        ("effective_from: 2026-01-01", "effective_from: soon", "line 2: effective_from"),
        ("version: 2026-01\n", "", "version is missing"),
        ("version: 2026-01", "version: 2026", "line 1: version is 2026; expected a text"),
        ("name: 理论宣讲", "name: ''", "line 5: name"),
        ("classes:", "classes: [", "not readable as YAML"),
        (GOOD, "", "line 1"),
        (GOOD, "- 1\n", "line 1"),
    ],
)
def test_a_wrong_standard_is_refused_with_line_and_field(old: str, new: str, says: str) -> None:
    with pytest.raises(StandardError) as refused:
        parse_standard(GOOD.replace(old, new, 1))
    assert says in str(refused.value)
