"""Which page the board shows after which, and how long. Pure.

Every second page is a live ranking, one kind after the other: it is what people look for. Between
them come all others, and the rankings of other periods. A page with nothing to show is left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from linli.board.plan import SECONDS, pages_at
from linli.board.state import RANKINGS, Tab
from linli.sync.messages import BoardPlanRow


@dataclass(frozen=True)
class Page:
    """What is shown. `per` is a ranking's period; `item` is which story, or which part of a list
    that is longer than a page."""

    tab: Tab = Tab.RESIDENT
    per: str = "month"
    item: str = ""


@dataclass(frozen=True)
class Step:
    """One place of a round: of several `pages`, each round shows the next."""

    pages: tuple[Page, ...]
    seconds: int


@dataclass(frozen=True)
class Shown:
    """What there is to show: rankings with somebody in them, by kind and period, and the items of
    every other page."""

    rankings: frozenset[tuple[Tab, str]]
    items: dict[Tab, tuple[str, ...]]


@dataclass(frozen=True)
class Place:
    """How far the board has turned."""

    step: int = 0
    round: int = 0


def rotation(plan: BoardPlanRow, shown: Shown, now: dt.datetime) -> tuple[Step, ...]:
    """One round. Never empty: with nothing else, the first ranking invites people."""
    seconds = pages_at(plan, now)
    kinds = [tab for tab in seconds if tab in RANKINGS]
    ranked = [
        [Step((Page(tab, per),), seconds[tab]) for tab in kinds if (tab, per) in shown.rankings]
        for per in plan.periods or ["month"]
    ]
    live, rest = ranked[0], [step for steps in ranked[1:] for step in steps]
    if not live:
        first = kinds[0] if kinds else Tab.RESIDENT
        live = [Step((Page(first, (plan.periods or ["month"])[0]),), SECONDS[first])]
    others = [
        Step(tuple(Page(tab, item=item) for item in shown.items[tab]), seconds[tab])
        for tab in seconds
        if shown.items.get(tab)
    ]
    return tuple(_interleaved(live, [*_alternating(others, rest)]))


def page_at(steps: Sequence[Step], place: Place) -> tuple[Page, int]:
    """The page of a place and its seconds, also where the round has become shorter meanwhile."""
    step = steps[place.step % len(steps)]
    return step.pages[place.round % len(step.pages)], step.seconds


def following(steps: Sequence[Step], place: Place) -> Place:
    if place.step + 1 < len(steps):
        return Place(place.step + 1, place.round)
    return Place(0, place.round + 1)


def _interleaved(live: Sequence[Step], others: Sequence[Step]) -> Iterator[Step]:
    for number in range(max(len(live), len(others))):
        yield live[number % len(live)]
        if number < len(others):
            yield others[number]


def _alternating(one: Sequence[Step], other: Sequence[Step]) -> Iterator[Step]:
    for pair in zip_longest(one, other):
        yield from (step for step in pair if step is not None)
