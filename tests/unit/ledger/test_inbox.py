"""Batches that wait: whose turn it is, and what there is room for."""

from __future__ import annotations

from collections.abc import Iterable

from linli.ledger.ingest.inbox import SHARE, SHARE_BYTES, TOGETHER, Inbox
from linli.ledger.ingest.vouching import Message


def inbox(*names: str, room: int = 100) -> Inbox:
    made = Inbox(room)
    for number, name in enumerate(names):
        assert made.put(Message(name, str(number).encode()))
    return made


def names(messages: Iterable[Message]) -> str:
    return "".join(message.name for message in messages)


def test_batches_of_one_terminal_are_taken_together_and_then_it_is_the_next_ones_turn() -> None:
    waiting = inbox(*("ab" * (TOGETHER + 1)), "c")
    taken = [waiting.take() for _ in range(3)]
    assert [names(some) for some in taken] == ["a" * TOGETHER, "b" * TOGETHER, "cab"]
    assert [int(m.payload) for m in taken[0]] == [2 * n for n in range(TOGETHER)]


def test_there_is_room_again_for_what_was_taken() -> None:
    waiting = inbox("a", "b", room=2)
    assert not waiting.put(Message("c", b""))
    assert names(waiting.take()) == "ab"
    assert waiting.put(Message("c", b""))


def test_what_has_to_wait_is_put_back_behind_the_others_even_where_there_is_no_room() -> None:
    waiting = inbox("a", room=1)
    taken = waiting.take()
    assert waiting.put(Message("b", b""))
    waiting.put_back(taken)
    assert names(waiting.take()) == "ba"


def test_nothing_is_taken_after_the_time_is_over_or_it_is_closed() -> None:
    assert inbox().take(0) == []
    waiting = inbox("a")
    waiting.close()
    assert waiting.take() == []
    assert waiting.closed


def test_one_that_floods_takes_no_more_than_its_share_of_the_places() -> None:
    waiting = inbox(*("a" * SHARE))
    assert not waiting.put(Message("a", b"one more"))
    assert waiting.put(Message("b", b""))
    assert "b" in names(waiting.take()) + names(waiting.take()), "its turn is the next"
    assert waiting.put(Message("a", b"again"))


def test_large_batches_are_bounded_by_their_size_for_one_and_for_all() -> None:
    large = bytes(SHARE_BYTES // 2)
    waiting = Inbox(100, SHARE_BYTES + len(large))
    assert [waiting.put(Message("a", large)) for _ in range(3)] == [True, True, False]
    assert waiting.put(Message("b", large))
    assert not waiting.put(Message("c", b"x")), "all together are full"
    waiting.take()
    assert waiting.put(Message("c", large))
