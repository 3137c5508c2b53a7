"""Which page the board shows after which, and how long. Plain values.

The rankings in turn, then the month on notice where one hangs, then one story: each round the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from linli.kiosk.board.state import RANKINGS, Tab

RANKING_S, NOTICE_S, STORY_S = 12.0, 15.0, 20.0
"""A story is read through without haste."""


@dataclass(frozen=True)
class Page:
    """What is shown. `story` is the one on show, or the one shown last."""

    tab: Tab = Tab.RESIDENT
    story: str = ""

    @property
    def seconds(self) -> float:
        if self.tab in RANKINGS:
            return RANKING_S
        return NOTICE_S if self.tab is Tab.NOTICE else STORY_S


def following(page: Page, *, notice: bool, stories: Sequence[str]) -> Page:
    """The page after this one, with what there is to show now."""
    tabs = [*RANKINGS, *[Tab.NOTICE] * notice, *[Tab.STORY] * bool(stories)]
    order = list(Tab)
    later = [tab for tab in tabs if order.index(tab) > order.index(page.tab)]
    tab = (later or tabs)[0]
    if tab is not Tab.STORY:
        return replace(page, tab=tab)
    at = stories.index(page.story) + 1 if page.story in stories else 0
    return Page(tab, stories[at % len(stories)])
