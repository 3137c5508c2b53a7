"""The fixture that the tests of the board share."""

from doubles.board_bench import bench

__all__ = ["bench"]
