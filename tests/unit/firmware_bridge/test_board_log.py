"""The board's log, against its real firmware in virtual time."""

from __future__ import annotations

from doubles.board_bench import NONCE, Bench

from linli.devices.simulated.board_pins import Cut, Word
from linli.firmware_bridge.board_log import START, Cursor, EventKind


def test_the_log_tells_what_happened_in_order(bench: Bench) -> None:
    bench.board.open(2, NONCE)
    bench.outcome()
    bench.line.pause(31)
    bench.cabinet.push_shut(2)
    bench.chip.surroundings.tamper = True
    bench.line.pause(0.1)
    assert bench.kinds() == [
        (EventKind.BOOT, 0),
        (EventKind.DOOR_OPENED, 2),
        (EventKind.DOOR_LEFT_OPEN, 2),
        (EventKind.DOOR_CLOSED, 2),
        (EventKind.TAMPER, 1),
    ]


def test_the_log_is_read_on_from_the_cursor_over_a_reset(bench: Bench) -> None:
    first = bench.board.events()
    assert (first.cursor, first.more, first.lost) == (Cursor(1, 1), False, False)
    bench.board.reset()
    bench.line.pause(0.05)
    second = bench.board.events(first.cursor)
    assert [(e.boot, e.sequence, e.kind) for e in second.events] == [(2, 1, EventKind.BOOT)]
    assert bench.board.events(second.cursor).events == ()
    assert bench.board.events(second.cursor).cursor == second.cursor


def test_a_long_log_is_read_in_stretches_without_gaps(bench: Bench) -> None:
    for _ in range(20):
        bench.cabinet.pull_open(1)
        bench.line.pause(0.02)
        bench.cabinet.push_shut(1)
        bench.line.pause(0.02)
    numbers, cursor, more = [], START, True
    while more:
        events = bench.board.events(cursor, most=7)
        numbers += [event.sequence for event in events.events]
        cursor, more = events.cursor, events.more
    assert numbers == list(range(1, 42))


def shake(bench: Bench, times: int) -> None:
    """Two events each."""
    for _ in range(times):
        bench.cabinet.pull_open(1)
        bench.line.pause(0.02)
        bench.cabinet.push_shut(1)
        bench.line.pause(0.02)


def read_all(bench: Bench, after: Cursor = START) -> tuple[list[tuple[int, int]], bool]:
    read, lost, more = [], False, True
    while more:
        events = bench.board.events(after)
        read += [(event.boot, event.sequence) for event in events.events]
        after, more, lost = events.cursor, events.more, lost or events.lost
    return read, lost


def test_events_that_were_overwritten_are_told_as_lost(bench: Bench) -> None:
    shake(bench, 150)
    assert read_all(bench) == ([(1, n) for n in range(1, 302)], False)
    shake(bench, 100)
    read, lost = read_all(bench)
    assert lost
    assert read == [(1, n) for n in range(502 - len(read), 502)]
    assert len(read) >= 300
    oldest = read[0][1]
    assert bench.board.events(Cursor(1, oldest - 2)).lost
    assert not bench.board.events(Cursor(1, oldest - 1)).lost


def cut_while_logging(bench: Bench, kept: bytes, write: int, where: Cut) -> bool:
    """Whether the oldest events were lost, and told as such. Nothing may be lost silently."""
    bench.chip.power_down()
    bench.chip.memory.fill(0, kept)
    bench.chip.power_up()
    before, _ = read_all(bench)
    bench.chip.memory.cut(write, where)
    shake(bench, 15)
    assert bench.chip.dead
    bench.cabinet.push_shut(1)
    bench.chip.power_up()
    after, lost = read_all(bench)
    assert after[-1] == (3, 1)
    assert after == sorted(set(after))
    assert lost is (after[0] != (1, 1))
    assert [event for event in before if event >= after[0]] == [
        event for event in after if event <= before[-1]
    ]
    return lost


def test_power_cut_at_any_write_while_the_log_lets_its_oldest_go_loses_nothing_silently(
    bench: Bench,
) -> None:
    while bench.chip.memory[Word.WRITES] < 350:
        shake(bench, 1)
    kept = bench.chip.memory.flash()
    lost = [cut_while_logging(bench, kept, write, where) for write in range(1, 25) for where in Cut]
    assert lost[0] is False
    assert lost[-1] is True
