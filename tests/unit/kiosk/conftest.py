"""The fixtures that several of the terminal's tests share."""

from doubles.attending import open_centre
from doubles.dispensing import poor, stand
from doubles.host_board import board

__all__ = ["board", "open_centre", "poor", "stand"]
