"""What deeds come to in a period, and how a change of some changes it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec import Struct

from linli.ledger.journal.deed import POSTED, Deed
from linli.ledger.journal.reconciling import Reconciled
from linli.ledger.people.directory import Holder
from linli.sync.periods import RANKED, period_key

Key = tuple[str, str]
"""(period, account)."""


class Sum(Struct, frozen=True, gc=False):
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


class Step(Struct, frozen=True, gc=False):
    """How a standing changes: what is added to it, the newest moment that came and the newest that
    went."""

    pending: int
    posted: int
    came: dt.datetime | None
    went: dt.datetime | None

    def plus(self, other: Step) -> Step:
        """Both together."""
        return Step(
            self.pending + other.pending,
            self.posted + other.posted,
            _newer(self.came, other.came),
            _newer(self.went, other.went),
        )


def steps_of(deeds: Reconciled, holders: Mapping[str, Holder]) -> dict[Key, Step]:
    """How these changes move the standings of the deeds' bearers."""
    steps: dict[Key, Step] = {}
    for kept in deeds.before.values():
        if kept.counts:
            posted, pending = _points(kept)
            _add(steps, kept, holders, Step(-pending, -posted, None, kept.done_at))
    for kept in deeds.after.values():
        if kept.counts:
            posted, pending = _points(kept)
            _add(steps, kept, holders, Step(pending, posted, kept.done_at, None))
    return steps


def _points(of: Deed) -> tuple[int, int]:
    """Posted and pending."""
    return (of.points, 0) if of.state == POSTED else (0, of.points)


def _add(steps: dict[Key, Step], of: Deed, holders: Mapping[str, Holder], step: Step) -> None:
    bearer = holders[of.account].bearer
    for period in periods_of(of.day):
        key = (period, bearer)
        known = steps.get(key)
        steps[key] = step if known is None else known.plus(step)


def _newer(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    if one is None or other is None:
        return one or other
    return max(one, other)


def reached_after(known: Sum | None, step: Step) -> dt.datetime | None:
    """The newest deed that counts now; None where that cannot be told from these."""
    if step.went is None or (known is not None and step.went < known.reached_at):
        return _newer(step.came, None if known is None else known.reached_at)
    return step.came if step.came is not None and step.came >= step.went else None
