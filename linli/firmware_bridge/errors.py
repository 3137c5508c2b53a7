"""What can go wrong between the terminal and its board."""

from __future__ import annotations


class BoardError(Exception):
    """The board did not do as told; the text says what was seen."""


class LineGoneError(BoardError):
    """The line cannot be opened or was pulled out. From a request: nothing was sent, so nothing
    happened. Trying again later may help."""


class NoAnswerError(BoardError):
    """It was sent, and no sound answer came: it may have been done or not."""


class MalformedAnswerError(BoardError):
    """An answer came that makes no sense: the board's firmware and this program do not fit."""


class UnsuitableBoardError(BoardError):
    """It is a board of ours, and not one that this program can work with; the text says what to
    update or what it lacks."""


class RefusedError(BoardError):
    """The board answered that it does not do this; `group` and `code` as in docs/protocol.md."""

    def __init__(self, group: int, code: int) -> None:
        super().__init__(f"the board refused: group {group}, code {code}")
        self.group, self.code = group, code
