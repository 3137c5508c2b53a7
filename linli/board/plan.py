"""What staff want on their boards, and what holds where they have not said. Pure."""

from __future__ import annotations

import datetime as dt

from linli.board.state import Tab
from linli.sync.messages import BoardPage, BoardPlanRow
from linli.sync.periods import SHANGHAI

SECONDS = {
    Tab.RESIDENT: 15,
    Tab.CADRE: 15,
    Tab.UNIT: 15,
    Tab.BUILDING: 15,
    Tab.DEEDS: 15,
    Tab.NOTICE: 20,
    Tab.TOMORROW: 15,
    Tab.STORY: 25,
    Tab.STANDARD: 20,
    Tab.SHOP: 20,
}
"""How long a page is shown: what is read stays longer than what is seen, and ten lines are found
and read by old eyes."""

DEFAULT = BoardPlanRow(
    pages=[BoardPage(page=tab.value, seconds=SECONDS[tab]) for tab in Tab],
    periods=["month", "week", "year"],
    dim_from="22:00",
    dim_until="06:00",
    dim_percent=60,
)


def pages_at(plan: BoardPlanRow, now: dt.datetime) -> dict[Tab, int]:
    """The pages that run at a moment, each with its seconds, in their order."""
    known = {tab.value: tab for tab in Tab}
    clock = clock_of(now)
    return {
        known[one.page]: one.seconds
        for one in plan.pages
        if one.page in known and within(one.first, one.last, clock)
    }


def darkness(plan: BoardPlanRow, now: dt.datetime) -> float:
    """How much darker the picture is, 0 by day."""
    if plan.dim_from == plan.dim_until or not within(plan.dim_from, plan.dim_until, clock_of(now)):
        return 0.0
    return plan.dim_percent / 100


def within(first: str, last: str, clock: str) -> bool:
    """From `first` on and before `last`; over midnight where that is earlier. The whole day where
    both are alike."""
    if first < last:
        return first <= clock < last
    return first == last or clock >= first or clock < last


def clock_of(now: dt.datetime) -> str:
    return f"{now.astimezone(SHANGHAI):%H:%M}"
