"""Who is proposed for an honour. Pure.

积分之星 goes by the year's posted points, 社区好邻居 by those earned in helping others. Of each the
first ten ranks of the people are proposed, equal points together. Whoever had a deed taken back in
that year is not proposed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from linli.sync.messages import Kind
from linli.sync.replica_reads import shared_ranks

PEOPLE = frozenset({Kind.RESIDENT, Kind.CADRE})
HELPING = frozenset({"D", "F"})
"""爱心帮扶 and 邻里互助 of the points standard."""
RANKS = 10


class Title(StrEnum):
    STAR = "star"
    NEIGHBOUR = "neighbour"


@dataclass(frozen=True, slots=True)
class Year:
    """What somebody did in a year: posted points by class of the standard, and deeds taken back."""

    account: str
    kind: Kind
    by_class: Mapping[str, int]
    taken_back: int


@dataclass(frozen=True, slots=True)
class Proposed:
    account: str
    rank: int
    points: int


def propose(years: Iterable[Year]) -> dict[Title, list[Proposed]]:
    """The candidates of each title, best first."""
    eligible = [year for year in years if year.kind in PEOPLE and not year.taken_back]
    points = {
        Title.STAR: {year.account: sum(year.by_class.values()) for year in eligible},
        Title.NEIGHBOUR: {
            year.account: sum(some for code, some in year.by_class.items() if code in HELPING)
            for year in eligible
        },
    }
    return {title: _first(of) for title, of in points.items()}


def _first(points: Mapping[str, int]) -> list[Proposed]:
    ordered = sorted(((a, p) for a, p in points.items() if p > 0), key=lambda x: (-x[1], x[0]))
    ranks = shared_ranks([some for _, some in ordered])
    return [
        Proposed(account, rank, some)
        for rank, (account, some) in zip(ranks, ordered, strict=True)
        if rank <= RANKS
    ]
