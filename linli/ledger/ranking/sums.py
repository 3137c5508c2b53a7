"""What deeds come to in a period, and how a change of some changes it. Pure."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from linli.ledger.journal.deed import POSTED, Deed
from linli.ledger.journal.reconciling import Reconciled
from linli.ledger.people.directory import Holder
from linli.sync.periods import RANKED, period_key

Key = tuple[str, str]
"""(period, account)."""


class Sum(Struct, frozen=True):
    """What an account has in one period. `reached_at` is when the newest deed counted was done."""

    pending: int
    posted: int
    reached_at: dt.datetime

    @property
    def points(self) -> int:
        return self.pending + self.posted

    def plus(self, other: Sum) -> Sum:
        """Both together."""
        reached_at = max(self.reached_at, other.reached_at)
        return Sum(self.pending + other.pending, self.posted + other.posted, reached_at)


@lru_cache(4096)
def periods_of(day: str) -> tuple[str, ...]:
    """The periods a deed of that business day counts in."""
    return tuple(period_key(dt.date.fromisoformat(day), per) for per in RANKED)


def sums(deeds: Iterable[Deed], holders: Mapping[str, Holder]) -> dict[Key, Sum]:
    """All standings that these deeds amount to, each their bearer's; `holders` are all who did
    them."""
    found: dict[Key, Sum] = {}
    for kept in deeds:
        if not kept.counts:
            continue
        is_posted = kept.state == POSTED
        for period in periods_of(kept.day):
            key = (period, holders[kept.account].bearer)
            old = found.get(key, Sum(0, 0, kept.done_at))
            found[key] = Sum(
                old.pending + (0 if is_posted else kept.points),
                old.posted + (kept.points if is_posted else 0),
                max(old.reached_at, kept.done_at),
            )
    return found


def ranked(totals: Mapping[Key, Sum], holders: Mapping[str, Holder]) -> dict[Key, Sum]:
    """Without those who are not ranked any more."""
    return {key: total for key, total in totals.items() if holders[key[1]].ranked}


# --- what a change adds and takes away ------------------------------------------------------


class Step:
    """How a standing changes: what is added to it, the newest moment that came and the newest that
    went."""

    __slots__ = ("came", "pending", "posted", "went")

    def __init__(self) -> None:
        self.pending, self.posted = 0, 0
        self.came: dt.datetime | None = None
        self.went: dt.datetime | None = None


def steps_of(deeds: Reconciled, holders: Mapping[str, Holder]) -> dict[Key, Step]:
    """How these changes move the standings of the deeds' bearers."""
    steps: dict[Key, Step] = defaultdict(Step)
    for kept in deeds.before.values():
        if kept.counts:
            for step in _of_deed(kept, steps, holders):
                if kept.state == POSTED:
                    step.posted -= kept.points
                else:
                    step.pending -= kept.points
                step.went = kept.done_at if step.went is None else max(step.went, kept.done_at)
    for kept in deeds.after.values():
        if kept.counts:
            for step in _of_deed(kept, steps, holders):
                if kept.state == POSTED:
                    step.posted += kept.points
                else:
                    step.pending += kept.points
                step.came = kept.done_at if step.came is None else max(step.came, kept.done_at)
    return steps


def _of_deed(kept: Deed, steps: dict[Key, Step], holders: Mapping[str, Holder]) -> Iterator[Step]:
    bearer = holders[kept.account].bearer
    return (steps[period, bearer] for period in periods_of(kept.day))


def reached_after(known: Sum | None, step: Step) -> dt.datetime | None:
    """The newest deed that counts now; None where that cannot be told from these."""
    if step.went is None or (known is not None and step.went < known.reached_at):
        stayed = None if known is None else known.reached_at
        return max((at for at in (step.came, stayed) if at is not None), default=None)
    return step.came if step.came is not None and step.came >= step.went else None
