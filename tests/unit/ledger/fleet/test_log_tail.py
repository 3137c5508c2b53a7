"""Lines of followed logs are kept in their order, for a while, and not without end."""

from __future__ import annotations

from linli.ledger.fleet.jobs.log_tail import MOST_LINES, MOST_TAILS, Line, LogTail


def test_lines_are_numbered_and_a_gap_shows() -> None:
    tail = LogTail()
    tail.add("job", 1, ["a", "b"])
    tail.add("job", 1, ["again"])
    tail.add("job", 4, ["c"])
    assert tail.after("job", 1) == [Line(2, "b"), Line(3, "c", missed=2)]


def test_a_terminal_that_never_stops_talking_fills_nothing() -> None:
    tail = LogTail()
    for number in range(1, MOST_LINES + 50):
        tail.add("job", number, ["x"])
    assert len(tail.after("job", 0)) == MOST_LINES
    for number in range(MOST_TAILS):
        tail.add(f"other-{number}", 1, ["y"])
    assert tail.after("job", 0) == []
    assert tail.after(f"other-{MOST_TAILS - 1}", 0)
