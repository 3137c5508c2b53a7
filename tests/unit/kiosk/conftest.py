"""The fixture of the attendant's tests."""

from doubles.attending import open_centre

__all__ = ["open_centre"]
