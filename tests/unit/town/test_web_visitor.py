"""What a browser of the town would send of a page's forms."""

from __future__ import annotations

from linli.town.web_visitor import Form, forms_of

PAGE = """
<form method="get" action="/seek"><input name="q" value="王"></form>
<form method="post"><input type="hidden" name="csrf" value="ab"><input name="why">
  <input type="radio" name="whom" value="one" checked><input type="radio" name="whom" value="all">
  <input type="checkbox" name="sure" value="yes"></form>
"""


def test_only_forms_that_are_posted_are_filled_in() -> None:
    assert len(forms_of(PAGE)) == 1


def test_what_is_to_be_chosen_is_sent_as_it_is_chosen_and_what_is_not_ticked_is_not_sent() -> None:
    (form,) = forms_of(PAGE)
    assert form == Form("", {"csrf": "ab", "why": "", "whom": "one"})
