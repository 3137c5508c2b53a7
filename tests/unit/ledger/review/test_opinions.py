"""When enough members agree, whatever the order in which they spoke."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linli.ledger.review.opinions import Choice, Interest, latest, may_decide, outcome

POST, VOID, RETURN = Choice.POST, Choice.VOID, Choice.RETURN
OPINIONS = st.dictionaries(st.sampled_from("abcdefg"), st.sampled_from(Choice))


def test_a_quorum_of_one_opinion_decides() -> None:
    assert outcome({"a": POST, "b": POST, "c": VOID}, 2) is POST


def test_without_a_quorum_nothing_is_decided() -> None:
    assert outcome({"a": POST, "b": VOID}, 2) is None


def test_two_opinions_that_are_even_leave_it_open() -> None:
    assert outcome({"a": POST, "b": POST, "c": VOID, "d": VOID}, 2) is None


def test_nobody_decides_on_their_own_deed() -> None:
    assert may_decide("a", Interest("a")) == "their own"


def test_who_recorded_a_deed_does_not_review_it() -> None:
    assert may_decide("a", Interest("b", frozenset({"a"}))) == "recorded by them"


def test_others_may() -> None:
    assert may_decide("a", Interest("b", frozenset({"c"}))) == ""


def test_the_last_word_of_a_member_counts() -> None:
    assert latest([("a", 2, VOID), ("a", 1, POST), ("b", 1, POST)]) == {"a": VOID, "b": POST}


@given(OPINIONS, st.integers(1, 7))
def test_what_is_decided_has_a_quorum_and_more_voices_than_any_other(
    opinions: dict[str, Choice], quorum: int
) -> None:
    decided = outcome(opinions, quorum)
    voices = [list(opinions.values()).count(choice) for choice in Choice]
    if decided is None:
        assert max(voices) < quorum or voices.count(max(voices)) > 1
    else:
        assert list(opinions.values()).count(decided) == max(voices) >= quorum
        assert voices.count(max(voices)) == 1


@given(OPINIONS, st.integers(1, 7), st.sampled_from("abcdefg"))
def test_one_more_voice_for_what_is_decided_never_undoes_it(
    opinions: dict[str, Choice], quorum: int, who: str
) -> None:
    decided = outcome(opinions, quorum)
    if decided is not None:
        assert outcome({**opinions, who: decided}, quorum) is decided
