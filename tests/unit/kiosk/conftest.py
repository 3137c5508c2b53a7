"""The fixtures that several of the terminal's tests share."""

from doubles.attending import open_centre
from doubles.host_board import board

__all__ = ["board", "open_centre"]
