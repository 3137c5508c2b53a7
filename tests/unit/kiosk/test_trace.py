"""A tap's marks, and that the ledger's answer is said under its name."""

from __future__ import annotations

import io
import json

from structlog.testing import capture_logs

from linli.kiosk.trace import AWAITED, Trace


def test_the_ledgers_answer_is_marked_once_for_each_tap_that_it_covers() -> None:
    out = io.StringIO()
    trace = Trace(out)
    for seq in (1, 2, 3):
        trace.committed(f"t{seq}", seq, float(seq))
    with capture_logs() as logs:
        trace.confirmed(2, 5.0)
        trace.confirmed(2, 6.0)
        trace.confirmed(3, 7.0)
    assert [one["traces"] for one in logs] == [["t1", "t2"], ["t3"]]
    marks = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(m["trace"], m["monotonic"]) for m in marks if m["what"] == "confirmed"] == [
        *(("t1", 5.0), ("t2", 5.0)),
        ("t3", 7.0),
    ]


def test_weeks_without_a_network_pile_up_no_names() -> None:
    trace = Trace()
    for seq in range(AWAITED * 2):
        trace.committed("t", seq, 0.0)
    with capture_logs() as logs:
        trace.confirmed(10**6, 1.0)
    assert len(logs[0]["traces"]) == AWAITED
