"""One identity in use twice is seen by its starts and by forks of its chain, and shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linli.ledger.terminals.doubles import (
    BOOTS_KEPT,
    Sign,
    Start,
    alarms,
    count_alarms,
    hear,
    judge,
    settle,
)
from linli.sync.signing import GENESIS
from tests.unit.ledger.village import Village


def starts(village: Village, *boots: str) -> list[Start | None]:
    with village.engine.begin() as connection:
        return [hear(connection, "t1", boot, village.now) for boot in boots]


def signs(village: Village) -> list[tuple[Sign, int]]:
    with village.engine.connect() as connection:
        return [(one.kind, one.count) for one in alarms(connection, "village")]


@given(st.lists(st.text(min_size=1, max_size=4), unique=True, min_size=1))
def test_starts_that_follow_each_other_are_one_terminals(boots: list[str]) -> None:
    known: list[str] = []
    for boot in boots:
        assert judge(known, boot) is Start.NEW
        known.append(boot)
        assert judge(known, boot) is Start.SAME


@given(st.lists(st.text(min_size=1, max_size=4), unique=True, min_size=2), st.data())
def test_a_start_that_comes_back_is_anothers(boots: list[str], data: st.DataObject) -> None:
    earlier = data.draw(st.sampled_from(boots[:-1]))
    assert judge(boots, earlier) is Start.BACK


def test_restarts_raise_no_alarm(village: Village) -> None:
    assert starts(village, "one", "one", "two", "two", "three") == [
        Start.NEW,
        Start.SAME,
        Start.NEW,
        Start.SAME,
        Start.NEW,
    ]
    assert signs(village) == []


def test_two_cards_with_one_identity_are_seen_when_the_first_speaks_again(
    village: Village,
) -> None:
    assert starts(village, "one", "two", "one", "two", "one")[-1] is Start.BACK
    assert signs(village) == [(Sign.BOOT, 2)]


def test_a_fork_is_shown_and_nothing_of_it_is_lost(village: Village) -> None:
    village.send(village.check_in("a1", "patrol", "09:00"))
    copied = village.check_in("a2", "patrol", "09:05", seq=1)
    assert village.deliver(village.batch(copied, number=1, previous=GENESIS)) is None
    assert signs(village) == [(Sign.FORK, 1)]
    (parked,) = village.parked()
    assert (parked.reason, parked.signed) == ("fork", True)


def test_an_answer_names_the_batch_that_brought_the_last_event_it_covers(
    village: Village,
) -> None:
    first = village.batch(village.check_in("a1", "patrol", "09:00"))
    digest = village._previous
    second = village.batch(village.check_in("a2", "patrol", "09:05"))
    for payload, batch in ((first, 1), (second, 2), (first, 2)):
        answer = village.deliver(payload)
        assert answer is not None
        assert answer.batch == batch
        assert (answer.digest == digest) == (batch == 1)


def test_what_was_settled_is_shown_again_when_it_comes_again(village: Village) -> None:
    starts(village, "one", "two", "one")
    with village.engine.begin() as connection:
        assert settle(connection, "t1", "wangli", village.now) == 1
        assert count_alarms(connection, "village") == 0
    starts(village, "one")
    assert signs(village) == [(Sign.BOOT, 2)]


def test_a_name_that_nobody_has_is_not_kept(village: Village) -> None:
    with village.engine.begin() as connection:
        assert hear(connection, "t9", "one", village.now) is None
    assert signs(village) == []


def test_only_the_newest_starts_are_kept(village: Village) -> None:
    starts(village, *(f"boot-{number}" for number in range(BOOTS_KEPT + 2)))
    assert starts(village, "boot-0") == [Start.NEW]
    assert starts(village, f"boot-{BOOTS_KEPT}") == [Start.BACK]
