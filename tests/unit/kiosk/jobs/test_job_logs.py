"""The log is handed out, and followed for a while."""

from __future__ import annotations

import json

from doubles.clock import HandClock
from doubles.waiting import eventually, stays

from linli.kiosk.jobs.collecting import MOST, LogCollector
from linli.kiosk.log_lines import LogLines as Kept
from linli.sync.job_messages import RESULT_BYTES, CollectLogs, LogLines


def say(kept: Kept, count: int, error: str = "") -> None:
    kept.keep(None, "info", {"event": "one", "count": count, "error": error})


def test_the_newest_lines_are_the_result_a_json_object_each(clock: HandClock) -> None:
    kept = Kept()
    for number in range(5):
        say(kept, number)
    done = LogCollector("t-1", kept, lambda _: True, clock).begin("j", CollectLogs(lines=2))
    assert done
    assert [json.loads(line)["count"] for line in done.data.splitlines()] == [3, 4]


def test_lines_beyond_what_a_result_holds_are_left_out_from_the_oldest(clock: HandClock) -> None:
    kept = Kept()
    for number in range(1500):
        say(kept, number, "街" * 1900)
    done = LogCollector("t-1", kept, lambda _: True, clock).begin("j", CollectLogs(lines=2000))
    assert done
    assert len(done.data) <= RESULT_BYTES
    assert json.loads(done.data.splitlines()[-1])["count"] == 1499


def test_new_lines_are_said_for_a_while_and_a_flood_of_them_shows_as_a_gap(
    clock: HandClock,
) -> None:
    kept, said = Kept(), list[LogLines]()

    def hear(lines: LogLines) -> bool:
        said.append(lines)
        return True

    collector = LogCollector("t-1", kept, hear, clock)
    collector.begin("j", CollectLogs(follow_s=60))
    for number in range(MOST + 20):
        say(kept, number)
    eventually(lambda: said)
    assert [json.loads(line)["count"] for line in said[0].lines] == list(range(MOST))
    say(kept, 1000)
    eventually(lambda: len(said) == 2)
    assert [one.number for one in said] == [1, 3]
    clock.pass_(seconds=61)
    eventually(lambda: not kept._followers)
    say(kept, 1001)
    stays(lambda: len(said) == 2)
