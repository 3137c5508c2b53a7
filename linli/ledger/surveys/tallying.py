"""Counts answers without names. Pure.

Fewer than five answers are never broken out: in a small group everybody knows who said what. What
is left when the other groups are taken from all must not be such a group either, so where it would
be, the smallest group beside it is not broken out as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linli.ledger.surveys.questions import SCALE, Answer, Kind, Question

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """`counts` are as many as there are choices, or steps of the scale; None for words, and where
    fewer than five answered. `words` are in the order of the alphabet: not of who came when."""

    answered: int
    counts: tuple[int, ...] | None = None
    words: tuple[str, ...] = ()


def tally(question: Question, answers: Sequence[Answer]) -> Tally:
    """What was said to one question."""
    if len(answers) < FEWEST:
        return Tally(len(answers))
    if question.kind is Kind.TEXT:
        return Tally(len(answers), words=tuple(sorted(str(said) for said in answers)))
    counts = Counter(one for said in answers for one in _chosen(said))
    steps = SCALE if question.kind is Kind.SCALE else range(len(question.choices))
    return Tally(len(answers), tuple(counts[step] for step in steps))


def broken_out(question: Question, groups: Mapping[str, Sequence[Answer]]) -> dict[str, Tally]:
    """The same group by group: a group whose answers are not for everybody's eyes has its number
    only. Words are never broken out."""
    sizes = {name: len(answers) for name, answers in groups.items()}
    hidden = hidden_groups(sizes)
    if question.kind is Kind.TEXT:
        hidden = frozenset(sizes)
    return {
        name: Tally(sizes[name]) if name in hidden else tally(question, answers)
        for name, answers in groups.items()
    }


def hidden_groups(sizes: Mapping[str, int]) -> frozenset[str]:
    """The groups that are not broken out: together they are nobody, or five at least, or all."""
    hidden = {name for name, size in sizes.items() if size < FEWEST}
    shown = sorted((size, name) for name, size in sizes.items() if size >= FEWEST)
    if 0 < sum(sizes[name] for name in hidden) < FEWEST and shown:
        hidden.add(shown[0][1])
    return frozenset(hidden)


def _chosen(said: Answer) -> list[int]:
    if isinstance(said, list):
        return said
    return [said] if isinstance(said, int) else []
