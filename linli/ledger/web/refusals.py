"""What a page cannot do, in the words of whoever asked."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """Ends a request with this status and this sentence in Chinese: what happened, what to do."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class LoginNeeded(Exception):  # noqa: N818 - it is an answer, not a fault
    """Nobody is logged in: `to` is the page that lets them in."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


class DoneBefore(Exception):  # noqa: N818 - it is an answer, not a fault
    """The form was taken already, and is not taken twice: on to the page `to`, which says so."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to
