"""What differs between two versions, and what a set of changes makes of one."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from linli.ledger.standard.applying import apply
from linli.ledger.standard.changes import Change, Field, Placed, difference, read_value, written
from linli.ledger.standard.codes import misused, next_code
from linli.ledger.standard.counting import Adjusted, adjusted
from linli.ledger.standard.faults import AdjustError, Fault
from linli.sync.messages import Item, ItemClass, ItemLimit, StandardDoc

NEXT = dt.date(2026, 12, 1)


def item(code: str, points: int = 10, **more: object) -> Item:
    return Item(code=code, name=f"事项{code}", points=points, record="checkin", **more)  # type: ignore[arg-type]


def doc(*classes: tuple[str, list[Item]], version: str = "old") -> StandardDoc:
    return StandardDoc(
        version=version,
        effective_from=dt.date(2026, 1, 1),
        classes=[ItemClass(code=c, name=f"类别{c}", items=items) for c, items in classes],
    )


BASE = doc(("A", [item("A01"), item("A03", duration_min=30)]), ("B", [item("B01")]))


def made(*changes: Change, base: StandardDoc = BASE) -> StandardDoc:
    return apply(base, changes, "new", NEXT)


def refusal(*changes: Change, base: StandardDoc = BASE) -> Fault:
    with pytest.raises(AdjustError) as refused:
        made(*changes, base=base)
    return refused.value.fault


def added(code: str, class_code: str) -> Change:
    return Change(code, Field.ADDED, None, Placed(class_code=class_code, item=item(code)))


def withdrawn(code: str, of: Item | None = None) -> Change:
    placed = Placed(class_code=code[0], item=of or item(code))
    return Change(code, Field.WITHDRAWN, placed, None)


# --- what differs ----------------------------------------------------------------------------


def test_equal_versions_do_not_differ() -> None:
    assert difference(BASE, BASE) == ()


def test_each_field_that_differs_is_a_change_of_its_own() -> None:
    limit = ItemLimit(n=2, per="week")
    new = doc(("A", [item("A01", 20, limit=limit), item("A03")]), ("B", [item("B01")]))
    assert difference(BASE, new) == (
        Change("A01", Field.POINTS, 10, 20),
        Change("A01", Field.LIMIT, None, limit),
        Change("A03", Field.DURATION, 30, None),
    )


def test_an_item_that_came_and_one_that_went_are_whole_items() -> None:
    new = doc(("A", [item("A01"), item("A03", duration_min=30), item("A04")]), ("C", [item("C01")]))
    assert difference(BASE, new) == (
        Change("C", Field.CLASS_NAME, None, "类别C"),
        Change("B", Field.CLASS_NAME, "类别B", None),
        added("A04", "A"),
        added("C01", "C"),
        withdrawn("B01"),
    )


def test_an_item_that_moved_to_another_class_changed_its_class() -> None:
    new = doc(("A", [item("A01")]), ("B", [item("B01"), item("A03", duration_min=30)]))
    assert difference(BASE, new) == (Change("A03", Field.CLASS, "A", "B"),)


CODES = [f"{letter}{number:02d}" for letter in "ABC" for number in range(1, 5)]
LIMITS = st.none() | st.builds(
    ItemLimit, n=st.integers(1, 9), per=st.sampled_from(["week", "year"])
)


@st.composite
def documents(draw: st.DrawFn) -> StandardDoc:
    """Items by their codes in up to three classes, not always that of their letter."""
    codes = sorted(draw(st.sets(st.sampled_from(CODES), min_size=1)))
    found: dict[str, list[Item]] = {}
    for code in codes:
        of = draw(st.sampled_from([code[0], code[0], code[0], "C"]))
        limit, minutes = draw(LIMITS), draw(st.none() | st.just(30))
        found.setdefault(of, []).append(
            item(code, draw(st.sampled_from([5, 10])), limit=limit, duration_min=minutes)
        )
    return doc(*sorted(found.items()))


def unordered(of: StandardDoc) -> dict[str, tuple[str, dict[str, Item]]]:
    return {c.code: (c.name, {i.code: i for i in c.items}) for c in of.classes}


@given(documents(), documents())
def test_what_differs_between_two_versions_makes_the_second_of_the_first(
    old: StandardDoc, new: StandardDoc
) -> None:
    assert unordered(apply(old, difference(old, new), "new", NEXT)) == unordered(new)


@given(documents(), documents())
def test_a_change_that_was_written_down_is_read_back(old: StandardDoc, new: StandardDoc) -> None:
    for change in difference(old, new):
        for value in (change.old, change.new):
            assert read_value(change.field, written(value)) == value


# --- what a set makes ------------------------------------------------------------------------


def test_a_change_leaves_everything_else_as_it_was() -> None:
    new = made(Change("A01", Field.POINTS, 10, 20))
    assert (new.version, new.effective_from) == ("new", NEXT)
    assert new.classes[0].items == [item("A01", 20), item("A03", duration_min=30)]
    assert new.classes[1] == BASE.classes[1]


def test_a_new_item_stands_in_its_place_by_its_code() -> None:
    assert [i.code for i in made(added("A02", "A")).classes[0].items] == ["A01", "A02", "A03"]


def test_a_change_whose_old_value_is_not_what_the_version_says_is_stale() -> None:
    assert refusal(Change("A01", Field.POINTS, 5, 20)) is Fault.STALE


def test_a_change_of_an_item_that_is_not_there_is_refused() -> None:
    assert refusal(Change("Z99", Field.POINTS, 5, 20)) is Fault.NO_ITEM


def test_a_code_that_is_there_cannot_be_new() -> None:
    assert refusal(added("A01", "A")) is Fault.CODE_TAKEN


@pytest.mark.parametrize(
    "changes",
    [
        (Change("A01", Field.POINTS, 10, 20), Change("A01", Field.POINTS, 10, 5)),
        (Change("B01", Field.POINTS, 10, 20), withdrawn("B01")),
        (withdrawn("A01"), Change("A01", Field.ADDED, None, None)),
        (withdrawn("B01"),),
        (added("C01", "C"),),
    ],
    ids=["twice", "and withdrawn", "and new", "the class's last item", "no such class"],
)
def test_changes_that_cannot_both_be_meant_are_refused(changes: tuple[Change, ...]) -> None:
    assert refusal(*changes) is Fault.CONTRADICTORY


def test_points_that_no_message_can_carry_are_refused() -> None:
    assert refusal(Change("A01", Field.POINTS, 10, -5)) is Fault.BAD_VALUE


# --- codes -----------------------------------------------------------------------------------


def test_a_withdrawn_code_may_come_back_for_what_it_was() -> None:
    without = doc(("A", [item("A01")]), version="2")
    assert not list(misused([BASE, without, replace(BASE, version="3")]))


def test_a_withdrawn_code_may_not_come_back_for_something_else() -> None:
    without = doc(("A", [item("A01")]), version="2")
    other = doc(("A", [item("A01"), replace(item("A03"), name="另一件事")]), version="3")
    (wrong,) = misused([BASE, without, other])
    assert wrong.startswith("version 3: A03 cannot be 另一件事, as it was 事项A03")


def test_an_item_that_stays_may_be_called_otherwise() -> None:
    renamed = doc(("A", [replace(item("A01"), name="理论学习")]), version="2")
    assert not list(misused([BASE, renamed]))


def test_a_code_of_a_class_is_never_one_of_an_item() -> None:
    other = doc(("C", [item("A")]), version="2")
    assert list(misused([BASE, other])) == ["version 2: A is an item, but it was a class"]


def test_the_next_code_of_a_class_is_one_that_was_never_used() -> None:
    assert next_code("C", ["C", "C01", "C05", "D09"]) == "C06"
    assert next_code("C", []) == "C01"
    assert next_code("C", ["C99"]) == "C100"


# --- how much was adjusted -------------------------------------------------------------------


def test_an_item_changed_in_three_sets_is_one_item_and_as_many_entries_as_changes() -> None:
    points, limit = Change("A01", Field.POINTS, 10, 20), Change("A01", Field.LIMIT, None, None)
    renamed = Change("A", Field.CLASS_NAME, "甲", "乙")
    assert adjusted([[points, limit], [points], [added("B02", "B"), renamed]]) == Adjusted(2, 5)


def test_without_changes_nothing_was_adjusted() -> None:
    assert adjusted([[], []]) == Adjusted(0, 0)
