"""How the terminals were looked after is told, and decides with all else whether a day was good."""

from __future__ import annotations

import json

import pytest

from linli.commands.demo import upkeep_table
from linli.town.outposts import NAMES, next_version
from linli.town.report import Report
from linli.town.upkeep import Kept, Step
from linli.town.welcome import for_maintainers

DAY = Report(
    taps=20,
    committed=38,
    applied=38,
    duplicates=0,
    lost=0,
    ledger_ok=True,
    tap_commit_ms=None,
    tap_frame_ms=None,
    tap_board_ms=None,
    unknown_cards=0,
    deeds=7,
    points=75,
    parked=0,
)
REFUSED = "refused within 2 s"


@pytest.mark.parametrize(("outcome", "good"), [(REFUSED, True), ("Success", False)])
def test_a_day_is_good_where_every_step_ended_as_expected(outcome: str, good: bool) -> None:
    told = DAY.with_upkeep([Kept(Step.BLOCK, "clerk", outcome, REFUSED)])
    assert DAY.good
    assert told.good is good
    assert json.loads(told.as_json())["upkeep"] == [
        {
            "step": Step.BLOCK.value,
            "who": "clerk",
            "outcome": outcome,
            "expected": REFUSED,
            "ok": good,
        }
    ]
    assert ("NOT AS EXPECTED" in upkeep_table(told)) is not good


def test_a_guest_is_told_what_there_is_to_look_after() -> None:
    said = for_maintainers(next_version())
    assert all(word in said for word in (NAMES[0], NAMES[-1], next_version(), "批量更新"))
