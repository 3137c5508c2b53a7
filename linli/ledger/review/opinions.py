"""When a panel has decided: enough members who may decide are of one opinion. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Choice(StrEnum):
    """What a member wants done with a deed."""

    POST = "post"
    VOID = "void"
    RETURN = "return"


NEEDS_REASON = frozenset({Choice.VOID, Choice.RETURN})
"""The person is told why."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a community's panel. `account` is their own: they do deeds too."""

    account: str
    role: str
    stands_for: str


@dataclass(frozen=True, slots=True)
class Interest:
    """Who has something to do with a deed: its bearer, and those who wrote it down or signed it."""

    bearer: str
    recorders: frozenset[str] = frozenset()


def may_decide(member: str, interest: Interest) -> str:
    """Empty where the member may; otherwise why not: nobody decides on their own deeds, and who
    recorded one is never its reviewer."""
    if member == interest.bearer:
        return "their own"
    if member in interest.recorders:
        return "recorded by them"
    return ""


def outcome(opinions: Mapping[str, Choice], quorum: int) -> Choice | None:
    """What the panel has decided by these opinions, one of each member who may decide; None
    while no choice has a quorum. Where two have one, the more numerous counts, and at a tie none:
    the members must talk."""
    counts = Counter(opinions.values()).most_common()
    if not counts or counts[0][1] < quorum:
        return None
    if len(counts) > 1 and counts[1][1] == counts[0][1]:
        return None
    return counts[0][0]


def latest(turns: Iterable[tuple[str, int, Choice]]) -> dict[str, Choice]:
    """Each member's last word, from (member, turn, choice)."""
    return {member: choice for member, _, choice in sorted(turns, key=lambda t: (t[0], t[1]))}
