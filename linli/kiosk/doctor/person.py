"""The person beside the terminal, who can lay a card and hear a sound."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Question(StrEnum):
    """What the person is asked for; the first is only told, the reader answers it."""

    LAY_CARD = "lay-card"
    PRINT_SLIP = "print-slip"
    HEARD = "heard"


class Person(Protocol):
    there: bool
    """False: nobody is asked, and what takes a person is left out."""

    def tell(self, question: Question) -> None: ...

    def ask(self, question: Question) -> bool | None:
        """None where there is no answer."""


class Nobody:
    """Run by a timer, or from afar."""

    there = False

    def tell(self, question: Question) -> None:
        pass

    def ask(self, question: Question) -> bool | None:
        return None
